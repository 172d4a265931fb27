"""CSV: the same tables as in Parquet, as text; several values in a cell stand between "|"."""

from __future__ import annotations

from typing import IO

import polars as pl
from pyoxigraph import Store as Engine

from kg.export.files import Counts, Files
from kg.export.tables import batches, table_names
from kg.store import Store


def write(store: Store, files: Files) -> Counts:
    """Write one file for each table, in UTF-8 with a header."""
    counts = {}
    for name in table_names():
        with files(f"{name}.csv") as output:
            counts[name] = _write_table(store.engine, name, output)
    return counts


def _write_table(engine: Engine, name: str, output: IO[bytes]) -> int:
    count = 0
    for number, batch in enumerate(batches(engine, name)):
        lists = pl.selectors.list().list.join("|")
        batch.with_columns(lists).write_csv(output, include_header=number == 0)
        count += len(batch)
    return count
