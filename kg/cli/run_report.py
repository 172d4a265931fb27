"""The run report as a table, and what was kept aside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from kg.history import History
from kg.report import RunReport
from kg.versions import Rejection

_ROWS = {
    "records read": "read",
    "could not be read": "unreadable",
    "the same again": "repeated",
    "superseded by a later version": "superseded",
    "unchanged": "unchanged",
    "record graphs written": "written",
    "record graphs removed": "removed",
    "records in the graph": "records",
    "kept aside": "rejected",
    "statements": "statements",
    "peak memory, MB": "peak_memory_mb",
}
# So many are told with their reasons at the end of a run.
_FEW = 3
_TABLES = {
    "fields dropped": "fields_dropped",
    "keys that the loader does not know": "unknown_keys",
    "violations by shape": "violations",
    "warnings by shape": "warnings",
    "seconds": "seconds",
}


def show_report(report: RunReport, console: Console) -> None:
    """Print a run report as people read it; tables without a row are left out."""
    values = msgspec.to_builtins(report)
    table = Table("run", "", show_header=False)
    for label, name in _ROWS.items():
        table.add_row(label, f"{values[name]:,}")
    table.add_row("seconds", f"{report.seconds_total:,}")
    table.add_row("published", report.snapshot or "nothing")
    console.print(table)
    for title, name in _TABLES.items():
        if values[name]:
            counts = Table(title, "", show_header=True)
            for key, count in values[name].items():
                counts.add_row(key, f"{count:,}")
            console.print(counts)


def show_kept_aside(rejected: int, data: Path, console: Console) -> None:
    """Print how many records a run kept aside, and why where they are few."""
    if not rejected:
        return
    with History.open(data / "history.sqlite") as history:
        known = history.rejections() if rejected <= _FEW else []
    # What could not be read in earlier runs may be among them.
    if len(known) == rejected:
        console.print(f"{rejected} kept aside:")
        show_rejections(known, console)
    else:
        console.print(f"{rejected} kept aside; see why: trialkg status --rejected --data {data}")


def show_rejections(rejections: Iterable[Rejection], console: Console) -> None:
    """Print what was kept aside as people read it: which record, which field, why, what to do."""
    for one in rejections:
        console.print(" ".join(filter(None, (one.registry, one.registry_id, one.origin))))
        for line in (one.field, one.reason, *one.report, one.remedy):
            if line:
                console.print(f"  {line}")
