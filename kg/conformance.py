"""Whether records, RDF files or a published snapshot conform, without writing anything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from kg.convert import Chunk, Knowledge, Made, Task, convert
from kg.errors import UsageError
from kg.history import Rejection, Shown, content_hash, registry_of
from kg.ingest import raw_chunks, read_chunk
from kg.iris import record_key
from kg.records import Loader, Record, Version
from kg.store import Store
from kg.validate import Report, validate_quads, validate_store
from kg.workers import Workers, chunked

# The formats that hold RDF, by the suffix of a file.
RDF_FORMATS = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
}
_RECORDS = 25


class Finding(Record, frozen=True):
    """What is wrong with one thing; nothing is where `rejection` and `report` are empty."""

    name: str
    rejection: Rejection | None = None
    report: Report | None = None

    @property
    def conforms(self) -> bool:
        """Tell whether it can be published."""
        return self.rejection is None and (self.report is None or self.report.conforms)


def check_records(
    sources: Sequence[Path],
    loaders: Mapping[str, Loader],
    name: str | None,
    known: Knowledge,
    workers: Workers,
    seen: dt.date | None = None,
) -> Iterator[Finding]:
    """Yield a finding for every record of registry sources, each version by itself.

    `name` is the loader to read them with; without it each file is read by the one that
    recognises it.
    """
    for read in workers.map(read_chunk, raw_chunks(sources, loaders, name)):
        for _, rejection in read.rejections:
            yield Finding(name=rejection.origin, rejection=rejection)
        if read.loader is not None:
            yield from _converted(read.loader, read.versions, known, seen)


def check_file(path: Path) -> Finding:
    """Validate a file of RDF as one graph, whatever graphs it names."""
    try:
        with path.open("rb") as file:
            quads = list(ox.parse(file, RDF_FORMATS[path.suffix]))
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file") from error
    except SyntaxError as error:
        raise UsageError(f"{path}: {error}") from error
    (report,) = validate_quads([(str(path), quads)])
    return Finding(name=str(path), report=report)


def check_snapshot(snapshot: Path, workers: Workers) -> Iterator[Finding]:
    """Validate everything that is published: each record, then the graphs that they share."""
    with Store.read_only(snapshot) as store:
        graphs = (*store.record_graphs(), *store.source_graphs())
        texts = (_texts(store, chunk) for chunk in chunked(graphs, _RECORDS))
        for reports in workers.map(_validate_texts, texts):
            yield from (Finding(name=one.name, report=one) for one in reports)
        yield from (Finding(name=one.name, report=one) for one in validate_store(store))


def _converted(
    loader: Loader, read: Sequence[Version], known: Knowledge, seen: dt.date | None
) -> Iterator[Finding]:
    for versions in _apart(read):
        tasks = tuple(_task(loader, one, seen) for one in versions)
        done = convert(Chunk(loader=loader, knowledge=known, tasks=tasks))
        yield from map(_finding, done.made)


def _apart(versions: Iterable[Version]) -> Iterator[list[Version]]:
    """Yield the versions in order, never two of one record together: they share their nodes."""
    batch: list[Version] = []
    for version in versions:
        key = (version.registry, version.registry_id)
        if any((one.registry, one.registry_id) == key for one in batch):
            yield batch
            batch = []
        batch.append(version)
    if batch:
        yield batch


def _task(loader: Loader, version: Version, seen: dt.date | None) -> Task:
    day = seen or version.retrieved or version.last_update
    shown = Shown(
        registry=registry_of(version, loader),
        registry_id=version.registry_id,
        loader=loader.name,
        hash=content_hash(version.content),
        first_seen=day,
        last_changed=day,
    )
    return Task(shown=shown, content=version.content)


def _finding(made: Made) -> Finding:
    name = f"{made.shown.registry} {made.shown.registry_id}"
    if isinstance(made.outcome, Rejection):
        return Finding(name=name, rejection=made.outcome)
    return Finding(name=name)


def _texts(store: Store, graphs: Sequence[ox.NamedNode]) -> tuple[tuple[str, bytes], ...]:
    return tuple(
        (
            " ".join(record_key(graph) or (graph.value,)),
            ox.serialize(store.quads(graph), format=ox.RdfFormat.N_QUADS) or b"",
        )
        for graph in graphs
    )


def _validate_texts(texts: Sequence[tuple[str, bytes]]) -> list[Report]:
    return validate_quads(
        [(name, list(ox.parse(text, ox.RdfFormat.N_QUADS))) for name, text in texts]
    )
