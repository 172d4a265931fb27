"""The page of one trial: what is tested on whom, where, and the words that each fact rests on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.responses import HTMLResponse

from kg.api.claims import compared
from kg.api.criteria import outlined
from kg.api.pages import local, page
from kg.api.searches import address
from kg.api.terms import explaining
from kg.find.labels import Labels
from kg.find.selection import selection
from kg.query.marking import grounds, in_context, value_text, warnings
from kg.query.trial import Construct, Finding, LayStatement, Site, Trial, Use
from kg.query.triples import Named
from kg.records import Record
from kg.resources import WEB
from kg.vocab import TKG

_FORMS = ("json", "ttl", "nt", "jsonld", "rdf", "schema.jsonld")
# Findings about a construct, in the order of the page; the others come behind.
_ORDER = (
    "type",
    "targets",
    "spares",
    "recruits",
    "targetLogic",
    "targetDisclosure",
    "effectorCell",
)
_DATES = {
    "startDate": "start",
    "primaryCompletionDate": "primary completion",
    "completionDate": "completion",
    "firstSubmitted": "first submitted",
    "firstPosted": "first posted",
    "lastUpdatePosted": "last update posted",
    "statusVerified": "status verified",
}


# A date that is told only where a registry does not give the other.
_INSTEAD = {"firstSubmitted": "firstPosted"}
_MOST_CHANGES = 200
_MANY_SITES = 40


@lru_cache(maxsize=1)
def _fields() -> dict[str, dict[str, str]]:
    """Return by source and fact the field of its records."""
    return msgspec.json.decode((WEB / "fields.json").read_bytes(), type=dict[str, dict[str, str]])


_TESTED = TKG.ExperimentalRole.value


class Step(Record, frozen=True):
    """A box of the drawing of a construct: what it says above, and the things in it."""

    title: str
    things: tuple[Named | str, ...]


class Drawing(Record, frozen=True):
    """A construct as a chain of boxes, from what it binds to where it is given.

    `kinds` are its modalities, `following` the classes that it belongs to by what it is. `tested`
    tells what the trial investigates from what it gives beside that, in which `roles`.
    """

    construct: Construct
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    kinds: tuple[Named, ...]
    following: tuple[Named, ...]
    tested: bool
    roles: tuple[str, ...]


def trial_page(trial: Trial, labels: Labels | None = None) -> HTMLResponse:
    """Return a trial as people would read it; `labels` explain the antigens that it names."""
    address = f"/trial/{trial.registry}/{trial.registry_id}"
    by_construct = {
        one.label: [use for use in trial.uses if use.construct == one.label]
        for one in trial.constructs
    }
    return page(
        "trial.html",
        trial=trial,
        title=trial.brief_title or trial.registry_id,
        notes=warnings(trial),
        lay=_lay(trial),
        drawings=sorted(
            (_drawing(one, by_construct[one.label]) for one in trial.constructs),
            key=lambda drawing: not drawing.tested,
        ),
        dates=[
            (name, said, trial.dates[name])
            for name, said in _DATES.items()
            if name in trial.dates and _INSTEAD.get(name) not in trial.dates
        ],
        countries=_countries(trial),
        open_sites=sum(site.open_for_enrolment for site in trial.sites),
        marks=list(_marks(trial.sites)),
        site_tables=_site_tables(trial.sites),
        criteria=outlined(trial.criteria),
        forms=[(name, f"{address}.{name}") for name in _FORMS],
        fields=_fields().get(trial.copied_from or trial.registry, {}),
        others=[(one, compared(trial, one)) for one in trial.other_records],
        most_changes=_MOST_CHANGES,
        explain=explaining(labels),
        grounds=grounds,
        in_context=in_context,
        value_text=value_text,
    )


def _drawing(construct: Construct, uses: list[Use]) -> Drawing:
    logic = construct.target_logic
    binds: tuple[Named | str, ...] = construct.targets or tuple(
        one for one in (construct.target_disclosure,) if one
    )
    source = tuple(_told(construct))
    arms = tuple(dict.fromkeys(use.arm or "arm not stated" for use in uses))
    given = Step("given in", arms)
    found = {one.value.iri for one in construct.findings if isinstance(one.value, Named)}
    kinds = tuple(one for one in construct.types if one.iri in found) or construct.types
    steps = (
        Step(
            "binds" + (f" ({logic.label})" if logic and len(construct.targets) > 1 else ""), binds
        ),
        Step("not where there is", construct.spares),
        Step("recruits", construct.recruits),
        Step("through", (construct.architecture,) if construct.architecture else ()),
        Step("also built in", tuple(one.label for one in construct.components)),
        Step("cell, source, donor", source),
        Step("carried by", construct.delivery_vehicle),
        given,
    )
    return Drawing(
        construct=construct,
        steps=tuple(step for step in steps if step.things),
        findings=tuple(sorted(construct.findings, key=_rank)),
        kinds=kinds,
        following=tuple(one for one in construct.types if one not in kinds),
        tested=any(use.role and use.role.iri == _TESTED for use in uses),
        roles=tuple(dict.fromkeys(use.role.label for use in uses if use.role)),
    )


def _told(construct: Construct) -> Iterator[Named | str]:
    """Yield cell, source and donor; of one that is not stated what it is."""
    parts = {
        "cell": construct.effector_cell,
        "source": construct.cell_source,
        "donor": construct.donor,
    }
    for said, value in parts.items():
        if value is not None and value.iri == TKG.NotStated.value:
            yield f"{said} not stated"
        elif value is not None and value.iri != TKG.NotApplicable.value:
            yield value


def construct_page(trial: Trial, iri: str) -> HTMLResponse | None:
    """Return a construct as people would read it; None where the trial has none of that IRI."""
    construct = next((one for one in trial.constructs if one.iri == iri), None)
    if construct is None:
        return None
    uses = [use for use in trial.uses if use.construct == construct.label]
    address_ = local(iri)
    return page(
        "construct.html",
        trial=trial,
        notes=warnings(trial),
        drawing=_drawing(construct, uses),
        alike=list(_alike(construct)),
        explore_href="/explore?" + urlencode({"node": iri}),
        forms=[(name, f"{address_}.{name}") for name in _FORMS[:-1]],
        grounds=grounds,
        in_context=in_context,
        value_text=value_text,
    )


def _alike(construct: Construct) -> Iterator[tuple[str, str]]:
    """Yield searches for trials of what this construct is, binds and is called."""
    antigens = tuple(one.iri.rpartition("/")[2] for one in construct.targets)
    for kind in construct.types:
        modality = kind.iri.rpartition("#")[2]
        said = f"{kind.label}, any target"
        values: dict[str, tuple[str, ...]] = {"modality": (modality,)}
        if antigens:
            values["antigen"] = antigens[:1]
            said = f"{kind.label} that binds {' and '.join(one.label for one in construct.targets)}"
        yield said, address("/trials", selection(values, both=antigens[1:]))
    if construct.product is not None and (href := local(construct.product.iri)) is not None:
        yield f"All trials of {construct.product.label}", href


_LAY = {
    "WhatIsTested": "What is tested",
    "CouldLeadTo": "What it could show",
    "CouldGoWrong": "What could go wrong",
}


def _lay(trial: Trial) -> list[tuple[str, list[LayStatement]]]:
    """Return the statements in plain words, under their headings."""
    sorted_out = {
        heading: [one for one in trial.lay_statements if one.kind and one.kind.curie.endswith(kind)]
        for kind, heading in _LAY.items()
    }
    return [(heading, found) for heading, found in sorted_out.items() if found]


def _rank(finding: Finding) -> int:
    return _ORDER.index(finding.property) if finding.property in _ORDER else len(_ORDER)


def _countries(trial: Trial) -> list[tuple[Named, int, int]]:
    """Return each country with how many of its sites there are, and how many are open."""
    found: dict[str, tuple[Named, int, int]] = {}
    for site in trial.sites:
        if site.country is not None:
            named, sites, open_sites = found.get(site.country.iri, (site.country, 0, 0))
            found[site.country.iri] = (named, sites + 1, open_sites + site.open_for_enrolment)
    return sorted(found.values(), key=lambda one: (-one[2], -one[1], one[0].label))


def _site_tables(sites: tuple[Site, ...]) -> list[tuple[str, list[Site]]]:
    """Return sites in tables, the open ones first; of many, the others under a heading."""
    ordered = sorted(sites, key=_place)
    opened = [site for site in ordered if site.open_for_enrolment]
    shut = [site for site in ordered if not site.open_for_enrolment]
    if len(ordered) <= _MANY_SITES:
        return [("", [*opened, *shut])]
    tables = [("", opened), ("sites that are not open", shut)]
    return [(heading, found) for heading, found in tables if found]


def _place(site: Site) -> tuple[str, ...]:
    return (
        site.country.label if site.country else "",
        site.city.label if site.city else "",
        site.as_listed or "",
        site.iri,
    )


def _marks(sites: tuple[Site, ...]) -> Iterator[dict[str, Any]]:
    for site in sites:
        if site.latitude is not None and site.longitude is not None:
            place = site.as_listed or (site.city.label if site.city else "a site")
            status = site.status.label if site.status else "status not stated"
            yield {
                "x": site.longitude,
                "y": -site.latitude,
                "title": f"{place}: {status}",
                "open": site.open_for_enrolment,
            }
