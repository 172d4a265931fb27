"""Trials for tests: made in a line, or read from the real records."""

import gzip
from functools import lru_cache
from pathlib import Path

from kg.records import Arm, Outcome, Site, Sponsor, Text, Trial
from loaders import LOADERS

FILES = ("ctgov_v2", "cart_oncology_2026-08-22", "cart_autoimmune_2026-08-22")


def text(raw: str, field: str = "/field") -> Text:
    return Text(field, raw, raw.replace("\\", ""))


def trial(**fields) -> Trial:
    return Trial(
        **{
            "registry": "clinicaltrials",
            "registry_id": "NCT00000001",
            "brief_title": text("A study", "/title"),
            **fields,
        }
    )


def with_conditions(*listed: str) -> Trial:
    return trial(conditions=tuple(text(each) for each in listed))


def with_criteria(raw: str) -> Trial:
    return trial(eligibility=text(raw, "/eligibility"))


def with_sites(*sites: Site) -> Trial:
    return trial(sites=sites)


def site(country="China", city=None, facility=None, state=None, at=(None, None)) -> Site:
    return Site("/site", country, facility, city, state, None, *at)


def with_sponsors(lead: str | None, *others: str) -> Trial:
    return trial(
        lead_sponsor=Sponsor(lead) if lead is not None else None,
        collaborators=tuple(Sponsor(name) for name in others),
    )


def with_outcome(measure: str, description: str | None = None) -> Trial:
    described = text(description, "/outcome/description") if description else None
    return trial(outcomes=(Outcome("primary", text(measure, "/outcome"), None, described),))


def with_arm(label: str, description: str) -> Trial:
    return trial(arms=(Arm(text(label, "/arm"), None, text(description, "/arm/text")),))


@lru_cache
def real_trials(shared: Path) -> tuple[Trial, ...]:
    loader = LOADERS["clinicaltrials"]
    found = []
    for name in FILES:
        with gzip.open(shared / "data" / "ctgov" / f"{name}.jsonl.gz", "rb") as source:
            found += [
                loader.parse(loader.version(raw).content) for raw in loader.read(source, name)
            ]
    return tuple(found)
