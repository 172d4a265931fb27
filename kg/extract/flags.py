"""Flags that a record's own words raise about it; shown with the trial, never used to drop it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from kg.extract.findings import Claim, Evidence
from kg.records import Age, Text, Trial

_EXAMPLE = re.compile(
    r"\bthis\s+(?:is\s+an?\s+)?(?:(?:hypothetical|fictional|illustrative|sample|mock)|example)\s+"
    r"(?:study|trial|protocol|record|registration)\b"
    r"|\b(?:hypothetical|fictional|fictitious|mock)\s+(?:clinical\s+)?(?:study|trial|protocol|record)\b"
    r"|\b(?:example|sample)\s+(?:clinical\s+trial|trial\s+record|study\s+record|registration)\b"
    r"|\b(?:as\s+defined\s+in|per)\s+the\s+protocol\s*\(examples?:"
    r"|\bfor\s+(?:illustration|demonstration)\s+purposes\s+only\b",
    re.IGNORECASE,
)
_OPEN = frozenset(
    ["ActiveNotRecruiting", "EnrollingByInvitation", "NotYetRecruiting", "Recruiting", "Suspended"]
)
_STALE_YEARS = 2

_AGE = re.compile(
    r"\b(?:aged?|ages)\b[^\n.;:]{0,25}?\b(?P<low>\d{1,2})\s*(?:years?|yrs?|y)?\s*"
    r"(?:to|-|–|and|through|~)\s*(?P<high>\d{1,3})\s*(?:years?|yrs?|y)\b",
    re.IGNORECASE,
)


def record_flags(trial: Trial, seen: dt.date | None) -> tuple[Claim, ...]:
    """Return SelfDescribedExample, TextContradictsItself and StaleVerification where they apply.

    `seen` is the date on which the version was retrieved; without it nothing is stale.
    """
    found = (_self_described(trial), _contradiction(trial), _stale(trial, seen))
    return tuple(claim for claim in found if claim is not None)


def _self_described(trial: Trial) -> Claim | None:
    for text in _texts(trial):
        match = _EXAMPLE.search(text.raw)
        if match is not None:
            evidence = (_quote(text, match),)
            return Claim("SelfDescribedExample", "Stated", "flag.example", 0.95, evidence)
    return None


def _contradiction(trial: Trial) -> Claim | None:
    text = trial.eligibility
    if text is None:
        return None
    stated = [match for match in _AGE.finditer(text.raw) if int(match["high"]) > int(match["low"])]
    if len(stated) != 1:
        return None
    low, high = int(stated[0]["low"]), int(stated[0]["high"])
    if _apart(trial.minimum_age, low) and _apart(trial.maximum_age, high):
        evidence = (_quote(text, stated[0]),)
        return Claim("TextContradictsItself", "Inferred", "flag.age", 0.8, evidence)
    return None


def _apart(limit: Age | None, years: int) -> bool:
    return limit is not None and abs(float(limit.years) - years) > 1


def _stale(trial: Trial, seen: dt.date | None) -> Claim | None:
    verified = trial.status_verified
    if seen is None or verified is None or trial.recruitment_status not in _OPEN:
        return None
    try:
        limit = verified.day.replace(year=verified.day.year + _STALE_YEARS)
    except ValueError:
        limit = verified.day.replace(year=verified.day.year + _STALE_YEARS, day=28)
    if seen <= limit:
        return None
    return Claim("StaleVerification", "Inferred", "flag.stale", 1.0)


def _texts(trial: Trial) -> Iterator[Text]:
    optional = (trial.official_title, trial.brief_summary, trial.detailed_description)
    yield trial.brief_title
    for text in (*optional, trial.eligibility):
        if text is not None:
            yield text


def _quote(text: Text, match: re.Match[str]) -> Evidence:
    return Evidence(text.field, match[0], match.start(), match.end())
