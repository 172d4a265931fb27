"""Trial pages of curemydisease.com, saved as HTML or as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from kg.records import REPORT, Loader, RawRecord, Version
from loaders.browser_trials import STATUS, claims, parse
from loaders.browsing import page_lines, page_version, read_page
from loaders.json_value import Json
from loaders.values import folded

NAME: Final = "curemydisease"

# Headings of the page, folded, and the field of what stands below; "" for what is left out.
HEADINGS: Final[dict[str, str]] = {
    "summary": "summary",
    "what this could mean": "",
    "active substance": "active_substances",
    "what this could lead to": "could_lead_to",
    "what could go wrong": "could_go_wrong",
    "disclaimer": "",
    "disclaimer read more": "",
    "get updates": "",
    "conditions": "conditions",
    "as listed by the trial registrant": "listed_conditions",
    "contacts and locations": "",
    "study contacts": "",
    "locations": "locations",
}
# What the page explains under its headings.
EXPLAINED: Final = (
    "The condition(s) this trial relates to",
    "The condition terms exactly as the trial",
    "Our plain-language read of the trial",
)

_SEEN = re.compile(r"First seen ([A-Z][a-z]{2,8} \d{1,2}, \d{4})")
_UPDATED = re.compile(r"Last updated ([A-Z][a-z]{2,8} \d{1,2}, \d{4})")
_BULLET = re.compile(r"^[•·*-]\s*")


def version(raw: RawRecord) -> Version:
    """Return what a page shows, or raise RecordError for one that is about no trial."""
    nct, page, lines = page_lines(raw, NAME)
    found = _sections(lines)
    head = " ".join(found.get("head", ()))
    seen, updated = _SEEN.search(head), _UPDATED.search(head)
    return page_version(
        {
            "nct": nct,
            "page": page,
            "title": _title(found.get("head", [])),
            "first_seen": seen[1] if seen else None,
            "last_updated": updated[1] if updated else None,
            "summary": "\n".join(found.get("summary", ())),
            "active_substances": found.get("active_substances", []),
            "could_lead_to": ["\n".join(found.get("could_lead_to", ()))],
            "could_go_wrong": ["\n".join(found.get("could_go_wrong", ()))],
            "conditions": found.get("conditions", []),
            "listed_conditions": found.get("listed_conditions", []),
            "sites": _sites(found.get("locations", [])),
        }
    )


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like a page of the browser."""
    return b"curemydisease" in head.lower() and b"NCT" in head


def _sections(lines: Sequence[str]) -> dict[str, list[str]]:
    """Divide the lines by the headings above them; what stands before the first is the head."""
    found: dict[str, list[str]] = {}
    name = "head"
    for line in lines:
        meant = HEADINGS.get(folded(line))
        if meant is not None:
            name = meant
        elif not line.startswith(EXPLAINED):
            found.setdefault(name, []).append(_BULLET.sub("", line))
    return found


def _title(head: Sequence[str]) -> str | None:
    """Return the line before the number; a saved page has the title of its tab before it."""
    before = []
    for line in head:
        if line.startswith("NCT"):
            break
        before.append(line)
    return before[-1] if before else None


def _sites(lines: Sequence[str]) -> list[Json]:
    """Return the sites: the facility stands above its status, city and country below it."""
    made = []
    for place, line in enumerate(lines):
        if folded(line) in STATUS and 0 < place < len(lines) - 1:
            city, _, country = lines[place + 1].rpartition(", ")
            made.append(
                {
                    "facility": lines[place - 1],
                    "status": line,
                    "city": city.split(", ")[0],
                    "country": country,
                }
            )
    return made


LOADER: Final = Loader(
    name=NAME,
    registry=None,
    standing=REPORT,
    release="1",
    title="curemydisease.com",
    reads="the page of one trial, saved as HTML or as text; it makes claims about the trial",
    obtain="the page of a trial at https://curemydisease.com, saved",
    licence="The site's own terms: read them before its sentences are republished",
    unread=("Contacts", "Disclaimer", "Get updates", "Study contacts"),
    read=partial(read_page, NAME),
    version=version,
    parse=parse,
    recognises=recognises,
    claims=claims,
)
