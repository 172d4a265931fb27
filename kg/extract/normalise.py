"""One readable form of a registry's text, with the way back to the raw value.

Escapes of the registry's Markdown go, line ends become one sign, names broken behind a hyphen are
joined, and hyphens, spaces and full-width signs of all kinds become their plain ones, so that one
pattern finds all spellings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from kg.extract.glosses import Glossary, Glossed

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d\u00ad\u2043"
_SPACES = "\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t"
_SIGNS = {
    "µ": "μ",
    "＞": ">",
    "＜": "<",
    "；": ";",
    "，": ",",
    "、": ",",
    "。": ".",
    "：": ":",
    "（": "(",
    "）": ")",
    "／": "/",
    "＋": "+",
    "＝": "=",
    "％": "%",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "–": "-",
    "∕": "/",
    "⁄": "/",
    "＆": "&",
    "≧": "≥",
    "≦": "≤",
    "〜": "~",
    "～": "~",
    "ß": "β",
}
_ONE_TO_ONE = str.maketrans(
    {
        **dict.fromkeys(_HYPHENS, "-"),
        **dict.fromkeys(_SPACES, " "),
        **_SIGNS,
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()},
    }
)
_SIGNLESS = r"\\(?=[\\\[\]<>^*_~#|`{}()+\-.!&\"])|\r(?=\n)|[\u200b\u200c\u200d\u2060\ufeff]"
_BROKEN = r" (?:(?<=[A-Z]- )(?=\d)|(?<=[Dd]rug- )(?=[Cc]onjugate)|(?<=\bCAR- )(?=T\b|NK\b))"
_DROPPED = re.compile(_SIGNLESS)
# What changes in a text of plain signs stands by one of these; a tab becomes a blank.
_CHANGED = ("\\", "- ", "\r")
# Only a text with such a break pays for looking at every blank.
_DROPPED_OR_BROKEN = re.compile(f"{_SIGNLESS}|{_BROKEN}")


class Normal(NamedTuple):
    """A normalised text; `cuts` and `shifts`, and `glossed`, lead back to the raw one."""

    text: str
    cuts: tuple[int, ...]
    shifts: tuple[int, ...]
    glossed: Glossed | None = None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of the normalised text stands in the raw one; it is not empty."""
        first, last = start, end - 1
        if self.glossed is not None:
            first, last = self.glossed.origin(first)[0], self.glossed.origin(last)[1] - 1
        return self._raw(first), self._raw(last) + 1

    def _raw(self, position: int) -> int:
        if not self.cuts:
            return position
        index = bisect_right(self.cuts, position)
        return position + (self.shifts[index - 1] if index else 0)


def normalise(raw: str, glossary: Glossary | None = None) -> Normal:
    """Return the readable form of a raw value, Chinese words with the glosses of a glossary."""
    if raw.isascii() and not any(part in raw for part in _CHANGED):
        return Normal(raw.replace("\t", " "), (), ())
    cuts: list[int] = []
    shifts: list[int] = []
    removed = 0
    dropped = _DROPPED_OR_BROKEN if "- " in raw else _DROPPED
    for match in dropped.finditer(raw):
        position = match.start() - removed
        removed += match.end() - match.start()
        if cuts and cuts[-1] == position:
            shifts[-1] = removed
        else:
            cuts.append(position)
            shifts.append(removed)
    kept = dropped.sub("", raw) if removed else raw
    text = kept.replace("\t", " ") if kept.isascii() else kept.translate(_ONE_TO_ONE)
    glossed = glossary.gloss(text) if glossary is not None else None
    return Normal(glossed.text if glossed else text, tuple(cuts), tuple(shifts), glossed)


def lowered(text: str) -> str:
    """Return the text in lower case, of the same length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
