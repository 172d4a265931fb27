"""Antigens of which a list gives only the end: "anti-PD(L)1", "PD-L1/2", "IL-4/13"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from kg.extract.reading import Reading
from kg.extract.spot import ANTIGEN, Spot

_ENDINGS: Mapping[re.Pattern[str], Callable[[str], str]] = {
    re.compile(r"\bPD-?(?=\(-?L-?\)-?1\b)"): lambda _: "PD-1",
    re.compile(r"\bPD-?\((?P<end>-?L-?)\)-?1\b"): lambda _: "PD-L1",
    re.compile(r"\bPD-?1/(?P<end>L-?1)\b"): lambda _: "PD-L1",
    re.compile(r"\bPD-?L-?1/(?:PD-?)?(?P<end>L?-?2)\b"): lambda _: "PD-L2",
    re.compile(r"\bPD-?L-?2/(?:PD-?)?(?P<end>L?-?1)\b"): lambda _: "PD-L1",
    re.compile(r"\(PD\)-?(?P<end>1)\b"): lambda _: "PD-1",
    re.compile(r"\bPD-ligand \(L\)-?(?P<end>1)\b"): lambda _: "PD-L1",
    re.compile(r"\(PD-L\)-?(?P<end>[12])\b"): "PD-L{}".format,
    re.compile(r"\(IL\)[- ]?(?P<end>\d{1,2}\w?)\b"): "IL-{}".format,
    re.compile(r"\(CD\)[- ]?(?P<end>\d{1,3}\w?)\b"): "CD{}".format,
    re.compile(r"\bIL-?\d{1,2}\w?/(?P<end>\d{1,2}\w?)\b"): "IL-{}".format,
}
_STEMS = re.compile(r"\bPD-?(?:L-?)?[12]?/|\bPD-?\(|\((?:PD|IL|CD|PD-L)\)|\(L\)|\bIL-?\d+\w?/\d")


def shared_stems(reading: Reading) -> Iterator[Spot]:
    """Yield the antigens whose stem stands only once, save those that are already found."""
    text = reading.document.text
    if not _STEMS.search(text):
        return
    taken = {spot.start: spot for spot in reading.spots if spot.kind == ANTIGEN}
    for pattern, key_of in _ENDINGS.items():
        for match in pattern.finditer(text):
            start, end = match.span("end") if "end" in pattern.groupindex else match.span()
            key = key_of(text[start:end])
            if key not in reading.lexicon.antigens:
                continue
            if not any(old.end > start for at, old in taken.items() if at <= start):
                yield Spot(start, end, ANTIGEN, key)
