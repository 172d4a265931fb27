"""A run from sources to publication: read, extract, validate, write, derive, validate, publish.

Nothing that a reader sees changes before the last step, and that is one rename. A run that dies is
made good by the next: the ledger says which graphs are complete.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from kg.bulk import LARGE, is_large, record_counts, remove_shards, write_many
from kg.convert import Knowledge, Notes, by_shape, in_words, knowledge, lexicon_of
from kg.derive import RELEASE as DERIVED
from kg.derive import derive
from kg.difference import Difference
from kg.errors import UsageError
from kg.history import History, Rejection
from kg.ingest import Ingested, ingest
from kg.iris import named_graph
from kg.publish import KEEP, current_name, publish
from kg.records import Loader, Record
from kg.report import Meter, Progress, RunReport, silent, write_report
from kg.resources import LEXICON
from kg.secondary import refresh_secondary
from kg.store import Store
from kg.study import Registration, read_refusals
from kg.tables import publish_tables
from kg.update import PUBLISHED, Plan, Run, plan, write
from kg.validate import left_to_reference, validate_store
from kg.workers import Workers

PROCESSES = min(os.cpu_count() or 1, 8)

CHECKS = "checks"

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
        if not sources and not any(history.count()):
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
    wanted = plan(run)
    many = is_large(wanted, settings.many)
    with run.meter.stage("graphs"):
        written = _write(run, wanted, data, many=many)
        changed = refresh_secondary(run) or bool(wanted.todo or wanted.gone)
    snapshot = _publish(run, data, settings.keep, changed=changed)
    report = _report(run, ingested, wanted)
    report.sources = [str(source) for source in sources]
    report.written, report.snapshot = written, snapshot
    if many:
        report.validated, report.left_to_pyshacl = CHECKS, left_to_reference()
    _add_totals(report, run)
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


def _publish(run: Run, data: Path, keep: int, *, changed: bool) -> str | None:
    """Derive and publish where anything differs from what is published; return its name.

    A graph that became empty because every record was rejected is not published.
    """
    known, current = run.known, current_name(data)
    done = _is_published(run, data)
    empty = not run.store.record_graphs() and not run.store.source_graphs()
    if (done and not changed) or (empty and (current is None or run.history.kept_aside())):
        return current
    with run.meter.stage("derive"):
        refusals = read_refusals(known.folders)
        derive(
            run.store,
            lexicon_of(known),
            lambda: _registrations(run),
            refusals,
            run.progress,
            run.store.followed,
            lambda: record_counts(run, data),
        )
    with run.meter.stage("validate"):
        run.history.note_shared(list(_shared_rejections(run)))
    with run.meter.stage("publish"):
        name = publish(run.store, data, keep=keep, beside=lambda folder: _tables(run, folder)).name
    run.history.remember(PUBLISHED, _published(known, name))
    remove_shards(data)
    return name


def _is_published(run: Run, data: Path) -> bool:
    """Return whether what is published was made of the same tables, from all that is stored."""
    described = run.store.engine.contains_named_graph(named_graph("void"))
    return described and run.history.setting(PUBLISHED) == _published(run.known, current_name(data))


def _published(known: Knowledge, name: str | None) -> str:
    return " ".join((DERIVED, known.extraction, known.lexicon, known.ontology, str(name)))


def _shared_rejections(run: Run) -> Iterator[Rejection]:
    """Yield what is wrong with graphs that no single record is to blame for; they are published."""
    for found in validate_store(run.store):
        if not found.conforms:
            yield Rejection(
                registry="",
                registry_id="",
                reason=f"{found.name} does not conform to the shapes",
                remedy="correct the table that the statement comes from, and build again",
                report=tuple(in_words(one) for one in found.violations),
                violations=by_shape(found.violations),
            )


def _tables(run: Run, folder: Path) -> None:
    """Write the tables for search and facets beside the published store."""
    publish_tables((one.row for one in _notes(run)), run.store, lexicon_of(run.known), folder)


def _notes(run: Run) -> Iterator[Notes]:
    return (msgspec.json.decode(blob, type=Notes) for blob in run.history.notes())


def _registrations(run: Run) -> Iterator[Registration]:
    return (one.registration for one in _notes(run))


def _add_totals(report: RunReport, run: Run) -> None:
    """Add what is in the data folder now, and what the run cost."""
    fields, warnings, violations = Counter[str](), Counter[str](), Counter[str]()
    for one in _notes(run):
        report.records += 1
        fields.update(one.dropped)
        warnings.update(dict(one.warnings))
    for aside in run.history.rejections():
        violations.update(dict(aside.violations))
    shared = len(run.history.shared_rejections())
    report.rejected = report.unreadable + len(run.history.kept_aside()) + shared
    report.statements = len(run.store.engine)
    report.fields_dropped = dict(sorted(fields.items()))
    report.violations = dict(sorted(violations.items()))
    report.warnings = dict(sorted(warnings.items()))
    report.exit_status = _status(report.records, report.rejected, report.snapshot)
    report.seconds = dict(run.meter.seconds)
    report.seconds_total = run.meter.total()
    report.peak_memory_mb = run.meter.peak_mb()


def _status(records: int, rejected: int, snapshot: str | None) -> int:
    if snapshot is None or (not records and rejected):
        return 1
    return _WITH_REJECTS if rejected else 0
