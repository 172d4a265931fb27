"""`trialkg refresh`: keeps the graph current with a registry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, BinaryIO, cast

import msgspec
import typer
from rich.table import Table

from kg.cli.build import Keep, Processes, seen_date
from kg.cli.options import DATA, Data, Json, Lexicon, log, out, progress
from kg.cli.run_report import show_kept_aside
from kg.errors import UsageError
from kg.pipeline import PROCESSES, Settings
from kg.publish import KEEP
from kg.refresh import RefreshReport, refresh, refresh_from_archive
from kg.report import Progress
from kg.resources import LEXICON
from loaders import LOADERS

if TYPE_CHECKING:
    from loaders.clinicaltrials_api import Server

# The registries whose servers we know how to ask.
_FETCHED = ("clinicaltrials",)

Registry = Annotated[str, typer.Option(help="The registry to ask.")]
Query = Annotated[
    str, typer.Option(help="Only studies that answer this, as the registry's search takes it.")
]
Since = Annotated[
    str | None, typer.Option(help="Updated on this day or later; else since the last refresh.")
]
Zip = Annotated[
    str | None, typer.Option("--zip", help="The registry's archive of all records: file or URL.")
]
Seen = Annotated[str | None, typer.Option(help="The day at which the archive was made.")]
Thorough = Annotated[
    bool, typer.Option("--thorough", help="Read all of the archive, not what was updated.")
]
BaseUrl = Annotated[str | None, typer.Option(help="The address of the API or of a mirror.")]
Rate = Annotated[float, typer.Option(min=0.01, max=100, help="At most so many requests a second.")]
Timeout = Annotated[float, typer.Option(min=0.1, help="Seconds to wait for the server to go on.")]
Retries = Annotated[int, typer.Option(min=0, max=7, help="How often a request is repeated.")]
MostWithdrawn = Annotated[
    int | None, typer.Option(min=0, help="How many records may vanish at once and be believed.")
]
_ROWS = {
    "asked": "asked",
    "updated since": "since",
    "data of the registry": "data_version",
    "requests": "requests",
    "of them repeated": "repeated",
    "begun anew": "began_anew",
    "fetched": "fetched",
    "changed": "changed",
    "unchanged": "unchanged",
    "could not be read": "failed",
    "withdrawn by the registry": "withdrawn",
    "given again": "returned",
}


def refresh_command(
    *,
    data: Data = DATA,
    registry: Registry = "clinicaltrials",
    query: Query = "",
    since: Since = None,
    zip_: Zip = None,
    seen: Seen = None,
    thorough: Thorough = False,
    base_url: BaseUrl = None,
    rate: Rate = 1.0,
    timeout: Timeout = 60.0,
    retries: Retries = 7,
    most_withdrawn: MostWithdrawn = None,
    lexicon: Lexicon = None,
    processes: Processes = PROCESSES,
    keep: Keep = KEEP,
    json: Json = False,
) -> None:
    """Fetch what a registry updated, mark what it withdrew, and publish.

    Exit status: as of build, and 3 where a record could not be read or too many vanished to be
    believed. A run that was broken off is gone on with.
    """
    _require_sense(registry, zip_, of_server=bool(query or since), of_zip=bool(seen or thorough))
    from loaders.clinicaltrials_api import BASE, WAITS, Manners, Server

    settings = Settings(lexicon=(LEXICON, *(lexicon or ())), processes=processes, keep=keep)
    manners = Manners(rate=rate, timeout=timeout, waits=WAITS[:retries], tell=log().print)
    with Server(base_url or BASE, manners) as server, progress() as show:
        if zip_ is None:
            report = refresh(
                data, server, registry, LOADERS, query=query, since=_since(since),
                most_withdrawn=most_withdrawn, settings=settings, progress=show,
            )  # fmt: skip
        else:
            report = _from_archive(
                data, server, registry, zip_, seen_date(seen), thorough=thorough,
                most_withdrawn=most_withdrawn, settings=settings, show=show,
            )  # fmt: skip
    _show(report, data, json=json)
    raise typer.Exit(report.exit_status)


def _require_sense(registry: str, place: str | None, *, of_server: bool, of_zip: bool) -> None:
    if registry not in _FETCHED:
        raise UsageError(f"--registry {registry}: there is a server for {', '.join(_FETCHED)}")
    if place is not None and of_server:
        raise UsageError("--zip holds the whole registry: leave out --query and --since")
    if place is None and of_zip:
        raise UsageError("--seen and --thorough are about --zip: name the archive")


def _since(text: str | None) -> dt.date | None:
    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"--since {text}: no date such as 2026-08-22") from error


def _from_archive(
    data: Path,
    server: Server,
    registry: str,
    place: str,
    seen: dt.date | None,
    *,
    thorough: bool,
    most_withdrawn: int | None,
    settings: Settings,
    show: Progress,
) -> RefreshReport:
    from loaders.clinicaltrials_api import glance

    with _at_hand(data, server, place) as archive:
        return refresh_from_archive(
            data, archive, registry, LOADERS, glance, source=place, seen=seen, thorough=thorough,
            most_withdrawn=most_withdrawn, settings=settings, progress=show,
        )  # fmt: skip


@contextmanager
def _at_hand(data: Path, server: Server, place: str) -> Iterator[Path | BinaryIO]:
    """Give an archive, downloaded where it is an address.

    It holds contacts of people: what is downloaded has no name on the disk, so that nothing of it
    is left when the run ends, even when it is killed.
    """
    if not place.startswith(("http://", "https://")):
        yield Path(place)
        return
    data.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=data) as file:
        server.download(place, file)
        yield cast("BinaryIO", file)


def _show(report: RefreshReport, data: Path, *, json: bool) -> None:
    if json:
        out().print_json(msgspec.json.encode(report).decode())
    else:
        values = msgspec.to_builtins(report)
        table = Table("refresh", "", show_header=False)
        for label, name in _ROWS.items():
            table.add_row(label, f"{values[name]:,}" if type(values[name]) is int else values[name])
        for stage, seconds in report.seconds.items():
            table.add_row(f"seconds: {stage}", f"{seconds:,}")
        table.add_row("published", report.snapshot or "nothing")
        out().print(table)
    if report.doubtful:
        log().print(
            f"{report.doubtful} records are not given any more, too many to be believed, and none "
            f"is marked; if it is so: --most-withdrawn {report.doubtful}"
        )
    if report.unfetched:
        log().print(
            f"{report.unfetched} records answer and are not here; fetch all: --since 1990-01-01"
        )
    if not report.checked and report.build is not None:
        log().print("records that vanished were not looked for: it is not known what was there")
    if report.build is not None:
        show_kept_aside(report.build.rejected, data, log())
