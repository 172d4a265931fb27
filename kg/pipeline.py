"""A run from sources to publication: read, extract, validate, write, derive, validate, publish.

Nothing that a reader sees changes before the last step, and that is one rename. A run that dies is
made good by the next: the ledger says which graphs are complete.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
import pyoxigraph as ox

from kg.bulk import LARGE, beside_records, is_large, remove_shards, write_many
from kg.convert import Knowledge, by_shape, in_words, knowledge, lexicon_of
from kg.derive import RELEASE as DERIVED
from kg.derive import Derived, derive
from kg.difference import Difference
from kg.errors import UsageError
from kg.history import History, Rejection
from kg.ingest import Ingested, ingest
from kg.iris import iri_keys, is_source_graph, named_graph, record_key
from kg.lines import Lines
from kg.publish import KEEP, current_name, current_snapshot, publish
from kg.records import Loader, Record
from kg.report import Meter, Progress, RunReport, silent, write_report
from kg.resources import LEXICON
from kg.secondary import refresh_secondary, secondary_dropped
from kg.store import Store
from kg.study import STUDIES, StudyGraph, read_refusals
from kg.tables.publication import publish_tables, publish_tables_after
from kg.tables.rows import RELEASE as TABLES
from kg.tables.rows import TrialRow
from kg.update import PUBLISHED, Plan, Run, is_checked, plan, registrations, write
from kg.validate import left_to_reference, validate_store, without_collection
from kg.vocab import TKG
from kg.void import statements
from kg.workers import Workers

PROCESSES = min(os.cpu_count() or 1, 8)

CHECKS = "checks"
Key = tuple[str, str]

_Part = TypeVar("_Part", bound=msgspec.Struct)

_WITH_REJECTS = 3


class Settings(Record, frozen=True):
    """How a run is done, which does not change what comes out.

    All but `lexicon`: the folders of tables, of which a later one adds to an earlier. From `many`
    new graphs on they are written by way of shards.
    """

    lexicon: tuple[Path, ...] = (LEXICON,)
    processes: int = PROCESSES
    keep: int = KEEP
    many: int = LARGE


def build(
    data: Path,
    sources: Sequence[Path],
    loaders: Mapping[str, Loader],
    *,
    registry: str | None = None,
    seen: dt.date | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> RunReport:
    """Bring the published graph up to date with the sources and return what was done.

    `registry` names the loader of all sources; without it each file is read by the one that
    recognises it. Without sources it is rebuilt from the ledger, as after a change of the lexicon.
    `seen` is the date at which the sources were retrieved. Raises StoreError while another run
    writes there.
    """
    if registry is not None and registry not in loaders:
        raise UsageError(f"no loader for {registry!r}; there are: {', '.join(sorted(loaders))}")
    settings = settings or Settings()
    meter = Meter()
    with (
        Store.open(data / "store") as store,
        History.open(data / "history.sqlite") as history,
        Workers(settings.processes) as workers,
    ):
        if not sources and history.is_empty():
            raise UsageError(f"{data} has no records yet: name a file or folder to read")
        run = Run(
            loaders=loaders,
            known=knowledge(settings.lexicon),
            store=store,
            history=history,
            workers=workers,
            meter=meter,
            progress=progress,
        )
        report = _stages(run, data, sources, registry, seen, settings)
    write_report(report, data)
    return report


def remove(data: Path, registry: str, registry_id: str) -> int:
    """Forget a record with all its versions, and return how many there were.

    It stays in the published graph until the next build.
    """
    with Store.open(data / "store"), History.open(data / "history.sqlite") as history:
        return history.delete(registry, registry_id)


def _stages(
    run: Run,
    data: Path,
    sources: Sequence[Path],
    registry: str | None,
    seen: dt.date | None,
    settings: Settings,
) -> RunReport:
    with run.meter.stage("read"):
        ingested = ingest(
            sources,
            run.loaders,
            registry,
            run.history,
            seen=seen,
            workers=run.workers,
            meter=run.meter,
            progress=run.progress,
        )
    with run.meter.stage("plan"):
        wanted = plan(run)
    many = is_large(wanted, settings.many)
    with run.meter.stage("graphs"):
        written = _write(run, wanted, data, many=many)
        changed = refresh_secondary(run) or bool(wanted.todo or wanted.gone)
    touched = frozenset(_keys(wanted)) if run.store.followed else None
    snapshot = _publish(run, data, settings.keep, touched, changed=changed)
    report = _report(run, ingested, wanted)
    report.sources = [str(source) for source in sources]
    report.written, report.snapshot = written, snapshot
    if many or is_checked(wanted):
        report.validated, report.left_to_pyshacl = CHECKS, left_to_reference()
    with run.meter.stage("totals"):
        _add_totals(report, run)
    report.exit_status = _status(report.records, report.rejected, report.snapshot)
    report.seconds = dict(run.meter.seconds)
    report.seconds_total = run.meter.total()
    report.peak_memory_mb = run.meter.peak_mb()
    return report


def _report(run: Run, ingested: Ingested, wanted: Plan) -> RunReport:
    reads = run.history.reads()
    return RunReport(
        sources=[],
        started=run.meter.started.isoformat(timespec="milliseconds"),
        registry=", ".join(ingested.loaders),
        read=reads.read + ingested.unreadable,
        unreadable=ingested.unreadable,
        repeated=reads.repeated,
        superseded=reads.superseded,
        unchanged=wanted.unchanged,
        removed=len(wanted.gone),
        unknown_keys=ingested.unknown_keys,
    )


def _write(run: Run, wanted: Plan, data: Path, *, many: bool) -> int:
    """Write the record graphs; note what differs where what is derived can follow from that."""
    if many:
        return write_many(run, wanted, data)
    if _is_published(run, data):
        run.store.followed = Difference()
    return write(run, wanted)


def _keys(wanted: Plan) -> Iterator[Key]:
    yield from ((one.registry, one.registry_id) for one, _ in wanted.todo)
    yield from wanted.gone


def _publish(
    run: Run, data: Path, keep: int, touched: Set[Key] | None, *, changed: bool
) -> str | None:
    """Derive and publish where anything differs from what is published; return its name.

    A graph that became empty because every record was rejected is not published.
    """
    known, current = run.known, current_name(data)
    done = _is_published(run, data)
    empty = not any(map(_is_of_records, run.store.engine.named_graphs()))
    if (done and not changed) or (empty and (current is None or run.history.kept_aside())):
        return current
    since = run.store.followed
    follows = since is not None and since.is_complete
    if since is not None and follows:
        since.follow_on()
    before = current_snapshot(data) if current is not None and follows else None
    studies = _studies(run, before)
    # What is made here lives until the end: to look for cycles in it finds nothing.
    with run.meter.stage("derive"), without_collection():
        derived = derive(
            run.store,
            lexicon_of(known),
            studies,
            run.progress,
            since,
            None if follows else beside_records(run, data),
        )
    with run.meter.stage("validate"):
        run.history.note_shared(list(_shared_rejections(run, derived, follows=follows)))
    with run.meter.stage("publish"):

        def beside(folder: Path) -> None:
            _tables(run, folder, before, touched or frozenset(), derived.lines)
            studies.write(folder)

        name = publish(run.store, data, keep=keep, beside=beside).name
    run.history.remember(PUBLISHED, _published(known, name))
    remove_shards(data)
    return name


def _is_of_records(graph: ox.NamedNode | ox.BlankNode) -> bool:
    return isinstance(graph, ox.NamedNode) and (
        record_key(graph) is not None or is_source_graph(graph)
    )


def _is_published(run: Run, data: Path) -> bool:
    """Return whether what is published was made of the same tables, from all that is stored."""
    described = run.store.engine.contains_named_graph(named_graph("void"))
    return described and run.history.setting(PUBLISHED) == _published(run.known, current_name(data))


def _published(known: Knowledge, name: str | None) -> str:
    made_of = (known.extraction, known.lexicon, known.ontology, known.shapes, TABLES)
    return " ".join((DERIVED, *made_of, str(name)))


def _shared_rejections(run: Run, derived: Derived, *, follows: bool) -> Iterator[Rejection]:
    """Yield what is wrong with graphs that no single record is to blame for; they are published.

    Where nothing was wrong before, only what has changed is looked at.
    """
    touched = _touched(run) if follows and not run.history.shared_rejections() else None
    reports = validate_store(
        run.store, conforming=derived.conforming, touched=touched, known=derived.lines
    )
    for found in reports:
        if not found.conforms:
            yield Rejection(
                registry="",
                registry_id="",
                reason=f"{found.name} does not conform to the shapes",
                remedy="correct the table that the statement comes from, and build again",
                report=tuple(in_words(one) for one in found.violations),
                violations=by_shape(found.violations),
            )


def _touched(run: Run) -> dict[ox.NamedNode, set[ox.NamedNode]]:
    """Return by graph the subjects of which something has come or left."""
    found: dict[ox.NamedNode, set[ox.NamedNode]] = {}
    for quad in run.store.followed.quads() if run.store.followed else ():
        if isinstance(quad.graph_name, ox.NamedNode) and isinstance(quad.subject, ox.NamedNode):
            found.setdefault(quad.graph_name, set()).add(quad.subject)
    return found


def _tables(run: Run, folder: Path, before: Path | None, touched: Set[Key], known: Lines) -> None:
    """Write the tables for search and facets beside the published store."""
    lexicon = lexicon_of(run.known)
    if before is not None:
        changed = touched | _of_changed_studies(run)
        if publish_tables_after(before, changed, partial(_rows, run), run.store, lexicon, folder):
            return
    rows = (one.row for one in _notes(run.history.notes(), _Searched))
    publish_tables(rows, run.store, lexicon, folder, known)


def _rows(run: Run, keys: Iterable[Key]) -> Iterator[TrialRow]:
    return (one.row for one in _notes(run.history.notes_on(keys), _Searched))


def _of_changed_studies(run: Run) -> set[Key]:
    """Return the trials whose study or flags for their likeness to others have changed."""
    said = (TKG.registrationOf, TKG.recordFlag)
    quads = run.store.followed.quads() if run.store.followed else set()
    found = (q.subject for q in quads if q.graph_name == STUDIES and q.predicate in said)
    keys = (iri_keys(one)[1:] for one in found if isinstance(one, ox.NamedNode))
    return {(registry, registry_id) for registry, registry_id in keys}


class _Searched(msgspec.Struct, frozen=True):
    row: TrialRow


def _notes(blobs: Iterable[bytes], part: type[_Part]) -> Iterator[_Part]:
    """Yield a part of the notes on records; the rest is not made into anything."""
    decoder = msgspec.json.Decoder(part)
    return map(decoder.decode, blobs)


def _studies(run: Run, before: Path | None) -> StudyGraph:
    history = run.history
    return StudyGraph(
        lambda: registrations(history.notes()),
        lambda keys: registrations(history.notes_on(keys)),
        read_refusals(run.known.folders),
        run.turned,
        before,
    )


def _add_totals(report: RunReport, run: Run) -> None:
    """Add what is in the data folder now."""
    with run.history.transaction():
        run.history.tallies.look()
    settled, kept_aside = run.history.settled()
    report.records = settled - kept_aside
    fields, warnings = run.history.tallies.totals()
    if run.history.source_states():
        fields.update(secondary_dropped(run.store))
    violations = Counter[str]()
    for aside in run.history.rejections():
        violations.update(dict(aside.violations))
    shared = len(run.history.shared_rejections())
    report.rejected = report.unreadable + len(run.history.kept_aside()) + shared
    # The description in the store is that of what is published, if anything is.
    described = run.history.setting(PUBLISHED)
    report.statements = statements(run.store) if described else len(run.store.engine)
    report.fields_dropped = dict(sorted(fields.items()))
    report.violations = dict(sorted(violations.items()))
    report.warnings = dict(sorted(warnings.items()))


def _status(records: int, rejected: int, snapshot: str | None) -> int:
    if snapshot is None or (not records and rejected):
        return 1
    return _WITH_REJECTS if rejected else 0
