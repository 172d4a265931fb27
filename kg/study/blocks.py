"""Who is to be looked at together: registrations that share a block, or an identifier, as columns.

So a registration finds the others without any of them being read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

import polars as pl

from kg.study.registration import Registration

Key = tuple[str, str]

FILE: Final = "identity.parquet"
KEY: Final = ("registry", "registry_id")
# A block of more members says nothing: its title or its numbers are common.
LARGEST: Final = 40
_LISTS: Final = {"blocks": pl.UInt64(), "keys": pl.String()}
_NUMBER: Final = pl.UInt32()


def identity_table(registrations: Iterable[Registration]) -> pl.DataFrame:
    """Return by registry and id the blocks of registrations, and the identifiers that they name."""
    known = sorted(registrations, key=lambda one: (one.registry, one.registry_id))
    named = {name: [getattr(one, name) for one in known] for name in KEY}
    table = pl.DataFrame(named, schema=dict.fromkeys(KEY, pl.String())).with_row_index("number")
    for name, listed in (("blocks", _blocks), ("keys", _keys)):
        rows = _long(known, name, listed).group_by("number", maintain_order=True).agg(name)
        table = table.join(rows, on="number", how="left", maintain_order="left")
    return table.select(*KEY, *(pl.col(name).fill_null([]) for name in _LISTS))


def read_identity(folder: Path) -> pl.DataFrame | None:
    """Return the table of a snapshot, None where it cannot be read."""
    try:
        table = pl.read_parquet(folder / FILE)
    except (OSError, pl.exceptions.PolarsError):
        return None
    wanted = dict.fromkeys(KEY, pl.String()) | {n: pl.List(kind) for n, kind in _LISTS.items()}
    return table if table.schema == wanted else None


def write_identity(table: pl.DataFrame, folder: Path) -> None:
    """Write the table beside a snapshot."""
    table.write_parquet(folder / FILE, compression="zstd")


def pairs(registrations: Sequence[Registration]) -> Iterator[tuple[int, int]]:
    """Yield the positions of each two that share a block, once."""
    rows = _long(registrations, "blocks", _blocks)
    found = sharing(rows, rows).filter(pl.col("number") < pl.col("other"))
    return found.iter_rows()


def sharing(rows: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """Return each `number` of some rows with each `other` of all rows that has a block of its."""
    near = every.join(rows.select("blocks").unique(), on="blocks", how="semi")
    near = near.filter(pl.len().over("blocks").is_between(2, LARGEST))
    found = rows.join(near.rename({"number": "other"}), on="blocks")
    return found.filter(pl.col("number") != pl.col("other")).select("number", "other").unique()


def _long(
    registrations: Sequence[Registration],
    name: str,
    listed: Callable[[Registration], Collection[object]],
) -> pl.DataFrame:
    """Return a row for each value, with the position of the registration that has it."""
    values = [listed(one) for one in registrations]
    numbers = [number for number, one in enumerate(values) for _ in one]
    flat = list(chain.from_iterable(values))
    schema = {"number": _NUMBER, name: _LISTS[name]}
    return pl.DataFrame({"number": numbers, name: flat}, schema=schema)


def _blocks(one: Registration) -> Collection[object]:
    return one.blocks


def _keys(one: Registration) -> Collection[object]:
    return dict.fromkeys((one.key, *(reference.key for reference in one.references)))
