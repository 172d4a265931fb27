"""From sources into the ledger: every record that can be read, each with the date it was seen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from kg.errors import RecordError
from kg.history import History, Rejection
from kg.records import Loader, RawRecord, Record, Version
from kg.report import Meter, Progress, own_peak
from kg.sources import DAMAGE, open_source, source_files
from kg.workers import Workers, chunked

_CHUNK = 50


class Raws(Record, frozen=True):
    """Raw records that a worker reads at once; an error stands for what could not be split."""

    loader: Loader
    raws: tuple[RawRecord | Rejection, ...]


class Read(Record, frozen=True):
    """What became of them, and the peak memory of the process that did it."""

    versions: tuple[Version, ...]
    rejections: tuple[tuple[bytes, Rejection], ...]
    process: int
    peak: int


class Ingested(Record, frozen=True):
    """What was read: how many could not be, and which keys no loader knows."""

    unreadable: int
    unknown_keys: dict[str, int]


def ingest(
    sources: Sequence[Path],
    loader: Loader,
    history: History,
    *,
    seen: dt.date | None,
    workers: Workers,
    meter: Meter,
    progress: Progress,
) -> Ingested:
    """Keep every version that the sources hold, and the reason for everything that is none.

    `seen` is the date at which the sources were retrieved; without it, the one that a record
    states, else its last update.
    """
    unreadable, count = 0, 0
    unknown: Counter[str] = Counter()
    chunks = (
        Raws(loader=loader, raws=raws) for raws in chunked(raw_records(sources, loader), _CHUNK)
    )
    for done in workers.map(read_chunk, chunks):
        meter.worker(done.process, done.peak)
        history.add(
            loader,
            ((one, seen or one.retrieved or one.last_update) for one in done.versions),
        )
        for content, rejection in done.rejections:
            history.keep_unreadable(content, rejection)
        unknown.update(key for one in done.versions for key in one.unknown_keys)
        unreadable += len(done.rejections)
        count += len(done.versions) + len(done.rejections)
        progress("read records", count, None)
    return Ingested(unreadable=unreadable, unknown_keys=dict(sorted(unknown.items())))


def raw_records(sources: Sequence[Path], loader: Loader) -> Iterator[RawRecord | Rejection]:
    """Yield the raw records of all sources; a rejection stands for what could not be split."""
    for path in source_files(sources):
        name = str(path)
        try:
            for name, stream in open_source(path):
                yield from _records(loader, stream, name)
        except DAMAGE as error:
            yield Rejection(
                registry=loader.registry or loader.name,
                registry_id="",
                reason=f"the file is damaged, and what follows in it was not read: {error}",
                remedy="download it again, or unpack and mend it",
                origin=name,
            )


def read_chunk(chunk: Raws) -> Read:
    """Turn raw records into versions, without contacts of people."""
    versions: list[Version] = []
    rejections: list[tuple[bytes, Rejection]] = []
    for raw in chunk.raws:
        if isinstance(raw, Rejection):
            rejections.append((raw.origin.encode(), raw))
            continue
        try:
            versions.append(chunk.loader.version(raw))
        except RecordError as error:
            rejections.append((raw.content, rejection(error, raw.origin, len(raw.content))))
    process, peak = own_peak()
    return Read(versions=tuple(versions), rejections=tuple(rejections), process=process, peak=peak)


def rejection(error: RecordError, origin: str, length: int | None) -> Rejection:
    """Return what is kept of a record that cannot be read: never its content."""
    return Rejection(
        registry=error.registry,
        registry_id=error.registry_id,
        reason=error.reason,
        field=error.field,
        remedy=error.remedy,
        origin=error.origin or origin,
        length=length,
    )


def _records(loader: Loader, stream: BinaryIO, name: str) -> Iterator[RawRecord | Rejection]:
    try:
        yield from loader.read(stream, name)
    except RecordError as error:
        yield rejection(error, name, None)
