"""One readable form of a registry's text, with the way back to the raw value.

Escapes of the registry's Markdown go, line ends become one sign, names broken behind a hyphen are
joined, and hyphens, spaces and full-width signs of all kinds become their plain ones, so that one
pattern finds all spellings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from kg.extract.glosses import FIRST_HAN, Glossary, Glossed

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
_PLAIN: Mapping[str, str] = {
    **dict.fromkeys(_HYPHENS, "-"),
    **dict.fromkeys(_SPACES, " "),
    **_SIGNS,
    **{chr(code): chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()},
}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
# What is dropped stands by one of these; its first sign is looked for alone, which is fast.
_SIGNLESS = (
    rf"[\\\r{_INVISIBLE}](?:(?<=\\)(?=[\\\[\]<>^*_~#|`{{}}()+\-.!&\"])|(?<=\r)(?=\n)|"
    rf"(?<=[{_INVISIBLE}]))"
)
_BROKEN = r" (?:(?<=[A-Z]- )(?=\d)|(?<=[Dd]rug- )(?=[Cc]onjugate)|(?<=\bCAR- )(?=T\b|NK\b))"
_ASCII_BUT_TAB = bytes(sorted(set(range(128)) - set(b"\t")))
_BREAK = re.compile(r"- (?=[\dCcTN])")
_DROPPED = re.compile(_SIGNLESS)
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
    broken = "- " in raw and _BREAK.search(raw) is not None
    if raw.isascii() and not broken and "\\" not in raw and "\r" not in raw:
        return Normal(raw.replace("\t", " "), (), ())
    kept, cuts, shifts = _without_signs(raw, _DROPPED_OR_BROKEN if broken else _DROPPED)
    if kept.isascii():
        return Normal(kept.replace("\t", " "), cuts, shifts)
    signs = _signs(kept)
    text = _in_plain_signs(kept, signs)
    glossed = glossary.gloss(text) if glossary is not None and max(signs) >= FIRST_HAN else None
    return Normal(glossed.text if glossed else text, cuts, shifts, glossed)


def _without_signs(
    raw: str, dropped: re.Pattern[str]
) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """Return a text without what is dropped, where it stood, and how much has gone up to there."""
    parts: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    done = removed = 0
    for match in dropped.finditer(raw):
        start, end = match.span()
        position = start - removed
        removed += end - start
        if cuts and cuts[-1] == position:
            shifts[-1] = removed
        else:
            cuts.append(position)
            shifts.append(removed)
        parts.append(raw[done:start])
        done = end
    if not cuts:
        return raw, (), ()
    parts.append(raw[done:])
    return "".join(parts), tuple(cuts), tuple(shifts)


def _signs(text: str) -> set[str]:
    """Return the signs of a text that are not ASCII, and the tab: a text has few of them."""
    return set(
        text.encode(errors="surrogatepass")
        .translate(None, _ASCII_BUT_TAB)
        .decode(errors="surrogatepass")
    )


def _in_plain_signs(text: str, signs: set[str]) -> str:
    """Return a text with the plain signs, each replaced once.

    No plain sign stands for another, so the order does not matter.
    """
    for sign in _PLAIN.keys() & signs:
        text = text.replace(sign, _PLAIN[sign])
    return text


def lowered(text: str) -> str:
    """Return the text in lower case, of the same length."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)
