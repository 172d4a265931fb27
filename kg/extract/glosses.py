"""Chinese words beside English ones: what patterns for English need to read a Chinese text.

A gloss takes the place of the words that it stands for, and every position leads back to them, so
that what is quoted is what the registrant wrote. Where Han characters meet letters or digits, a
space parts them: a code inside a Chinese title stands alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from kg.extract.tables import read_table

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
FIRST_HAN: Final = "\u3400"
_ANY_HAN = re.compile(f"[{_HAN}]")
# A sentence of Chinese ends without a space; English patterns look for one.
_END = f"(?<=[{_HAN}])[.;](?!\n)"
_MEETING = f"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{_HAN}])"
_MARK = re.compile(f"{_END}|{_MEETING}")


class Glossed(NamedTuple):
    """A text with glosses: where each piece begins, where its words began, and where they ended.

    The end is -1 for a piece that stands as it was.
    """

    text: str
    starts: tuple[int, ...]
    origins: tuple[tuple[int, int], ...]

    def origin(self, position: int) -> tuple[int, int]:
        """Return the span of the words that a position of the text comes from."""
        piece = bisect_right(self.starts, position) - 1
        start, end = self.origins[piece]
        if end >= 0:
            return start, end
        there = start + position - self.starts[piece]
        return there, there + 1


class Glossary:
    """All glosses of the table; of words that overlap the first and longest count."""

    def __init__(self, glosses: Mapping[str, str]) -> None:
        self._glosses = glosses
        self._words = sorted(glosses)
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def gloss(self, text: str) -> Glossed | None:
        """Return a text with its glosses, None for one without Han characters."""
        if text.isascii() or not _ANY_HAN.search(text):
            return None
        parts: list[str] = []
        starts: list[int] = []
        origins: list[tuple[int, int]] = []
        length = done = 0

        def put(piece: str, origin: tuple[int, int]) -> None:
            nonlocal length
            if piece:
                parts.append(piece)
                starts.append(length)
                origins.append(origin)
                length += len(piece)

        for start, end in self._spans(text):
            put(text[done:start], (done, -1))
            before = parts[-1][-1:] if parts else ""
            # An inserted space is said to come from the sign before it.
            put(self._said(text, start, end, before), (start - (start == end), end))
            done = end
        put(text[done:], (done, -1))
        return Glossed("".join(parts), tuple(starts), tuple(origins))

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield in order what is replaced: words with a gloss, ends of sentences, bare joints."""
        found = self._automaton.find_matches_as_indexes(text)
        words = [(start, end) for _, start, end in found]
        inside = {place for start, end in words for place in range(start, end)}
        marks = [match.span() for match in _MARK.finditer(text) if match.start() not in inside]
        # A joint comes before the sign that stands where it is.
        yield from sorted([*words, *marks])

    def plain(self, text: str) -> str:
        """Return a text with its glosses, as it is where there are none."""
        glossed = self.gloss(text)
        return text if glossed is None else " ".join(glossed.text.split())

    def _said(self, text: str, start: int, end: int, before: str) -> str:
        words = text[start:end]
        if words not in self._glosses:
            apart = " " if before.isalnum() else ""
            return f"{words}\n" if words else apart
        gloss = self._glosses[words]
        opens = " " if before.isalnum() else ""
        after = text[end : end + 1]
        closes = " " if after.isalnum() and not gloss.endswith("-") else ""
        return f"{opens}{gloss}{closes}" or " "


def load_glossary(folders: Sequence[Path]) -> Glossary:
    """Read the table of glosses."""
    rows = read_table("glosses", ("words", "gloss", "source", "as_of"), folders)
    return Glossary({row["words"]: row["gloss"] for row in rows})
