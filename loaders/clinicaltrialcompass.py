"""Trial pages of Clinical Trial Compass, saved as HTML or as text."""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from kg.records import REPORT, Loader, RawRecord, Version
from loaders.browser_trials import PHASE, STATUS, claims, parse
from loaders.browsing import page_lines, page_version, read_page

NAME: Final = "clinicaltrialcompass"

_SUMMARY: Final = "plain-language summary"
_CRITERIA: Final = "who can participate"
_NOT_A_CRITERION: Final = ("See this in plain English?", "AI-rewrites the medical criteria")
# How the head of a page begins: the status, then the phase, with or without a line between.
_STATUSES = "|".join(sorted((re.escape(one) for one in STATUS), key=len, reverse=True))
_PHASES = "|".join(sorted((re.escape(one) for one in PHASE), key=len, reverse=True))
_HEAD = re.compile(rf"(?P<status>{_STATUSES})?\s*(?P<phase>{_PHASES})?\s*", re.IGNORECASE)
_FACTS = re.compile(
    r"(?P<countries>.*?)\s*(?P<enrollment>\d[\d,]*) participants?"
    r"(?:\s*Started (?P<started>[\d-]{4,10}))?",
    re.DOTALL,
)
_AGES = re.compile(
    r"Age range\s*(?P<minimum>[^\n–]+?)\s*(?:[–-]\s*(?P<maximum>[^\n]+)|and older)?(?:\n|$)"
)
_SEX = re.compile(r"^Sex\s*(All|Female|Male)$", re.IGNORECASE | re.MULTILINE)


def version(raw: RawRecord) -> Version:
    """Return what a page shows, or raise RecordError for one that is about no trial."""
    nct, page, lines = page_lines(raw, NAME)
    lowered = [line.lower() for line in lines]
    summary = lowered.index(_SUMMARY) if _SUMMARY in lowered else len(lines)
    who = lowered.index(_CRITERIA) if _CRITERIA in lowered else len(lines)
    about = re.split(r"…| \(NCT", lines[0])[0].strip()
    title = next((at for at in range(1, summary) if lines[at].startswith(about)), 1)
    head = _HEAD.match(" ".join(lines[1:title]))
    facts = _FACTS.match("\n".join(lines[title + 1 : summary]))
    taking_part = "\n".join(lines[who + 1 :])
    ages, sex = _AGES.search(taking_part), _SEX.search(taking_part)
    rest = _SEX.sub("", _AGES.sub("\n", taking_part)).split("\n")
    criteria = [line for line in rest if line and not line.startswith(_NOT_A_CRITERION)]
    return page_version(
        {
            "nct": nct,
            "page": page,
            "title": lines[title] if title < len(lines) else about,
            "status": head["status"] if head else None,
            "phase": head["phase"] if head else None,
            "countries": re.split(r",\s+|\n", facts["countries"]) if facts else [],
            "enrollment": facts["enrollment"].replace(",", "") if facts else None,
            "started": facts["started"] if facts else None,
            "summary": "\n".join(lines[summary + 1 : who]),
            "minimum_age": ages["minimum"] if ages else None,
            "maximum_age": ages["maximum"] if ages else None,
            "sex": sex[1] if sex else None,
            "eligibility": "\n".join(criteria),
        }
    )


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like a page of the browser."""
    return b"| Clinical Trial Compass" in head


LOADER: Final = Loader(
    name=NAME,
    registry=None,
    standing=REPORT,
    release="1",
    title="Clinical Trial Compass",
    reads="the page of one trial, saved as HTML or as text; it makes claims about the trial",
    obtain="the page of a trial on the browser's site, saved",
    licence="The site's own terms: read them before its sentences are republished",
    unread=("AI-rewritten criteria", "advice", "navigation"),
    read=partial(read_page, NAME),
    version=version,
    parse=parse,
    recognises=recognises,
    claims=claims,
)
