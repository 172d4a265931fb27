"""`trialkg changes`: what changed in the trials that somebody follows."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec
import typer
from rich.table import Table
from rich.text import Text

from kg.cli.options import DATA, Data, Json, log, out, plain
from kg.errors import UsageError
from kg.find.catalogue import Catalogue
from kg.following import Change, read_wanted, select
from kg.following.select import MOST
from kg.publish import current_snapshot

Since = Annotated[str | None, typer.Option(help="Seen on this day or later: 2026-06-01.")]
Until = Annotated[str | None, typer.Option(help="Seen on this day or earlier.")]
Antigen = Annotated[str | None, typer.Option(help="Of trials against an antigen: DLL3.")]
Condition = Annotated[
    str | None, typer.Option(help="Of trials in a condition and everything below it.")
]
Sponsor = Annotated[str | None, typer.Option(help="Of trials of a sponsor or collaborator.")]
Country = Annotated[str | None, typer.Option(help="Of trials with a site in a country: CN.")]
Trials = Annotated[list[str] | None, typer.Option("--trial", help="Of a trial, by its id.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="Of a type: StatusChanged.")]
Most = Annotated[int, typer.Option(min=1, help="At most so many, the last seen first.")]

_WIDE = 250


def changes(
    *,
    data: Data = DATA,
    since: Since = None,
    until: Until = None,
    antigen: Antigen = None,
    condition: Condition = None,
    sponsor: Sponsor = None,
    country: Country = None,
    trial: Trials = None,
    type_: Types = None,
    most: Most = MOST,
    json: Json = False,
) -> None:
    """Show what changed, the last seen first; several options narrow it down."""
    snapshot = current_snapshot(data)
    wanted = read_wanted(
        Catalogue(snapshot),
        since=_day("--since", since),
        until=_day("--until", until),
        antigen=antigen,
        condition=condition,
        sponsor=sponsor,
        country=country,
        trials=trial or (),
        types=type_ or (),
    )
    found = select(snapshot, wanted, most=most)
    if json:
        out().print_json(msgspec.json.encode(found.changes).decode())
    else:
        _print(found.changes)
    log().print(f"{len(found.changes)} change{'' if len(found.changes) == 1 else 's'}")
    if found.more:
        log().print(f"{found.more:,} more are not shown: narrow down, or raise --most")
    if any(one.abridged for one in found.changes):
        log().print("texts of the bundled examples are abridged: they are not the registry's words")


def _day(option: str, text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text}: no date such as 2026-06-01") from error


def _print(found: tuple[Change, ...]) -> None:
    console = out()
    table = Table("seen", "trial", "change", "what", "before", "after", box=None, pad_edge=False)
    for one in found:
        cells = (one.trial, one.type, one.what, one.before, one.after)
        table.add_row(str(one.seen), *(Text(_line(cell)) for cell in cells))
    (console if console.is_terminal else plain(_WIDE)).print(table)


def _line(text: str | None) -> str:
    """Return a text on one line, without signs that command a terminal."""
    return "".join(each if each.isprintable() else " " for each in text or "")
