"""Rows of trials as columns: one table of trials, of their constructs, of their sites, and so on.

Written beside the store at publication, so that facets are counted without a query per facet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl

from kg.tables.files import SUFFIX
from kg.tables.rows import ConstructRow, SiteRow, TrialRow

_TEXT, _TEXTS, _DAY = pl.String(), pl.List(pl.String()), pl.Date()
_NUMBER, _POSITION = pl.Float64(), pl.UInt32()

Columns = Mapping[str, tuple[Any, Callable[..., Any]]]


def _fields(**types: Any) -> Columns:  # noqa: ANN401 - a class of polars or an instance of it
    return {name: (kind, lambda row, name=name: getattr(row, name)) for name, kind in types.items()}


# Table -> column -> its type and how it is read from a row. `trial` is the position of the trial in
# the table of trials, which is sorted by registry and id.
TRIALS: Final = _fields(
    registry=_TEXT,
    registry_id=_TEXT,
    title=_TEXT,
    words=_TEXT,
    status=_TEXT,
    study_type=_TEXT,
    phases=_TEXTS,
    sponsor=_TEXT,
    sponsor_class=_TEXT,
    start=_DAY,
    completion=_DAY,
    updated=_DAY,
    enrollment=pl.Int64(),
    sex=_TEXT,
    ages=_TEXTS,
    minimum_age=_NUMBER,
    maximum_age=_NUMBER,
    has_results=pl.Boolean(),
    abridged=pl.Boolean(),
    design=_TEXTS,
    flags=_TEXTS,
    concepts=_TEXTS,
)
CONSTRUCTS: Final = _fields(
    key=_TEXT,
    label=_TEXT,
    modality=_TEXT,
    effector_cell=_TEXT,
    cell_source=_TEXT,
    donor=_TEXT,
    preparation=_TEXT,
    target_logic=_TEXT,
    target_disclosure=_TEXT,
    product=_TEXT,
    targets=_TEXTS,
    hla=_TEXTS,
    codes=_TEXTS,
)
SITES: Final = _fields(
    key=_TEXT,
    country=_TEXT,
    city=_TEXT,
    facility=_TEXT,
    status=_TEXT,
    open=pl.Boolean(),
    latitude=_NUMBER,
    longitude=_NUMBER,
)


def trial_tables(rows: Iterable[TrialRow]) -> dict[str, pl.DataFrame]:
    """Return the tables `trials`, `constructs` and `sites`, in the order of registry and id."""
    known = sorted(rows, key=lambda row: (row.registry, row.registry_id))
    return {
        "trials": _frame(TRIALS, known),
        "constructs": _below(CONSTRUCTS, known, lambda row: row.constructs),
        "sites": _below(SITES, known, lambda row: row.sites),
    }


def write_tables(tables: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write each table as a Parquet file of its name."""
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}{SUFFIX}", compression="zstd")


def _frame(columns: Columns, rows: Sequence[Any]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series(name, [read(row) for row in rows], dtype=kind)
            for name, (kind, read) in columns.items()
        }
    )


def _below(
    columns: Columns,
    rows: Sequence[TrialRow],
    parts: Callable[[TrialRow], Sequence[ConstructRow | SiteRow]],
) -> pl.DataFrame:
    positions = [place for place, row in enumerate(rows) for _ in parts(row)]
    frame = _frame(columns, [part for row in rows for part in parts(row)])
    return frame.insert_column(0, pl.Series("trial", positions, dtype=_POSITION))
