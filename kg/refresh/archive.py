"""A refresh from the archive that holds a whole registry: what it lacks has vanished.

An archive is a path, or a file that is open and has no name, since contacts of people stand in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from kg.errors import RecordError, UsageError
from kg.forms import Found as Raw
from kg.forms import archived_records, raw_records
from kg.history import History
from kg.ingest import Raws, Read, read_chunk
from kg.pipeline import Settings
from kg.records import Loader, RawRecord
from kg.refresh.ledger import Marks
from kg.refresh.report import RefreshReport, write_refresh_report
from kg.refresh.run import publish_refreshed
from kg.refresh.vanished import Found, mark
from kg.report import Meter, Progress, silent
from kg.store import Store
from kg.workers import Workers

Glance = Callable[[RawRecord], tuple[str, dt.date] | None]
"""Tells identifier and last update of a record without reading all of it."""

_CHUNK = 50
_EVERY = 1000


@dataclass(slots=True)
class Seen:
    """What the archive holds: identifiers, and the latest days that its records tell."""

    ids: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    failed: int = 0
    updated: dt.date = dt.date.min
    retrieved: dt.date = dt.date.min

    @property
    def day(self) -> dt.date:
        """Return the day of which the archive seems to be."""
        return max(self.retrieved, self.updated)


def refresh_from_archive(
    data: Path,
    archive: Path | BinaryIO,
    registry: str,
    loaders: Mapping[str, Loader],
    glance: Glance,
    *,
    source: str = "",
    seen: dt.date | None = None,
    thorough: bool = False,
    most_withdrawn: int | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> RefreshReport:
    """Read from an archive what was updated, mark what it lacks, publish, and return what was done.

    A record whose last update is the one that is known is taken for unchanged, unless it is to be
    `thorough`. `source` names an archive that has no path; `seen` is the day at which it was made,
    without it the day that its records tell. Nothing is marked where a part of the archive could
    not be read.
    """
    settings = settings or Settings()
    meter = Meter()
    found, report = read_archive(
        data, archive, loaders, registry, glance, source=source, seen=seen, thorough=thorough,
        most_withdrawn=most_withdrawn, processes=settings.processes, meter=meter, progress=progress,
    )  # fmt: skip
    publish_refreshed(data, loaders, "", report, meter, settings, progress)
    if report.checked:
        with Marks.open(data, registry, "") as marks:
            _finish(marks, found, seen or found.day)
    write_refresh_report(report, data)
    return report


def read_archive(
    data: Path,
    archive: Path | BinaryIO,
    loaders: Mapping[str, Loader],
    registry: str,
    glance: Glance,
    *,
    source: str = "",
    seen: dt.date | None = None,
    thorough: bool = False,
    most_withdrawn: int | None = None,
    processes: int = 1,
    meter: Meter | None = None,
    progress: Progress = silent,
) -> tuple[Seen, RefreshReport]:
    """Bring into the ledger what an archive changes, and mark there what it lacks."""
    meter = meter or Meter()
    report = RefreshReport(registry=registry, asked="", source=source or str(archive))
    if isinstance(archive, Path) and not archive.is_file():
        raise UsageError(f"{archive}: no such file")
    raws = _raws(archive, report.source, loaders, registry)
    with (
        Store.open(data / "store"),
        History.open(data / "history.sqlite") as history,
        Marks.open(data, registry, "") as marks,
        Workers(processes) as workers,
    ):
        found = Seen()
        with meter.stage("read"):
            updates = {} if thorough else marks.updates(loaders[registry].name)
            chunks = _worth_reading(raws, loaders[registry], glance, updates, found, progress)
            for done in workers.map(read_chunk, chunks):
                meter.worker(done.process, done.peak)
                _keep(history, marks, done, seen, found)
        with meter.stage("vanished"):
            if not found.failed and found.ids:
                gone = Found(found.ids, marks.known() - found.ids, 0)
                mark(history, marks, gone, found.ids, seen or found.day, most_withdrawn, report)
                report.checked = True
    _tell(report, found, seen or found.day)
    return found, report


def _raws(
    archive: Path | BinaryIO, name: str, loaders: Mapping[str, Loader], registry: str
) -> Iterator[Raw]:
    if isinstance(archive, Path):
        return raw_records([archive], loaders, registry)
    return archived_records(archive, name, loaders[registry])


def _worth_reading(
    given: Iterator[Raw],
    loader: Loader,
    glance: Glance,
    updates: Mapping[str, str],
    found: Seen,
    progress: Progress,
) -> Iterator[Raws]:
    """Yield in chunks the records that are not known as they stand; note what all of them tell."""
    raws: list[RawRecord | RecordError] = []
    for count, (_, raw) in enumerate(given, start=1):
        if count % _EVERY == 0:
            progress("read the archive", count, None)
        told = glance(raw) if isinstance(raw, RawRecord) else None
        if told is not None:
            found.updated = max(found.updated, told[1])
        if told is not None and updates.get(told[0]) == told[1].isoformat():
            found.ids.add(told[0])
            continue
        raws.append(raw)
        if len(raws) == _CHUNK:
            yield Raws(loader=loader, raws=tuple(raws))
            raws = []
    if raws:
        yield Raws(loader=loader, raws=tuple(raws))


def _keep(history: History, marks: Marks, done: Read, seen: dt.date | None, found: Seen) -> None:
    if done.loader is None:
        return
    found.ids.update(one.registry_id for one in done.versions)
    days = (one.retrieved for one in done.versions if one.retrieved)
    found.retrieved = max(days, default=found.retrieved)
    news = [one for one in done.versions if not marks.has(done.loader.name, one)]
    if news:
        marks.note_unpublished()
        found.changed.update(one.registry_id for one in news)
        history.add(done.loader, ((one, seen or one.retrieved or one.last_update) for one in news))
    found.failed += len(done.rejections)
    for content, rejected in done.rejections:
        history.keep_unreadable(content, rejected)


def _tell(report: RefreshReport, found: Seen, day: dt.date) -> None:
    report.fetched = len(found.ids) + found.failed
    report.changed = len(found.changed)
    report.unchanged = len(found.ids - found.changed)
    report.failed = found.failed
    report.data_version = None if day == dt.date.min else day.isoformat()


def _finish(marks: Marks, found: Seen, day: dt.date) -> None:
    """Let the next refresh from the server go on from here."""
    last = marks.last_version()
    here = dt.datetime.combine(day, dt.time())
    marks.finish(here if last is None else max(here, last.replace(tzinfo=None)), found.ids)
