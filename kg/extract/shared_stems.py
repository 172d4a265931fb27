"""Antigens of which a list gives only the end: "anti-PD(L)1", "PD-L1/2", "IL-4/13"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from kg.extract.reading import Reading
from kg.extract.sought import has_any
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
# What they all begin with stands first: a text is run through for that alone.
_STEM_WORDS = ("PD", "IL", "(CD)", "(L)")
_STEMS = re.compile(
    r"[PI(](?:(?<=\bP)D-?(?:(?:L-?)?[12]?/|\()|(?<=\()(?:PD|IL|CD|PD-L|L)\)|(?<=\bI)L-?\d+\w?/\d)"
)

_AROUND = 16


def shared_stems(reading: Reading) -> Iterator[Spot]:
    """Yield the antigens whose stem stands only once, save those that are already found."""
    text = reading.document.text
    if not has_any(text, _STEM_WORDS):
        return
    stems = [match.span() for match in _STEMS.finditer(text)]
    if not stems:
        return
    taken = [spot for spot in reading.spots if spot.kind == ANTIGEN]
    for start, end, key in sorted({found for stem in stems for found in _at(text, *stem)}):
        if key in reading.lexicon.antigens and not any(
            old.start <= start < old.end for old in taken
        ):
            yield Spot(start, end, ANTIGEN, key)


def _at(text: str, first: int, last: int) -> Iterator[tuple[int, int, str]]:
    """Yield what a stem shares, with its place; only the words around it are read."""
    for pattern, key_of in _ENDINGS.items():
        for match in pattern.finditer(text, max(0, first - _AROUND), last + _AROUND):
            start, end = match.span("end") if "end" in pattern.groupindex else match.span()
            yield start, end, key_of(text[start:end])
