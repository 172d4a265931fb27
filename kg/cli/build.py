"""`trialkg build`: from sources to a published graph."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from kg.cli.options import DATA, Data, Json, Lexicon, log, out, progress
from kg.cli.run_report import show_kept_aside, show_report
from kg.errors import UsageError
from kg.pipeline import PROCESSES, Settings, build
from kg.publish import KEEP
from kg.resources import LEXICON
from loaders import LOADERS, table

Sources = Annotated[
    list[Path] | None,
    typer.Argument(help="Files, folders, - (standard input); none: rebuild from what is known."),
]
Registry = Annotated[
    str | None,
    typer.Option(
        help="The form of all sources, as `trialkg registries` names it; else by content."
    ),
]
Mapping = Annotated[
    Path | None, typer.Option(help="The mapping of the columns of a list of your own.")
]
Seen = Annotated[
    str | None, typer.Option(help="The date at which the sources were retrieved: 2026-08-22.")
]
Processes = Annotated[int, typer.Option(min=1, help="Worker processes.")]
Keep = Annotated[int, typer.Option(min=1, help="Snapshots to keep, the published one included.")]


def build_command(
    sources: Sources = None,
    *,
    data: Data = DATA,
    registry: Registry = None,
    mapping: Mapping = None,
    seen: Seen = None,
    lexicon: Lexicon = None,
    processes: Processes = PROCESSES,
    keep: Keep = KEEP,
    json: Json = False,
) -> None:
    """Read registry records, build and validate the graph, and publish it.

    Exit status: 0 all published, 3 published and some records kept aside, 1 nothing published.
    """
    settings = Settings(lexicon=(LEXICON, *(lexicon or ())), processes=processes, keep=keep)
    loaders = LOADERS if mapping is None else {**LOADERS, table.LOADER.name: table.mapped(mapping)}
    with progress() as show:
        report = build(
            data,
            sources or [],
            loaders,
            registry=table.LOADER.name if mapping is not None else registry,
            seen=seen_date(seen),
            settings=settings,
            progress=show,
        )
    if json:
        out().print_json(msgspec.json.encode(report).decode())
    else:
        show_report(report, out())
    show_kept_aside(report.rejected, data, log())
    raise typer.Exit(report.exit_status)


def seen_date(text: str | None) -> dt.date | None:
    """Return the date that an option gives."""
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--seen {text}: no date such as 2026-08-22") from error
