"""Flags that a record's own words raise about it; shown with the trial, never used to drop it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import msgspec

from kg.extract.criteria import criteria
from kg.extract.criteria_lines import INCLUSION
from kg.extract.findings import Claim, Evidence
from kg.extract.sought import has_any
from kg.records import Age, Text, Trial

_EXAMPLE = re.compile(
    r"\bthis\s+(?:example|hypothetical|illustrative|fictional|fictitious|mock)\s+"
    r"(?:[\w/,-]+\s+){0,6}?(?:study|trial|protocol|record|registration)\b"
    r"|\b(?:in|for)\s+this\s+example\b"
    r"|\ban?\s+(?:illustrative|hypothetical|fictional|fictitious|example)\s+(?:[\w-]+\s+){0,6}?"
    r"(?:product|construct|therapy|candidate|study|trial|protocol|record|registration)\b"
    r"|\(example\)\s*:|\(example\s+(?:threshold|cut-?off|criteri)",
    re.IGNORECASE,
)
_EXAMPLE_WORDS = ("example", "hypothetical", "illustrative", "fictional", "fictitious", "mock")
_OPEN = frozenset(
    ["ActiveNotRecruiting", "EnrollingByInvitation", "NotYetRecruiting", "Recruiting", "Suspended"]
)
_STALE_YEARS = 2

# Its first letter is looked for alone, which is fast.
_AGE = re.compile(
    r"[Aa][Gg][Ee](?<=\b[Aa][Gg][Ee])(?i:(?:d|s)?\b[^\n.;:\d]{0,25}?\b(?P<low>\d{1,2})\s*(?:years?|yrs?|y)?\s*"
    r"(?:to|-|–|and|through|~)\s*(?P<high>\d{1,3})\s*(?:years?|yrs?|y)\b)"
)
_PART_ONLY = re.compile(
    r"\b(?:groups?|cohorts?|arms?|parts?|phases?|stages?|healthy|controls?|donors?|sub-?stud\w+)\b",
    re.IGNORECASE,
)
_MEANT_OTHERWISE = 1.0


def record_flags(
    trial: Trial, seen: dt.date | None, antigens: Claim | None = None
) -> tuple[Claim, ...]:
    """Return SelfDescribedExample, TextContradictsItself and StaleVerification where they apply.

    `seen` is the date on which the version was retrieved; without it nothing is stale. `antigens`
    is the contradiction between antigens that the reading of the constructs found.
    """
    contradicted = _joined(_contradiction(trial), antigens)
    found = (_self_described(trial), contradicted, _stale(trial, seen))
    return tuple(claim for claim in found if claim is not None)


def _joined(one: Claim | None, other: Claim | None) -> Claim | None:
    if one is None or other is None:
        return one or other
    return msgspec.structs.replace(one, evidence=one.evidence + other.evidence)


def _self_described(trial: Trial) -> Claim | None:
    for text in _texts(trial):
        if not has_any(text.raw.lower(), _EXAMPLE_WORDS):
            continue
        match = _EXAMPLE.search(text.raw)
        if match is not None:
            evidence = (_quote(text, match),)
            return Claim("SelfDescribedExample", "Stated", "flag.example", 0.95, evidence)
    return None


def _contradiction(trial: Trial) -> Claim | None:
    """Compare the one age range of the criteria with the age fields."""
    text = trial.eligibility
    if text is None:
        return None
    stated = list(_AGE.finditer(text.raw))
    if len(stated) != 1 or int(stated[0]["low"]) >= int(stated[0]["high"]):
        return None
    low, high = int(stated[0]["low"]), int(stated[0]["high"])
    if not (_apart(trial.minimum_age, low) or _apart(trial.maximum_age, high)):
        return None
    if not _is_for_all(trial, stated[0]):
        return None
    evidence = (_quote(text, stated[0]),)
    return Claim("TextContradictsItself", "Inferred", "flag.age", 0.8, evidence)


def _is_for_all(trial: Trial, match: re.Match[str]) -> bool:
    """Tell whether a range stands in an inclusion criterion that is for every participant."""
    for criterion in criteria(trial):
        evidence = criterion.evidence
        if evidence.start <= match.start() < evidence.end:
            alone = criterion.polarity == INCLUSION and criterion.parent is None
            return alone and not _PART_ONLY.search(evidence.exact)
    return False


def _apart(limit: Age | None, years: int) -> bool:
    return limit is not None and abs(float(limit.years) - years) > _MEANT_OTHERWISE


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
