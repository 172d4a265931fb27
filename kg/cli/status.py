"""`trialkg status`: what is published in a data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer
from rich.table import Table

from kg.cli.options import DATA, Data, Json, out
from kg.cli.run_report import show_rejections
from kg.errors import StoreError
from kg.history import History
from kg.publish import current_name, snapshot_names
from kg.records import Record
from kg.store import Store

Rejected = Annotated[bool, typer.Option("--rejected", help="List what was kept aside, and why.")]


class Status(Record, frozen=True):
    """What `trialkg status` prints."""

    data: str
    published: str | None
    snapshots: tuple[str, ...]
    statements: int
    record_graphs: int
    records: int
    versions: int
    rejected: int


def status(*, data: Data = DATA, rejected: Rejected = False, json: Json = False) -> None:
    """Say what is published, how large it is, and what has been kept aside."""
    found = _status(data)
    if rejected:
        _show_rejections(data, json=json)
        return
    if json:
        out().print_json(msgspec.json.encode(found).decode())
        return
    table = Table("", "", show_header=False)
    for name, value in msgspec.to_builtins(found).items():
        shown = ", ".join(value) if isinstance(value, tuple | list) else str(value)
        table.add_row(name.replace("_", " "), shown)
    out().print(table)


def _show_rejections(data: Path, *, json: bool) -> None:
    with History.open(data / "history.sqlite") as history:
        rejections = history.rejections()
    if json:
        out().print_json(msgspec.json.encode(rejections).decode())
        return
    show_rejections(rejections, out())


def _status(data: Path) -> Status:
    if not (data / "history.sqlite").is_file():
        raise StoreError(f"{data}: no data there; run `trialkg build --data {data} SOURCE` first")
    published = current_name(data)
    statements = graphs = 0
    if published is not None:
        with Store.read_only(data / "snapshots" / published) as store:
            statements, graphs = len(store.engine), len(store.record_graphs())
    with History.open(data / "history.sqlite") as history:
        records, versions = history.count()
        rejected = len(history.rejections())
    return Status(
        data=str(data),
        published=published,
        snapshots=tuple(snapshot_names(data)),
        statements=statements,
        record_graphs=graphs,
        records=records,
        versions=versions,
        rejected=rejected,
    )
