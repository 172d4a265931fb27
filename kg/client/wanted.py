"""What `find` is asked for in Python, as parameters of the search."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias, TypedDict

from kg.errors import UsageError

Names: TypeAlias = "str | Iterable[str]"

_PLACES = frozenset(("country", "city", "facility", "near"))
_RECRUITING = "recruiting"


class Wanted(TypedDict, total=False):
    """The facets of the search, by the names that they have in its addresses.

    Values are keys, labels or synonyms; several of one facet are alternatives. `both` are antigens
    that the construct targets as well; `near` is latitude and longitude, `km` how far around it.
    """

    antigen: Names
    both: Names
    modality: Names
    trait: Names
    effector: Names
    donor: Names
    source: Names
    logic: Names
    hla: Names
    disclosure: Names
    product: Names
    condition: Names
    status: Names
    phase: Names
    type: Names
    design: Names
    age: Names
    country: Names
    city: Names
    facility: Names
    open: bool
    sponsor: Names
    sponsor_class: Names
    year: int | str | Iterable[int | str]
    registry: Names
    results: bool
    flag: Names
    near: tuple[float, float]
    km: float
    since: str | dt.date


def parameters(words: str, wanted: Wanted) -> list[tuple[str, str]]:
    """Return the parameters that mean the same.

    Who asks for trials that recruit at a place means its sites: with a place, `status="recruiting"`
    also wants a site there that is open for enrolment, unless `open` says otherwise.
    """
    told: dict[str, object] = {"q": words} if words else {}
    told.update(wanted)
    if _recruits(told.get("status")) and _PLACES & told.keys():
        told.setdefault("open", True)
    return [(name, value) for name, given in told.items() for value in _values(name, given)]


def _recruits(status: object) -> bool:
    return isinstance(status, str) and status.casefold() == _RECRUITING


def _values(name: str, given: object) -> Iterator[str]:
    if given is None:
        return
    if isinstance(given, tuple) and name == "near":
        yield ",".join(map(str, given))
    elif isinstance(given, bool):
        yield "true" if given else "false"
    elif isinstance(given, str | int | float | dt.date):
        yield str(given)
    elif isinstance(given, Iterable) and not isinstance(given, Mapping):
        for one in given:
            yield from _values(name, one)
    else:
        raise UsageError(f"{name}={given!r} is neither a value nor a list of values")
