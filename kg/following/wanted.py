"""Whose changes are wanted, in the words that people use and in keys of the graph."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kg.errors import UsageError
from kg.records import Record
from kg.vocab import CODE_LISTS

if TYPE_CHECKING:
    from kg.find.catalogue import Catalogue

_TYPES = CODE_LISTS["ChangeType"]


class Wanted(Record, frozen=True):
    """Which changes are wanted: those that meet all that is given.

    `since` and `until` are days on which a change was seen, both included. `antigen`, `condition`
    (a CURIE, which stands for everything below it too), `sponsor` and `country` are keys of the
    graph, `trials` identifiers of registries and `types` codes such as StatusChanged.
    """

    since: dt.date | None = None
    until: dt.date | None = None
    antigen: str | None = None
    condition: str | None = None
    sponsor: str | None = None
    country: str | None = None
    trials: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


def read_wanted(
    catalogue: Catalogue,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    antigen: str | None = None,
    condition: str | None = None,
    sponsor: str | None = None,
    country: str | None = None,
    trials: Sequence[str] = (),
    types: Sequence[str] = (),
) -> Wanted:
    """Return what names, labels and synonyms mean.

    Raises UsageError for one that means nothing or several things, and says what is near.
    """

    def key(facet: str, name: str | None) -> str | None:
        return None if name is None else catalogue.resolve(facet, name)

    if since is not None and until is not None and until < since:
        raise UsageError(f"nothing is seen since {since} and until {until}: swap the days")
    return Wanted(
        since=since,
        until=until,
        antigen=key("antigen", antigen),
        condition=key("condition", condition),
        sponsor=key("sponsor", sponsor),
        country=key("country", country),
        trials=tuple(trials),
        types=tuple(map(_type, types)),
    )


def _type(name: str) -> str:
    known = {one.casefold(): one for one in _TYPES}
    if name.casefold() in known:
        return known[name.casefold()]
    near = difflib.get_close_matches(name, _TYPES, cutoff=0.4)
    said = f"near: {', '.join(near)}" if near else f"there are: {', '.join(sorted(_TYPES))}"
    raise UsageError(f"{name!r} is no type of change; {said}")
