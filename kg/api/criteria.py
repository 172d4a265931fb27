"""Eligibility criteria as lists: the lines of a record, and the lists that stand inside a line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.records import Record

_MARK = re.compile(r"(?:(?<=^)|(?<=[\s:;,.]))\(?(?P<name>[a-j]|[1-9])[.)](?=\s)")
_LEAST = 2
_ENDS = " ;,"


class Nested(Record, frozen=True):
    """A criterion: its words, and the items of the list that they introduce."""

    text: str
    items: tuple[str, ...] = ()


def nested(text: str) -> Nested:
    """Return a criterion with the list in it apart: "one of: a. … b. …" or "1) … 2) …".

    Marks that are not in order from the first are words of the record.
    """
    for first in ("a", "1"):
        marks = list(_in_order(text, first))
        if len(marks) >= _LEAST:
            ends = [*(mark.start() for mark in marks[1:]), len(text)]
            items = tuple(
                text[mark.end() : end].strip(_ENDS) for mark, end in zip(marks, ends, strict=True)
            )
            if all(items):
                return Nested(text[: marks[0].start()].strip(), items)
    return Nested(text)


def _in_order(text: str, first: str) -> Iterator[re.Match[str]]:
    wanted = ord(first)
    for mark in _MARK.finditer(text):
        if ord(mark["name"]) == wanted:
            wanted += 1
            yield mark
