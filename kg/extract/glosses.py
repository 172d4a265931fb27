"""Chinese words beside English ones: what patterns for English need to read a Chinese text.

A gloss takes the place of the words that it stands for, and every position leads back to them, so
that what is quoted is what the registrant wrote. Where Han characters meet letters or digits, a
space parts them: a code inside a Chinese title stands alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from kg.extract.tables import read_table

_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
_ANY_HAN = re.compile(f"[{_HAN}]")
# A sentence of Chinese ends without a space; English patterns look for one.
_END = f"(?<=[{_HAN}])[.;](?!\n)"
_MEETING = f"(?<=[{_HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{_HAN}])"


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
    """All glosses of the table, as one pattern, the longest words first."""

    def __init__(self, glosses: Mapping[str, str]) -> None:
        self._glosses = glosses
        words = sorted(glosses, key=lambda one: (-len(one), one))
        known = "|".join(map(re.escape, words)) or "(?!)"
        self._pattern = re.compile(f"(?:{known})|{_END}|{_MEETING}")

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

        for match in self._pattern.finditer(text):
            put(text[done : match.start()], (done, -1))
            before = parts[-1][-1:] if parts else ""
            put(self._said(match, text, before), _words(match))
            done = match.end()
        put(text[done:], (done, -1))
        return Glossed("".join(parts), tuple(starts), tuple(origins))

    def plain(self, text: str) -> str:
        """Return a text with its glosses, as it is where there are none."""
        glossed = self.gloss(text)
        return text if glossed is None else " ".join(glossed.text.split())

    def _said(self, match: re.Match[str], text: str, before: str) -> str:
        words = match[0]
        if words not in self._glosses:
            apart = " " if before.isalnum() else ""
            return f"{words}\n" if words else apart
        gloss = self._glosses[words]
        opens = " " if before.isalnum() else ""
        after = text[match.end() : match.end() + 1]
        closes = " " if after.isalnum() and not gloss.endswith("-") else ""
        return f"{opens}{gloss}{closes}" or " "


def _words(match: re.Match[str]) -> tuple[int, int]:
    """Return the span of the words of a piece; an inserted space is that of the sign before it."""
    return (match.start() if match[0] else match.start() - 1), match.end()


def load_glossary(folders: Sequence[Path]) -> Glossary:
    """Read the table of glosses."""
    rows = read_table("glosses", ("words", "gloss", "source", "as_of"), folders)
    return Glossary({row["words"]: row["gloss"] for row in rows})
