"""From sources into the ledger: every record that can be read, each with the date it was seen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import msgspec

from kg.errors import RecordError
from kg.forms import raw_records
from kg.history import History, Rejection
from kg.records import Loader, RawRecord, Record, Version
from kg.report import Meter, Progress, own_peak
from kg.workers import Workers, chunked

_CHUNK = 50
# Reading a record takes a millisecond, and the start of a process as long as some hundreds.
_FEW = 8


class Raws(Record, frozen=True):
    """Raw records that a worker reads at once; an error stands for what could not be split."""

    loader: Loader | None
    raws: tuple[RawRecord | RecordError, ...]


class Read(Record, frozen=True):
    """What became of them, and the peak memory of the process that did it."""

    loader: Loader | None
    versions: tuple[Version, ...]
    rejections: tuple[tuple[bytes, Rejection], ...]
    process: int
    peak: int


class Ingested(Record, frozen=True):
    """What was read: how many could not be, by which loaders, and which keys no loader knows."""

    unreadable: int
    loaders: dict[str, int]
    unknown_keys: dict[str, int]


def ingest(
    sources: Sequence[Path],
    loaders: Mapping[str, Loader],
    name: str | None,
    history: History,
    *,
    seen: dt.date | None,
    workers: Workers,
    meter: Meter,
    progress: Progress,
) -> Ingested:
    """Keep every version that the sources hold, and the reason for everything that is none.

    `name` is the loader to read them with; without it, each file is read by the one that
    recognises it. `seen` is the date at which the sources were retrieved; without it, the one that
    a record states, else its last update.
    """
    unreadable, count = 0, 0
    unknown, by = Counter[str](), Counter[str]()
    for done in workers.map(read_chunk, raw_chunks(sources, loaders, name), few=_FEW):
        meter.worker(done.process, done.peak)
        if done.loader is not None:
            history.add(
                done.loader,
                ((one, seen or one.retrieved or one.last_update) for one in done.versions),
            )
            by[done.loader.name] += len(done.versions) + len(done.rejections)
        for content, rejection in done.rejections:
            history.keep_unreadable(content, rejection)
        unknown.update(key for one in done.versions for key in one.unknown_keys)
        unreadable += len(done.rejections)
        count += len(done.versions) + len(done.rejections)
        progress("read records", count, None)
    return Ingested(
        unreadable=unreadable,
        loaders=dict(sorted(by.items())),
        unknown_keys=dict(sorted(unknown.items())),
    )


def read_chunk(chunk: Raws) -> Read:
    """Turn raw records into versions, without contacts of people."""
    versions: list[Version] = []
    rejections: list[tuple[bytes, Rejection]] = []
    for raw in chunk.raws:
        if isinstance(raw, RecordError):
            kept = rejection(raw, raw.origin, None)
            rejections.append((msgspec.json.encode(kept), kept))
        elif chunk.loader is not None:
            try:
                versions.append(chunk.loader.version(raw))
            except RecordError as error:
                kept = rejection(error, raw.origin, len(raw.content))
                rejections.append((raw.content, kept))
    process, peak = own_peak()
    return Read(
        loader=chunk.loader,
        versions=tuple(versions),
        rejections=tuple(rejections),
        process=process,
        peak=peak,
    )


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


def raw_chunks(
    sources: Sequence[Path], loaders: Mapping[str, Loader], name: str | None
) -> Iterator[Raws]:
    """Yield the raw records of all sources in chunks, each with the loader that reads it."""
    for loader, group in groupby(raw_records(sources, loaders, name), key=itemgetter(0)):
        for raws in chunked((one for _, one in group), _CHUNK):
            yield Raws(loader=loader, raws=raws)
