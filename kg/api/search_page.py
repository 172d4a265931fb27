"""What the page of a search shows: every choice is a link, and each state is an address."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from kg.api.searches import ALL_OF, PAGE, SHOWN, VIEW, about, address
from kg.api.years import year_bars
from kg.errors import UsageError
from kg.find.catalogue import Catalogue, Counts
from kg.find.counting import Positions
from kg.find.facets import FACETS, Level
from kg.find.hits import Spot, hits, spots
from kg.find.selection import (
    BOTH,
    NEAR,
    SINCE,
    WITHIN,
    WORDS,
    Selection,
    parameters,
    read_selection,
    selection,
)
from kg.find.sparql import sparql
from kg.records import Record

# Every view there is.
VIEWS: Final[Mapping[str, str]] = {
    "table": "Table",
    "map": "Map",
    "timeline": "Timeline",
    "counts": "Counts",
}
_DOWNLOADS: Final[Mapping[str, str]] = {"csv": "CSV", "json": "JSON", "rq": "SPARQL"}

_ROWS = 25
_VALUES = 8
_LISTED = 1000
_SPOTS = 300
# More values of a facet than can be read one by one, and fewer left out than that.
_MANY, _FEW = 12, 3


class Choice(Record, frozen=True):
    """A value that can be chosen or taken away; `href` is the address after that."""

    label: str
    value: str
    trials: int
    chosen: bool
    href: str


class FacetBox(Record, frozen=True):
    """A facet with its most frequent values; `all_href` lists the others, where there are any."""

    name: str
    title: str
    choices: tuple[Choice, ...]
    distinct: int
    open: bool
    all_href: str | None


class Chip(Record, frozen=True):
    """A part of what is looked for, the address without it, and the page about it, if any."""

    title: str
    label: str
    href: str
    about: str | None = None


def _feed(wanted: Selection) -> str:
    """Return the address of the feed of these trials; of updates it tells in any case."""
    undated = selection(wanted.values, wanted.both, wanted.words, wanted.near)
    return address("/feeds/changes.atom", undated)


def search_context(
    catalogue: Catalogue, wanted: Selection, asked: Mapping[str, str], snapshot: str
) -> dict[str, Any]:
    """Return what the template of the search page shows.

    Raises UsageError for a view, facet or page that there is not.
    """
    view = _known(VIEW, asked[VIEW] or "table", VIEWS)
    found = catalogue.newest(catalogue.find(wanted))
    listed = _known(ALL_OF, asked[ALL_OF], FACETS) if asked[ALL_OF] else ""
    keep = [(VIEW, view)] if view != "table" else []
    chips = list(_chips(catalogue, wanted, keep))
    return {
        "catalogue_size": len(catalogue),
        "total": len(found),
        "snapshot": snapshot,
        "as_of": catalogue.trials["updated"].max(),
        "chips": chips,
        "without": list(_without(catalogue, chips)) if not len(found) else (),
        "boxes": list(_boxes(catalogue, wanted, keep, listed)),
        "listed": listed,
        "view": view,
        "views": [
            (name, title, address("/trials", wanted, _of(name))) for name, title in VIEWS.items()
        ],
        "downloads": [
            (title, address(f"/trials.{name}", wanted)) for name, title in _DOWNLOADS.items()
        ],
        "hidden": _hidden(wanted, keep),
        "words": " ".join(wanted.words),
        "since": wanted.since.isoformat() if wanted.since else "",
        "near": f"{wanted.near.latitude:g},{wanted.near.longitude:g}" if wanted.near else "",
        "kilometres": f"{wanted.near.kilometres:g}" if wanted.near else "",
        "query": sparql(wanted),
        "query_href": "/query?" + urlencode({"query": sparql(wanted)}),
        "clear_href": "/trials",
        "feed_href": _feed(wanted),
        "chosen_href": lambda name, value: address("/trials", wanted.with_value(name, value)),
        "label": catalogue.labels.label,
        **_view(catalogue, wanted, found, view, asked[PAGE]),
    }


def _of(view: str) -> list[tuple[str, str]]:
    return [(VIEW, view)] if view != "table" else []


def _known(name: str, value: str, there: Iterable[str]) -> str:
    known = list(there)
    if value not in known:
        raise UsageError(f"{name}={value}: there is no such; there are: {', '.join(known)}")
    return value


def _view(
    catalogue: Catalogue, wanted: Selection, found: Positions, view: str, page: str
) -> dict[str, Any]:
    if view == "map":
        places = spots(catalogue, found, catalogue.rows(Level.SITE, wanted))
        return {"spots": places[:_SPOTS], "spots_in_all": len(places), "marks": _marks(places)}
    if view == "timeline":
        (years,) = catalogue.counts(wanted, ["year"])
        return {"bars": year_bars(years.values, wanted)}
    if view == "counts":
        return {"tables": catalogue.counts(wanted, FACETS, 25), "titles": FACETS}
    return _table(catalogue, wanted, found, page)


def _table(catalogue: Catalogue, wanted: Selection, found: Positions, page: str) -> dict[str, Any]:
    pages = max(1, -(-len(found) // _ROWS))
    if page and not (page.isdecimal() and 1 <= int(page) <= pages):
        raise UsageError(f"{PAGE}={page}: there are {pages} pages")
    number = int(page or 1)
    first = (number - 1) * _ROWS

    def href(other: int) -> str | None:
        there = 1 <= other <= pages
        return (
            address("/trials", wanted, [(PAGE, str(other))] if other > 1 else ()) if there else None
        )

    return {
        "hits": list(hits(catalogue, found[first : first + _ROWS])),
        "first": first + 1,
        "page": number,
        "pages": pages,
        "previous_href": href(number - 1),
        "next_href": href(number + 1),
    }


def _boxes(
    catalogue: Catalogue, wanted: Selection, keep: list[tuple[str, str]], listed: str
) -> Iterator[FacetBox]:
    names = [listed] if listed else list(FACETS)
    for counts in catalogue.counts(wanted, names, _LISTED if listed else _VALUES):
        if counts.distinct:
            yield _box(wanted, keep, counts, whole=bool(listed))


def _box(
    wanted: Selection,
    keep: list[tuple[str, str]],
    counts: Counts,
    *,
    whole: bool,
) -> FacetBox:
    name = counts.facet
    chosen = wanted.values.get(name, ())
    choices = (
        Choice(
            label=one.label,
            value=one.value,
            trials=one.trials,
            chosen=one.value in chosen,
            href=address("/trials", _toggled(wanted, name, one.value), keep),
        )
        for one in counts.values
    )
    more = counts.distinct > len(counts.values) and not whole
    return FacetBox(
        name=name,
        title=FACETS[name].title,
        choices=tuple(choices),
        distinct=counts.distinct,
        open=bool(chosen) or whole or name in _OPEN,
        all_href=address("/trials", wanted, [*keep, (ALL_OF, name)]) if more else None,
    )


_OPEN = frozenset({"antigen", "modality", "effector", "condition", "status", "country", "open"})


def _toggled(wanted: Selection, name: str, value: str) -> Selection:
    if value in wanted.values.get(name, ()):
        return wanted.without_value(name, value)
    return wanted.with_value(name, value)


def _chips(catalogue: Catalogue, wanted: Selection, keep: list[tuple[str, str]]) -> Iterator[Chip]:
    def href(**changes: Any) -> str:  # noqa: ANN401 - parts of a selection
        parts = {
            "values": wanted.values,
            BOTH: wanted.both,
            "words": wanted.words,
            NEAR: wanted.near,
            SINCE: wanted.since,
        }
        return address("/trials", selection(**{**parts, **changes}), keep)

    for name, values in wanted.facets:
        facet = FACETS[name]
        if len(values) > _MANY:
            without = href(values={**wanted.values, name: ()})
            yield Chip(facet.title, _many(catalogue, name, values), without)
            continue
        for value in values:
            label = catalogue.labels.label(facet.kind, value)
            without = address("/trials", wanted.without_value(name, value), keep)
            yield Chip(facet.title, label, without, about(name, value))
    for value in wanted.both:
        label = catalogue.labels.label("antigen", value)
        others = tuple(one for one in wanted.both if one != value)
        yield Chip("and also targets", label, href(both=others))
    for word in wanted.words:
        yield Chip("word", word, href(words=tuple(one for one in wanted.words if one != word)))
    if (near := wanted.near) is not None:
        place = f"{near.kilometres:g} km around {near.latitude:g}, {near.longitude:g}"
        yield Chip("site within", place, href(near=None))
    if wanted.since:
        yield Chip("updated since", wanted.since.isoformat(), href(since=None))


def _many(catalogue: Catalogue, name: str, values: Sequence[str]) -> str:
    """Say many values of a facet by the few that are left out, else by how many they are."""
    left = [one for one in catalogue.values(name) if one not in values]
    if not 0 < len(left) <= _FEW:
        return f"any of {len(values)}"
    labels = (catalogue.labels.label(FACETS[name].kind, one) for one in left)
    return f"any but {' or '.join(labels)}"


def _without(catalogue: Catalogue, chips: Sequence[Chip]) -> Iterator[tuple[Chip, int]]:
    """Yield the parts of what is looked for without which something is found, and how much."""
    for chip in chips if len(chips) > 1 else ():
        asked = parse_qsl(urlsplit(chip.href).query)
        left = read_selection([(name, value) for name, value in asked if name not in SHOWN])
        trials = int(catalogue.find(left).sum())
        if trials:
            yield chip, trials


def _hidden(wanted: Selection, keep: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return what the form of words, place and date sends along."""
    typed = {WORDS, NEAR, WITHIN, SINCE}
    return [(n, v) for n, v in parameters(wanted) if n not in typed] + keep


class Mark(Record, frozen=True):
    """A circle on the map: a place in degrees, a radius in them, and what it says."""

    x: float
    y: float
    radius: float
    spot: Spot


def _marks(places: list[Spot]) -> list[Mark]:
    return [
        Mark(
            x=one.longitude,
            y=-one.latitude,
            radius=round(0.8 + 0.9 * one.trials**0.5, 2),
            spot=one,
        )
        for one in places[:_SPOTS]
    ]
