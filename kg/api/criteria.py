"""Eligibility criteria as lists: the lines of a record, and the lists that stand inside a line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from kg.query.trial import Criterion
from kg.records import Record

_MARK = re.compile(r"(?:(?<=^)|(?<=[\s:;,.]))\(?(?P<name>[a-j]|[1-9])[.)](?=\s)")
# A mark that a line begins with says nothing in a list, and bullets in a line are items of one.
_FIRST = re.compile(r"^\(?\d{1,2}[.)、]\s+(?=\S)")
_BULLET = re.compile(r"(?:^|\s)[•●▪◦‣]\s*")
_LEAST = 2
_ENDS = " ;,"
# Lists in lists in lists: what stands deeper is shown at this depth.
_DEEPEST = 6
# End of the short form of a polarity -> its heading; the last is for criteria that have none.
_HEADINGS: Final[Mapping[str, str]] = {
    "Inclusion": "Inclusion",
    "Exclusion": "Exclusion",
    "": "Not sorted by the record",
}


class Item(Record, frozen=True):
    """A criterion: its words, and the items of the list that they introduce."""

    text: str
    items: tuple[Item, ...] = ()


def outlined(criteria: Iterable[Criterion]) -> list[tuple[str, tuple[Item, ...]]]:
    """Return the criteria under their headings, each with those that stand under it."""
    found: dict[str, list[Criterion]] = defaultdict(list)
    for one in criteria:
        short = one.polarity.curie if one.polarity else ""
        found[next(name for name in _HEADINGS if short.endswith(name))].append(one)
    return [(said, _tree(found[name])) for name, said in _HEADINGS.items() if found[name]]


def _tree(criteria: list[Criterion]) -> tuple[Item, ...]:
    """Return the outermost of some criteria with all others inside; a parent is told before."""
    above: dict[int, tuple[int | None, int]] = {}
    for one in criteria:
        parent, depth = one.parent, 1
        if parent in above:
            depth = above[parent][1] + 1
            parent = parent if depth <= _DEEPEST else above[parent][0]
        else:
            parent = None
        above[one.order] = parent, min(depth, _DEEPEST)
    inside: dict[int | None, list[Item]] = defaultdict(list)
    for one in reversed(criteria):
        own = nested(one.text)
        below = (*own.items, *reversed(inside[one.order]))
        inside[above[one.order][0]].append(Item(own.text, below))
    return tuple(reversed(inside[None]))


def nested(text: str) -> Item:
    """Return a criterion with the list in it apart: "one of: a. … b. …", "1) … 2) …", "• … • …".

    Marks that are not in order from the first are words of the record.
    """
    intro, *bullets = (part.strip(_ENDS) for part in _BULLET.split(text))
    if len(bullets) >= _LEAST and all(bullets):
        return Item(intro, tuple(map(Item, bullets)))
    for first in ("a", "1"):
        marks = list(_in_order(text, first))
        if len(marks) >= _LEAST:
            ends = [*(mark.start() for mark in marks[1:]), len(text)]
            items = tuple(
                Item(text[mark.end() : end].strip(_ENDS))
                for mark, end in zip(marks, ends, strict=True)
            )
            if all(one.text for one in items):
                return Item(text[: marks[0].start()].strip(), items)
    return Item(_FIRST.sub("", text))


def _in_order(text: str, first: str) -> Iterator[re.Match[str]]:
    wanted = ord(first)
    for mark in _MARK.finditer(text):
        if ord(mark["name"]) == wanted:
            wanted += 1
            yield mark
