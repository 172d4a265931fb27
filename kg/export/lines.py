"""Lines of a file from columns of values, thousands at a time.

A value costs a fraction of a microsecond: texts are escaped together, and what is the same in all
lines is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, cast

from kg.export.values import Value

# A character that no escape touches; a text that holds it is escaped by itself.
_MARK = "\x7f"
# Numbers, which are written as Python writes them and hold nothing to escape.
_PLAIN = {int, float}

Escape = Callable[[str], str]


class Piece(NamedTuple):
    """A part of every line: a text for each line, between two that are the same in all of them.

    Without texts of its own it is `before`, the same in all of several lines.
    """

    before: str
    texts: Sequence[str] | None = None
    after: str = ""


def piece(before: str, values: Sequence[Value | None], after: str, escape: Escape) -> Piece:
    """Return the part of lines that shows a value between two texts, and nothing for None."""
    types = set(map(type, values))
    if len(values) > 1 and types == {str} and _alike(values):
        return Piece(before + escape(str(values[0])) + after)
    texts = _texts(values, types, escape)
    if type(None) not in types:
        return Piece(before, texts, after)
    pairs = zip(values, texts, strict=True)
    return Piece("", ["" if one is None else f"{before}{text}{after}" for one, text in pairs])


def lines(pieces: Iterable[Piece], end: str) -> bytes:
    """Return the lines that the pieces make, one behind another."""
    fixed, columns = [""], []
    for one in pieces:
        fixed[-1] += one.before
        if one.texts is not None:
            columns.append(one.texts)
            fixed.append("")
        fixed[-1] += one.after
    fixed[-1] += end
    count, width = len(columns[0]), len(columns) + len(fixed)
    parts = [""] * (count * width)
    for place, text in enumerate(fixed):
        parts[2 * place :: width] = [text] * count
    for place, texts in enumerate(columns):
        parts[2 * place + 1 :: width] = texts
    return "".join(parts).encode()


def _alike(values: Sequence[Value | None]) -> bool:
    return values[0] == values[-1] and len(set(values)) == 1


def _texts(values: Sequence[Value | None], types: set[type], escape: Escape) -> Sequence[str]:
    if types <= _PLAIN:
        return list(map(str, values))
    texts = cast("Sequence[str]", values) if types == {str} else [_text(one) for one in values]
    if str not in types:
        return texts
    joined = _MARK.join(texts)
    if joined.count(_MARK) != len(texts) - 1:
        return [escape(text) for text in texts]
    escaped = escape(joined)
    return texts if escaped is joined else escaped.split(_MARK)


def _text(value: Value | None) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
