"""Changes by the parameters of an address or of a subscription: the same names in all places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from kg.errors import UsageError
from kg.find.catalogue import Catalogue
from kg.find.wanted import read_wanted as read_selection
from kg.following.select import MOST, Selected, select
from kg.following.wanted import Wanted, read_wanted
from kg.records import Record

_DAYS = ("since", "until")
_KEYS = ("antigen", "condition", "sponsor", "country")


class Asked(Record, frozen=True):
    """Which changes are wanted; `none` where a search among the trials found none.

    `parameters` are in their one form: by keys, and sorted.
    """

    wanted: Wanted
    parameters: tuple[tuple[str, str], ...]
    none: bool = False


def read_asked(catalogue: Catalogue, parameters: Iterable[tuple[str, str]]) -> Asked:
    """Return what parameters mean: those of `trialkg changes`, and facets of the search besides.

    With facets, or several antigens, conditions, sponsors or countries, it is the changes of the
    trials that the search finds now. Raises UsageError for a parameter that there is not, for a day
    that is given twice, and for a name that means nothing.
    """
    said: dict[str, list[str]] = {}
    for name, value in parameters:
        said.setdefault(name, []).append(value)
    keys = {name: said.pop(name)[0] for name in _KEYS if len(said.get(name, ())) == 1}
    wanted = read_wanted(
        catalogue,
        since=_day("since", said.pop("since", [])),
        until=_day("until", said.pop("until", [])),
        antigen=keys.get("antigen"),
        condition=keys.get("condition"),
        sponsor=keys.get("sponsor"),
        country=keys.get("country"),
        trials=said.pop("trial", ()),
        types=said.pop("type", ()),
    )
    facets = [(name, value) for name, values in said.items() for value in values]
    found = _found(catalogue, facets)
    if found is None:
        return Asked(wanted=wanted, parameters=_said(wanted, facets))
    trials = tuple(sorted(found & set(wanted.trials) if wanted.trials else found))
    narrowed = msgspec.structs.replace(wanted, trials=trials)
    return Asked(wanted=narrowed, parameters=_said(wanted, facets), none=not trials)


def changes_of(snapshot: Path, asked: Asked, *, most: int = MOST) -> Selected:
    """Return the changes of a snapshot that are asked for, the last seen first."""
    if asked.none:
        return Selected(changes=(), more=0)
    return select(snapshot, asked.wanted, most=most)


def _found(catalogue: Catalogue, facets: list[tuple[str, str]]) -> set[str] | None:
    if not facets:
        return None
    rows = catalogue.find(read_selection(catalogue, facets))
    return set(catalogue.trials["registry_id"].filter(rows).to_list())


def _said(wanted: Wanted, facets: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    values = ((name, getattr(wanted, name)) for name in (*_DAYS, *_KEYS))
    told = [(name, str(value)) for name, value in values if value is not None]
    told += [("trial", one) for one in wanted.trials]
    told += [("type", one) for one in wanted.types]
    return tuple(sorted({*told, *facets}))


def _day(name: str, texts: Sequence[str]) -> dt.date | None:
    if len(texts) > 1:
        raise UsageError(f"{name} is given twice")
    try:
        return dt.date.fromisoformat(texts[0]) if texts else None
    except ValueError as error:
        raise UsageError(f"{name}={texts[0][:40]}: no date such as 2026-06-01") from error
