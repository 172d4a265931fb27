"""The tables after a change of some trials: their rows are replaced, and all others stay.

Equal to making the tables anew; where a row says in which place a trial stands, that is renewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from kg.tables.files import SUFFIX

_KEY = ("registry", "registry_id")
_BELOW = ("constructs", "sites")

Key = tuple[str, str]


def read_tables(folder: Path) -> dict[str, pl.DataFrame] | None:
    """Return the tables of a snapshot, None where they cannot be read."""
    names = ("trials", *_BELOW, "labels")
    try:
        return {name: pl.read_parquet(folder / f"{name}{SUFFIX}") for name in names}
    except (OSError, pl.exceptions.PolarsError):
        return None


def replaced(
    before: Mapping[str, pl.DataFrame], changed: Iterable[Key], new: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Return the tables without the rows of the trials that have changed, and with the new rows."""
    gone = pl.DataFrame(sorted(changed), schema=dict.fromkeys(_KEY, pl.String()), orient="row")
    kept = before["trials"].with_row_index("was").join(gone, on=_KEY, how="anti")
    parts = (kept, new["trials"].with_row_index("was"))
    whole = pl.concat(
        [part.with_columns(new=pl.lit(bool(number))) for number, part in enumerate(parts)]
    ).sort(*_KEY)
    places = whole.select("was", "new").with_row_index("place")
    tables = {"trials": whole.drop("was", "new").rechunk()}
    for name in _BELOW:
        rows = [
            _moved(table[name], places.filter(pl.col("new") == number).drop("new"))
            for number, table in enumerate((before, new))
        ]
        tables[name] = pl.concat(rows).sort("trial", maintain_order=True).rechunk()
    return tables


def _moved(rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of the trials that have a place, with that place."""
    found = rows.join(places, left_on="trial", right_on="was", how="inner", maintain_order="left")
    return found.with_columns(trial=pl.col("place")).select(rows.columns)
