"""A thing in the light of its trials: how many, of which kinds, when, and beside what else."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from kg.find.catalogue import Catalogue, Count, Counts
from kg.find.counting import Mask, Positions
from kg.find.facets import FACETS, Level
from kg.find.selection import Selection, selection
from kg.records import Record

_MOST = 12
# What is counted of every thing, in the order of the page.
_BESIDE: Final = (
    "modality",
    "status",
    "phase",
    "antigen",
    "condition",
    "product",
    "sponsor",
    "country",
    "city",
)
# The column with what is stated, where a facet holds what follows from it too.
_STATED: Final = {"antigen": "targets", "condition": "concepts", "modality": "modality"}


class Profile(Record, frozen=True):
    """What the tables tell of a thing.

    `wanted` finds its trials in a search. `found` are their positions, the latest updated first;
    `open_sites` of its trials, or of the place that it is, are open.
    """

    wanted: Selection
    found: Positions
    recruiting: int
    open_sites: int
    counts: tuple[Counts, ...]
    years: tuple[Count, ...]


def profile(catalogue: Catalogue, facet: str, key: str) -> Profile:
    """Return what is known of a value of a facet.

    Constructs and sites count where they have the value themselves; sites in a place are those
    there.
    """
    wanted = selection({facet: (key,)})
    rows = {level: catalogue.rows(level, wanted) for level in Level}
    found = catalogue.find(wanted)
    tables = {level: _rows(catalogue, level, found, rows.get(level)) for level in Level}
    years = _counted(catalogue, "year", tables[Level.TRIAL], None)
    return Profile(
        wanted=wanted,
        found=catalogue.newest(found),
        recruiting=int(tables[Level.TRIAL]["status"].eq("Recruiting").sum()),
        open_sites=int(tables[Level.SITE]["open"].sum()),
        counts=tuple(
            one
            for name in _BESIDE
            if (one := _counted(catalogue, name, tables[FACETS[name].level], _MOST, key)).values
        ),
        years=tuple(sorted(years.values, key=lambda one: one.value)),
    )


def stated(catalogue: Catalogue, facet: str, most: int) -> Counts:
    """Return the values that most trials have of a facet, by what is stated."""
    level = FACETS[facet].level
    everywhere = np.ones(len(catalogue), dtype=np.bool_)
    return _counted(catalogue, facet, _rows(catalogue, level, everywhere, None), most)


def _rows(catalogue: Catalogue, level: Level, found: Mask, own: Mask | None) -> pl.DataFrame:
    """Return the rows of a level that belong to the trials, the thing's own where it has some."""
    table = catalogue.tables[level]
    if level is Level.TRIAL:
        positions = pl.Series("trial", np.arange(len(table), dtype=np.uint32))
        return table.with_columns(positions).filter(found)
    of_them = found[table["trial"].to_numpy()]
    return table.filter(of_them if own is None else of_them & own)


def _counted(
    catalogue: Catalogue, facet: str, table: pl.DataFrame, most: int | None, without: str = ""
) -> Counts:
    """Count trials by what is stated; `without` the thing itself."""
    column = _STATED.get(facet, FACETS[facet].column)
    rows = table.select("trial", value=pl.col(column))
    if isinstance(rows.schema["value"], pl.List):
        rows = rows.explode("value")
    counted = (
        rows.drop_nulls("value")
        .filter(pl.col("value") != without)
        .group_by("value")
        .agg(pl.col("trial").n_unique())
        .sort("trial", "value", descending=[True, False])
    )
    kind = FACETS[facet].kind
    return Counts(
        facet=facet,
        values=tuple(
            Count(value, catalogue.labels.label(kind, value), trials)
            for value, trials in (counted if most is None else counted.head(most)).iter_rows()
        ),
        distinct=len(counted),
    )
