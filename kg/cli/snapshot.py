"""`trialkg snapshot`: keep the graph as it stood on a day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from kg.asof import as_of, drop, keep, kept_snapshots, prune
from kg.cli.options import DATA, Data, Json, Lexicon, out, progress
from kg.pipeline import PROCESSES, Settings
from kg.resources import LEXICON
from loaders import LOADERS

AsOf = Annotated[str | None, typer.Option("--as-of", help="The day, such as 2026-03-01.")]
Drop = Annotated[str | None, typer.Option("--drop", help="Remove the snapshot of a day.")]
Keep = Annotated[
    int | None, typer.Option("--keep", min=0, help="Keep only so many, those made last.")
]
Processes = Annotated[int, typer.Option(min=1, help="Worker processes.")]


def snapshot(
    *,
    day: AsOf = None,
    data: Data = DATA,
    drop_day: Drop = None,
    most: Keep = None,
    lexicon: Lexicon = None,
    processes: Processes = PROCESSES,
    json: Json = False,
) -> None:
    """Keep the graph of a day, from the versions seen by then; without a day, list what is kept."""
    if drop_day is not None:
        drop(data, as_of(drop_day))
        out().print(f"{drop_day} removed")
    if day is not None:
        settings = Settings(lexicon=(LEXICON, *(lexicon or ())), processes=processes)
        with progress() as show:
            kept, made = keep(data, as_of(day), LOADERS, settings=settings, progress=show)
        out().print(f"{kept.date} {'made' if made else 'is as it was'}: {kept.records:,} records")
    if most is not None:
        for old in prune(data, most):
            out().print(f"{old} removed")
    if day is None and drop_day is None and most is None:
        _list(data, json=json)


def _list(data: Path, *, json: bool) -> None:
    kept = kept_snapshots(data)
    if json:
        out().print_json(msgspec.json.encode(kept).decode())
        return
    table = Table("as of", "records", "versions", "lexicon", box=None, pad_edge=False)
    for one in kept:
        table.add_row(str(one.date), f"{one.records:,}", one.versions, one.lexicon)
    out().print(table if kept else "no snapshot of a day is kept")
