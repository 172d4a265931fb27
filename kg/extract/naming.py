"""The names of products: codes, stems of international names, labels as people read them."""

from __future__ import annotations

import re

from kg.extract.binding import Binding
from kg.extract.candidate import Candidate
from kg.extract.reading import Reading
from kg.extract.spot import MODALITY, Spot
from kg.extract.zones import Passage, Zone

_CODE = re.compile(
    r"(?<![\w-])(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z][A-Za-z0-9]*(?:[-_ ](?=\w*\d)[A-Za-z0-9]+|"
    r"-[A-Z]+)*(?![\w])"
)
_AFFIX = re.compile(
    r"[-_]?(?:anti|car|cart|cars|car-t|t|nk|x|bi|mu|h|hu|s|specific|cells?|[-_ ])*[-_]?"
)
_NO_CODE = re.compile(
    r"^(?:f-?18$|c-?11$|i-?1(?:2[345]|31)$|y-?90$|zr-?89$|lu-?177$|ac-?225$|ga-?68$|in-?111$|"
    r"phase|stage|part|day|week|cohort|dose|level|cd\d+|il-?\d+|arm|grade|type|version|v\d|"
    r"group|"
    r"step|month|year|visit|covid|hla|h1n1|b-?cell|t-?cell|line|age|no\d|nct\d+|d\d+|dl\d|m\d|"
    r"rp2d|"
    r"19-\d+z?|ph\d|s-1|vitamin|cycle|course|regimen|schedule)",
    re.IGNORECASE,
)
LONGEST_NAME = 80
_CELLS = re.compile(r"[\s-]*(?:T[\s-]+)?[Cc]ells?\b")
_BETWEEN_PRODUCTS = re.compile(
    r"\s*(?:\+|±|;|,|\s/\s|(?<=\w)/(?=[A-Za-z]{4})|\b(?:and|or|plus|with|followed by|then)\b)\s*"
    r"(?:or without\b\s*)?"
)
STEM = re.compile(r"\b(?!concept|accept|except|intercept|precept)[a-z]{6,}\b")
_HEADS = {
    "CARNKTherapy": "CAR-NK",
    "CARTTherapy": "CAR-T",
    "CARMacrophageTherapy": "CAR-M",
    "CARNKTTherapy": "CAR-NKT",
    "CAR": "CAR",
}


def codes(reading: Reading, start: int, end: int) -> tuple[str, ...]:
    """Return the code names in a span: words of letters and two digits or more."""
    found: dict[str, None] = {}
    text = reading.document.text
    taken = [
        spot
        for spot in reading.within(max(0, start - 40), end)
        if spot.kind in ("antigen", "agent", "component")
    ]
    for match in _CODE.finditer(text, start, end):
        word = match[0]
        if len(word) < 4 or sum(char.isdigit() for char in word) < 2 or _NO_CODE.match(word):
            continue
        if any(_only_antigen(match, spot) for spot in taken) or _all_antigens(match, taken):
            continue
        found[word] = None
    return tuple(found)


def share(reading: Reading, start: int, end: int, at: int) -> tuple[int, int]:
    """Return the part of a name that speaks of one product: "A" of "A in combination with B"."""
    for match in _BETWEEN_PRODUCTS.finditer(reading.document.lower, start, end):
        if match.end() <= at:
            start = match.end()
        elif match.start() > at:
            return start, match.start()
    return start, end


def _only_antigen(match: re.Match[str], spot: Spot) -> bool:
    """Tell whether a word is but a name of the tables with a binder affix: "AntiCD19"."""
    if spot.start >= match.end() or spot.end <= match.start():
        return False
    rest = match.string[match.start() : max(match.start(), spot.start)]
    rest += match.string[min(match.end(), spot.end) : match.end()]
    return bool(_AFFIX.fullmatch(rest.lower()))


def _all_antigens(match: re.Match[str], spots: list[Spot]) -> bool:
    """Tell a list of antigens, "GPC3 CD146", from a code."""
    parts = re.finditer(r"[^\s_]+", match[0])
    spans = [(match.start() + part.start(), match.start() + part.end()) for part in parts]
    return len(spans) > 1 and all(
        any(spot.start <= start and end <= spot.end for spot in spots) for start, end in spans
    )


def short_name(reading: Reading, name: Passage) -> str:
    """Return what people call it: the name, or where that is a description, the code for it."""
    text = re.sub(r"\s+", " ", name.normal.text).strip()
    text = re.sub(
        r"^(?:drug|biological|genetic|device|procedure|other|combination product):\s*",
        "",
        text,
        flags=re.IGNORECASE,
    )
    if len(text) <= LONGEST_NAME:
        return text
    coded = codes(reading, name.start, name.end)
    if coded:
        return coded[0]
    for passage in reading.passages((Zone.OTHER_NAME,), name.number):
        if len(passage.normal.text) <= 40:
            return passage.normal.text.strip()
    for passage in reading.passages((Zone.ACRONYM, Zone.TITLE, Zone.SUMMARY)):
        coded = codes(reading, passage.start, passage.end)
        if coded:
            return coded[0]
    for item in reading.bindings:
        if name.start <= item.start < name.end and item.head is not None:
            return phrase(reading, item)
    for head in reading.within(name.start, name.end, MODALITY):
        return head_words(reading, head)
    return text


def phrase(reading: Reading, item: Binding) -> str:
    """Return the words of a binder expression with its head, as a label."""
    text = reading.document.text
    start, end = item.start, item.end
    while start and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    if item.head is None or item.head.start - end >= 80:
        return text[start:end]
    start, end = min(start, item.head.start), max(end, item.head.end)
    return " ".join(text[start : _tail(text, end)].split())


def _tail(text: str, end: int) -> int:
    """Return where the word "cells" after a modality ends, if it stands there."""
    tail = _CELLS.match(text, end)
    return tail.end() if tail else end


def head_words(reading: Reading, head: Spot) -> str:
    """Return the words of a modality cue with the cells that follow it."""
    text = reading.document.text
    return text[head.start : _tail(text, head.end)].strip()


def label_of(reading: Reading, candidate: Candidate, item: Binding) -> str:
    """Return a label for a product that is only known by its antigens: "DLL3/GD2 CAR-NK"."""
    words = reading.document.text[item.start : item.end]
    return f"{words} {_HEADS.get(candidate.modality or '', '')}".strip()


def stem_modality(reading: Reading, text: str) -> str | None:
    """Return the modality that the stem of an international nonproprietary name tells."""
    for word in STEM.findall(text.lower()):
        for stem, modality in reading.lexicon.inn_stems:
            if word.endswith(stem) and len(word) > len(stem) + 2:
                return modality
    return None
