"""Parquet: one typed table each of trials, constructs, antigens, arms, sites and so on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

import polars as pl
from polars.io.plugins import register_io_source
from pyoxigraph import Store as Engine

from kg.export.files import Counts, Files
from kg.export.tables import batches, schema, table_names
from kg.store import Store

_ROW_GROUP = 100_000


def write(store: Store, files: Files) -> Counts:
    """Write one file for each table."""
    counts = {}
    for name in table_names():
        with files(f"{name}.parquet") as output:
            counts[name] = write_table(store.engine, name, output)
    return counts


def write_table(engine: Engine, name: str, output: IO[bytes]) -> int:
    """Write one table batch by batch and return its rows."""
    count = 0

    def rows(
        with_columns: list[str] | None,  # noqa: ARG001 - all are written
        predicate: pl.Expr | None,  # noqa: ARG001
        n_rows: int | None,  # noqa: ARG001
        batch_size: int | None,  # noqa: ARG001
    ) -> Iterator[pl.DataFrame]:
        nonlocal count
        for batch in batches(engine, name):
            count += len(batch)
            yield batch

    table = register_io_source(rows, schema=schema(name))
    table.sink_parquet(output, compression="zstd", row_group_size=_ROW_GROUP, maintain_order=True)
    return count
