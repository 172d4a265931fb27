"""The run report as a table."""

from __future__ import annotations

import msgspec
from rich.console import Console
from rich.table import Table

from kg.report import RunReport

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
