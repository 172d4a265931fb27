"""What somebody looks for: values of facets, words, a place, a date. It is its own address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from kg.errors import UsageError
from kg.find.facets import FACETS
from kg.records import Record
from kg.tables.wording import folded

# Parameters beside the facets.
WORDS, NEAR, WITHIN, SINCE, BOTH = "q", "near", "km", "since", "both"

_KILOMETRES = 50.0
_FARTHEST = 20_040.0
_MOST_WORDS = 20
# All countries but one, which is what "outside" it means, with as many years and more.
_MOST_VALUES = 400
_LONGEST = 300


class Place(Record, frozen=True):
    """A point on the map and how far around it is looked, in kilometres."""

    latitude: float
    longitude: float
    kilometres: float


class Selection(Record, frozen=True):
    """Which trials are wanted.

    Values of one facet are alternatives; facets hold together, those about constructs of the same
    construct and those about sites of the same site. `both` are antigens that the construct must
    target as well. `words` stand in lower case, each somewhere in the words of a trial. `since`:
    updated at the registry on that day or later.
    """

    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    both: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    near: Place | None = None
    since: dt.date | None = None

    @property
    def values(self) -> Mapping[str, tuple[str, ...]]:
        """Return the wanted values by facet."""
        return dict(self.facets)

    def with_value(self, facet: str, value: str) -> Selection:
        """Return the selection with one more value of a facet."""
        return self._replaced(facet, (*self.values.get(facet, ()), value))

    def without_value(self, facet: str, value: str) -> Selection:
        """Return the selection without a value of a facet."""
        kept = tuple(one for one in self.values.get(facet, ()) if one != value)
        return self._replaced(facet, kept)

    def _replaced(self, facet: str, values: Iterable[str]) -> Selection:
        chosen = {**self.values, facet: tuple(dict.fromkeys(values))}
        return selection(chosen, self.both, self.words, self.near, self.since)


def selection(
    values: Mapping[str, Iterable[str]],
    both: Iterable[str] = (),
    words: Iterable[str] = (),
    near: Place | None = None,
    since: dt.date | None = None,
) -> Selection:
    """Return a selection in its one form: facets in the order of the table, values sorted."""
    chosen = {name: tuple(sorted(set(values.get(name, ())))) for name in FACETS}
    return Selection(
        facets=tuple((name, wanted) for name, wanted in chosen.items() if wanted),
        both=tuple(sorted(set(both))),
        words=tuple(dict.fromkeys(words)),
        near=near,
        since=since,
    )


def read_selection(parameters: Iterable[tuple[str, str]]) -> Selection:
    """Return the selection that the parameters of an address mean.

    Raises UsageError for a parameter that there is not and for a value that is none: what cannot
    be honoured is refused, not left out.
    """
    values: dict[str, list[str]] = {}
    single: dict[str, str] = {}
    both: list[str] = []
    for name, value in parameters:
        if len(value) > _LONGEST:
            raise UsageError(f"{name}: longer than {_LONGEST} characters")
        if name in FACETS:
            values.setdefault(name, []).extend([value] if value else [])
        elif name == BOTH:
            both.extend([value] if value else [])
        elif name in {WORDS, NEAR, WITHIN, SINCE}:
            single[name] = value
        else:
            known = ", ".join((*FACETS, BOTH, WORDS, NEAR, WITHIN, SINCE))
            raise UsageError(f"there is no facet {name!r}; there are: {known}")
    if sum(map(len, values.values())) + len(both) > _MOST_VALUES:
        raise UsageError(f"more than {_MOST_VALUES} values; leave some out")
    return selection(
        values,
        both,
        read_words(single.get(WORDS, "")),
        _near(single.get(NEAR, ""), single.get(WITHIN, "")),
        _since(single.get(SINCE, "")),
    )


def parameters(wanted: Selection) -> Iterator[tuple[str, str]]:
    """Yield the parameters of the address of a selection."""
    for name, values in wanted.facets:
        yield from ((name, value) for value in values)
    yield from ((BOTH, value) for value in wanted.both)
    if wanted.words:
        yield WORDS, " ".join(wanted.words)
    if wanted.near:
        yield NEAR, f"{wanted.near.latitude:g},{wanted.near.longitude:g}"
        yield WITHIN, f"{wanted.near.kilometres:g}"
    if wanted.since:
        yield SINCE, wanted.since.isoformat()


def read_words(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded as those of the trials are."""
    words = folded(text).split()
    if len(words) > _MOST_WORDS:
        raise UsageError(f"{WORDS}: more than {_MOST_WORDS} words; leave some out")
    return tuple(words)


def _near(text: str, within: str) -> Place | None:
    if not text:
        return None
    try:
        latitude, longitude = map(float, text.split(","))
        kilometres = float(within) if within else _KILOMETRES
    except ValueError as error:
        raise UsageError(f"{NEAR}={text} {WITHIN}={within}: not as 31.23,121.47 and 50") from error
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180 and 0 < kilometres <= _FARTHEST):
        raise UsageError(f"{NEAR}={text} {WITHIN}={within}: no such place on earth")
    return Place(latitude=latitude, longitude=longitude, kilometres=kilometres)


def _since(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{SINCE}={text}: no date such as 2026-08-22") from error
