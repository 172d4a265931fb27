"""The tables of one snapshot, opened for finding trials and counting facets."""

from __future__ import annotations

import bisect
import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache, partial
from pathlib import Path

import numpy as np
import polars as pl

from kg.errors import StoreError, UsageError
from kg.find.counting import FacetColumn, Mask, Numbers, Positions
from kg.find.distance import within
from kg.find.facets import FACETS, TERM, Level
from kg.find.labels import FACILITY, Labels, squeezed
from kg.find.selection import Selection
from kg.records import Record
from kg.tables.files import SUFFIX


class Count(Record, frozen=True):
    """How many trials have a value of a facet, beside all else that is wanted."""

    value: str
    label: str
    trials: int


class Counts(Record, frozen=True):
    """The most frequent values of a facet, and how many there are in all."""

    facet: str
    values: tuple[Count, ...]
    distinct: int


class Catalogue:
    """Trials, constructs, sites and labels of one snapshot; nothing writes to it any more."""

    def __init__(self, snapshot: Path) -> None:
        self.tables = {name: _read(snapshot, name) for name in Level}
        self.tables[Level.TRIAL] = self.tables[Level.TRIAL].with_columns(
            year=pl.col("start").dt.year().cast(pl.String())
        )
        _check_columns(snapshot, self.tables)
        self.labels = Labels(_read(snapshot, "labels"))
        self._trial_of = {level: self._trials_of_rows(level) for level in Level}
        self._columns = {
            name: FacetColumn(
                self.tables[facet.level][facet.column], self._trial_of[facet.level], facet.only
            )
            for name, facet in FACETS.items()
        }
        self._offered = {name: self._offers(name) for name in FACETS}
        self._order = self._newest_first()
        self._having = lru_cache(maxsize=256)(self._with_word)

    def __len__(self) -> int:
        return len(self.trials)

    @property
    def trials(self) -> pl.DataFrame:
        """Return the table of trials."""
        return self.tables[Level.TRIAL]

    def has(self, facet: str, value: str) -> bool:
        """Tell whether any trial has this value of a facet."""
        return value in self._columns[facet]

    def values(self, facet: str) -> list[str]:
        """Return all values of a facet, sorted."""
        return self._columns[facet].values

    def resolve(self, facet: str, name: str) -> str:
        """Return the value of a facet that a name means; a value that some trial has is itself.

        What is known and no trial has is a value, but for terms and what has no labels: these are
        few, and shared among facets. Raises UsageError for a name that means none, or several, and
        says what is near, or all there are.
        """
        if self.has(facet, name):
            return name
        kind = FACETS[facet].kind
        meant = sorted(self.labels.meant(kind, name)) if kind else []
        meant = meant or self._called(facet, name)
        found = [key for key in meant if self.has(facet, key)]
        if kind is None or (kind == TERM and not found):
            shown = ", ".join(map(partial(self._shown, kind), self.values(facet)))
            raise UsageError(f"{facet}={name}: no trial has this; there are: {shown or 'none'}")
        found = found or meant
        if len(found) == 1:
            return found[0]
        keys = found or self.labels.near(kind, name)
        hint = ", ".join(map(partial(self._shown, kind), keys))
        said = "means several" if found else "is not known; near"
        raise UsageError(f"{facet}={name}: {said}: {hint or 'nothing like it'}")

    def _shown(self, kind: str | None, key: str) -> str:
        label = key if kind is None else self.labels.label(kind, key)
        return key if label == key else f"{key} ({label})"

    def _called(self, facet: str, name: str) -> list[str]:
        """Return the facilities, of whatever city, whose keys say a name."""
        wanted = squeezed(name)
        keys = self.facilities(wanted) if facet == FACILITY else []
        return [key for key in keys if key.rpartition("/")[2].replace("-", "") == wanted]

    def facilities(self, beginning: str) -> list[str]:
        """Return the facilities whose name begins so, in letters and digits of lower case."""
        first = bisect.bisect_left(self._by_name, (beginning,))
        found = itertools.takewhile(lambda one: one[0].startswith(beginning), self._by_name[first:])
        return [key for _, key in found]

    @cached_property
    def _by_name(self) -> list[tuple[str, str]]:
        keys = self.values(FACILITY)
        return sorted((key.rpartition("/")[2].replace("-", ""), key) for key in keys)

    def middle(self, cities: tuple[str, ...]) -> tuple[str, tuple[float, float] | None]:
        """Return of some cities the one with most sites, and where these are on average."""
        sites = self.tables[Level.SITE].drop_nulls(("latitude", "longitude"))
        counted = (
            sites.filter(pl.col("city").is_in(cities))
            .group_by("city")
            .agg(pl.len(), pl.col("latitude").mean(), pl.col("longitude").mean())
            .sort("len", "city", descending=[True, False])
        )
        if not len(counted):
            return cities[0], None
        city, _, latitude, longitude = counted.row(0)
        return city, (round(latitude, 3), round(longitude, 3))

    def find(self, wanted: Selection) -> Mask:
        """Return which trials are wanted."""
        found = _all(self._lift(level, self.rows(level, wanted)) for level in Level)
        return np.ones(len(self), dtype=np.bool_) if found is None else found

    def having(self, level: Level, rows: Mask) -> Mask:
        """Return which trials have one of these rows."""
        found = self._lift(level, rows)
        return np.ones(len(self), dtype=np.bool_) if found is None else found

    def newest(self, found: Mask) -> Positions:
        """Return the positions of the trials that were found, the latest updated first."""
        return self._order[found[self._order]]

    def rows(self, level: Level, wanted: Selection, without: str = "") -> Mask | None:
        """Return which rows of a level are wanted, None for all; `without` regard to a facet."""
        masks = [
            self._columns[name].choose(values)
            for name, values in wanted.facets
            if name != without and FACETS[name].level == level
        ]
        return _all((*masks, *self._beside(level, wanted)))

    def counts(
        self, wanted: Selection, facets: Iterable[str], most: int | None = None
    ) -> list[Counts]:
        """Count trials by the values of some facets, each without regard to its own choice.

        `most` limits the values that are returned, never those that are counted; what is chosen
        is always among them.
        """
        rows = {level: self.rows(level, wanted) for level in Level}
        lifted = {level: self._lift(level, mask) for level, mask in rows.items()}
        return [self._count(name, wanted, rows, lifted, most) for name in facets]

    def _count(
        self,
        name: str,
        wanted: Selection,
        rows: Mapping[Level, Mask | None],
        lifted: Mapping[Level, Mask | None],
        most: int | None,
    ) -> Counts:
        level = FACETS[name].level
        own = self.rows(level, wanted, name) if name in wanted.values else rows[level]
        others = _all(mask for one, mask in lifted.items() if one != level)
        if level is Level.TRIAL:
            own, others = None, _all((own, others))
        column = self._columns[name]
        counted = column.count(own, others)
        present = np.flatnonzero((counted > 0) & self._offered[name])
        shown = dict.fromkeys(column.values[place] for place in _largest(counted, present, most))
        chosen = (one for one in wanted.values.get(name, ()) if one in column)
        kind = FACETS[name].kind
        return Counts(
            facet=name,
            values=tuple(
                Count(value, self.labels.label(kind, value), int(counted[column.place(value)]))
                for value in [*shown, *(one for one in chosen if one not in shown)]
            ),
            distinct=len(present),
        )

    def _offers(self, name: str) -> Mask:
        """Return which values of a facet are offered."""
        values, facet = self._columns[name].values, FACETS[name]
        if facet.offered is None:
            return np.ones(len(values), dtype=np.bool_)
        offered = set(self.tables[facet.level][facet.offered].explode().unique().to_list())
        return np.fromiter((value in offered for value in values), np.bool_, len(values))

    def _beside(self, level: Level, wanted: Selection) -> Iterable[Mask]:
        if level is Level.CONSTRUCT:
            yield from (self._columns["antigen"].choose([key]) for key in wanted.both)
        if level is Level.SITE and wanted.near:
            sites = self.tables[Level.SITE]
            yield within(sites["latitude"].to_numpy(), sites["longitude"].to_numpy(), wanted.near)
        if level is Level.TRIAL:
            yield from map(self._having, wanted.words)
            if wanted.since:
                yield self._updated_since(wanted.since)

    def _with_word(self, word: str) -> Mask:
        return self.trials["words"].str.contains(word, literal=True).to_numpy()

    def _updated_since(self, day: dt.date) -> Mask:
        return (self.trials["updated"] >= day).fill_null(value=False).to_numpy()

    def _lift(self, level: Level, rows: Mask | None) -> Mask | None:
        """Return which trials have one of these rows."""
        if rows is None or level is Level.TRIAL:
            return rows
        found = np.zeros(len(self), dtype=np.bool_)
        found[self._trial_of[level][rows]] = True
        return found

    def _trials_of_rows(self, level: Level) -> Positions:
        if level is Level.TRIAL:
            return np.arange(len(self.trials), dtype=np.uint32)
        return self.tables[level]["trial"].to_numpy()

    def _newest_first(self) -> Positions:
        keyed = self.trials.select("updated", "registry", "registry_id").with_row_index("row")
        order = keyed.sort(
            "updated", "registry", "registry_id", descending=[True, False, False], nulls_last=True
        )
        return order["row"].to_numpy()


