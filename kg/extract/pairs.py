"""Two coded products in one name: versions of one kind, or cells and the molecule that steers them.

"LUCAR-E9D or LUCAR-E9K" are two cell products; "CLBR001 + SWI019" are cells and their switch.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kg.extract.candidate import Candidate
from kg.extract.naming import codes
from kg.extract.reading import Reading
from kg.extract.sought import sought
from kg.extract.spot import ANTIGEN, PRODUCT

STEERING = "construct.steering-molecule"
_BETWEEN = re.compile(r"\s*(?:\+|,|/|\bor\b|\band\b|&)\s*")
_VERSIONS = re.compile(
    r"\b(?P<stem>(?=[\w-]{5})[A-Z]{2,}[\w-]*?)(?P<one>[A-Z]|\d{1,2})\s*(?:,|/|\bor\b|\band\b|\+)\s*"
    r"(?P=stem)(?P<other>[A-Z]|\d{1,2})\b"
)
_STEERED = sought(
    r"\bswitch(?:es|able)?\b|\badapt[eo]r\b|two[- ]component|\btargeting module|\bscar-t\b",
    "switch",
    "adapt",
    "component",
    "targeting module",
    "scar-t",
)


def paired(reading: Reading, found: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates of a name, with one more for the second of two codes that it joins."""
    if len(found) != 1 or not found[0].is_cell:
        return list(found)
    (whole,) = found
    second = next(_versions(reading, whole), None) or next(_steering(reading, whole), None)
    return [whole] if second is None else [_first(reading, whole, second), second]


def _first(reading: Reading, whole: Candidate, second: Candidate) -> Candidate:
    start, end = whole.where[0]
    at = reading.document.text.index(second.codes[0], start, end)
    kept = tuple(code for code in whole.codes if code not in second.codes)
    if second.rule == STEERING:
        return replace(whole, codes=kept)
    version = _VERSIONS.search(reading.document.text, start, end)
    name = version["stem"] + version["one"] if version else reading.document.text[start:at]
    return replace(whole, label=name, codes=(name,))


def _versions(reading: Reading, whole: Candidate) -> Iterator[Candidate]:
    """Yield the second of two versions: "LUCAR-E9D or LUCAR-E9K"."""
    for match in _VERSIONS.finditer(reading.document.text, *whole.where[0]):
        if match["one"] == match["other"] or reading.within(*match.span(), ANTIGEN):
            continue
        name = match["stem"] + match["other"]
        yield replace(whole, label=name, codes=(name,), product=None)


def _steering(reading: Reading, whole: Candidate) -> Iterator[Candidate]:
    """Yield what steers switchable cells: the second code of "CLBR001 + SWI019"."""
    start, end = whole.where[0]
    lower = reading.document.lower
    if not _is_steered(reading, whole):
        return
    places = [(lower.find(code.lower(), start, end), code) for code in codes(reading, start, end)]
    for (first, one), (second, other) in pairwise(places):
        known = any(spot.start == second for spot in reading.within(second, second + 1, PRODUCT))
        if not known and _BETWEEN.fullmatch(lower, first + len(one), second):
            yield Candidate(
                other,
                "OtherBiologic",
                interventions=whole.interventions,
                where=[(second, second + len(other))],
                codes=(other,),
                rule=STEERING,
            )


def _is_steered(reading: Reading, whole: Candidate) -> bool:
    row = reading.lexicon.products.get(whole.product or "")
    if row is not None and row.architecture == "AdaptorPlatform":
        return True
    return _STEERED.search(reading.document.lower) is not None