def _largest(counted: Numbers, present: Numbers, most: int | None) -> list[int]:
    """Return the places with the largest counts, the first of equal ones first."""
    counts = counted[present]
    if most is not None and most < len(present):
        # A facet may have very many values; only those that can be shown are sorted.
        least = np.partition(counts, len(counts) - most)[-most:].min()
        present, counts = present[counts >= least], counts[counts >= least]
    return list(map(int, present[np.lexsort((present, -counts))][:most]))


def _read(snapshot: Path, name: str) -> pl.DataFrame:
    path = snapshot / f"{name}{SUFFIX}"
    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise StoreError(
            f"{path}: the table cannot be read: {error}; run `trialkg build` to publish again"
        ) from error


def _check_columns(snapshot: Path, tables: Mapping[Level, pl.DataFrame]) -> None:
    missing = [one.column for one in FACETS.values() if one.column not in tables[one.level].columns]
    if missing:
        raise StoreError(
            f"{snapshot}: the tables were made by another version and lack {', '.join(missing)}; "
            "run `trialkg build` to publish again"
        )


def _all(masks: Iterable[Mask | None]) -> Mask | None:
    """Return what all masks have in common; None is the mask that has everything."""
    common: Mask | None = None
    for mask in masks:
        if mask is not None:
            common = mask if common is None else common & mask
    return common
