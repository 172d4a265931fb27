"""A run from sources to publication: read, extract, validate, write, derive, publish.

Nothing that a reader sees changes before the last step, and that is one rename. A run that dies is
made good by the next: the ledger says which graphs are complete.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from kg.convert import Chunk, Knowledge, Made, Notes, Task, convert, knowledge, lexicon_of, state
from kg.derive import RELEASE as DERIVED
from kg.derive import derive
from kg.errors import UsageError
from kg.history import History, Rejection, Shown
from kg.ingest import Ingested, ingest
from kg.iris import record_graph, record_key
from kg.publish import KEEP, current_name, publish
from kg.records import Loader, Record
from kg.report import Meter, RunReport, write_report
from kg.resources import LEXICON
from kg.store import Store
from kg.study import Registration
from kg.workers import Workers, chunked

Progress = Callable[[str, int, int | None], None]

PROCESSES = min(os.cpu_count() or 1, 8)

_CHUNK = 25
_WRITE_BYTES = 48 << 20
_PUBLISHED = "published"
_WITH_REJECTS = 3


class Settings(Record, frozen=True):
    """How a run is done, which does not change what comes out.

    All but `lexicon`: the folders of tables, of which a later one adds to an earlier.
    """

    lexicon: tuple[Path, ...] = (LEXICON,)
    processes: int = PROCESSES
    keep: int = KEEP


class Plan(Record, frozen=True):
    """Which record graphs have to be made, how many stay, and which leave."""

    todo: tuple[tuple[Shown, str], ...]
    unchanged: int
    gone: tuple[tuple[str, str], ...]


class Run(Record, frozen=True):
    """What the stages of one run share."""

    data: Path
    loaders: Mapping[str, Loader]
    known: Knowledge
    store: Store
    history: History
    workers: Workers
    meter: Meter
    settings: Settings
    progress: Progress


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


def build(
    data: Path,
    sources: Sequence[Path],
    loaders: Mapping[str, Loader],
    *,
    registry: str = "clinicaltrials",
    seen: dt.date | None = None,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> RunReport:
    """Bring the published graph up to date with the sources and return what was done.

    Without sources it is rebuilt from the ledger, as after a change of the lexicon. `seen` is the
    date at which the sources were retrieved. Raises StoreError while another run writes there.
    """
    if registry not in loaders:
        raise UsageError(f"no loader for {registry!r}; there are: {', '.join(sorted(loaders))}")
    settings = settings or Settings()
    meter = Meter()
    with (
        Store.open(data / "store") as store,
        History.open(data / "history.sqlite") as history,
        Workers(settings.processes) as workers,
    ):
        run = Run(
            data=data,
            loaders=loaders,
            known=knowledge(settings.lexicon),
            store=store,
            history=history,
            workers=workers,
            meter=meter,
            settings=settings,
            progress=progress,
        )
        report = _stages(run, sources, loaders[registry], seen)
    write_report(report, data)
    return report


def remove(data: Path, registry: str, registry_id: str) -> int:
    """Forget a record with all its versions, and return how many there were.

    It stays in the published graph until the next build.
    """
    with Store.open(data / "store"), History.open(data / "history.sqlite") as history:
        return history.delete(registry, registry_id)


def _stages(run: Run, sources: Sequence[Path], loader: Loader, seen: dt.date | None) -> RunReport:
    with run.meter.stage("read"):
        ingested = ingest(
            sources,
            loader,
            run.history,
            seen=seen,
            workers=run.workers,
            meter=run.meter,
            progress=run.progress,
        )
    plan = _plan(run)
    with run.meter.stage("graphs"):
        written = _write(run, plan)
    snapshot = _publish(run, changed=bool(plan.todo or plan.gone))
    return _report(run, sources, loader, ingested, plan, written, snapshot)


def _plan(run: Run) -> Plan:
    """Compare what is shown with what the graphs were made from."""
    states, aside = run.history.states(), run.history.kept_aside()
    present = {graph.value for graph in run.store.graphs()}
    todo, unchanged, known = [], 0, set()
    for shown in run.history.shown():
        key = (shown.registry, shown.registry_id)
        known.add(key)
        wanted = state(shown, _loader(run, shown.registry), run.known)
        complete = key in aside or record_graph(*key).value in present
        if complete and states.get(key) == wanted:
            unchanged += 1
        else:
            todo.append((shown, wanted))
    return Plan(todo=tuple(todo), unchanged=unchanged, gone=tuple(_gone(run, states, known)))


def _gone(
    run: Run, states: Mapping[tuple[str, str], str], known: set[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Return the records that have a graph or a state and are not in the ledger any more."""
    written = {key for graph in run.store.record_graphs() if (key := record_key(graph))}
    return sorted((written | set(states)) - known)


def _loader(run: Run, registry: str) -> Loader:
    if registry not in run.loaders:
        raise UsageError(f"the ledger has records of {registry!r}, for which there is no loader")
    return run.loaders[registry]


def _write(run: Run, plan: Plan) -> int:
    """Let the record graphs be what the plan wants, and return how many were written."""
    if plan.todo or plan.gone:
        run.history.remember(_PUBLISHED, "")
    run.history.unsettle(plan.gone)
    for key in plan.gone:
        run.store.remove(record_graph(*key))
    written = 0
    states = {(one.registry, one.registry_id): wanted for one, wanted in plan.todo}
    for made in _batches(_converted(run, plan)):
        written += _settle(run, made, states)
        run.progress("write graphs", written, len(plan.todo))
    return written


def _converted(run: Run, plan: Plan) -> Iterator[Made]:
    count = 0
    for done in run.workers.map(convert, _chunks(run, plan)):
        run.meter.worker(done.process, done.peak)
        count += len(done.made)
        run.progress("extract and validate", count, len(plan.todo))
        yield from done.made


def _chunks(run: Run, plan: Plan) -> Iterator[Chunk]:
    for registry in sorted({shown.registry for shown, _ in plan.todo}):
        todo = (shown for shown, _ in plan.todo if shown.registry == registry)
        tasks = (Task(shown=one, content=run.history.content(one)) for one in todo)
        for chunk in chunked(tasks, _CHUNK):
            yield Chunk(loader=run.loaders[registry], knowledge=run.known, tasks=chunk)


def _batches(made: Iterator[Made]) -> Iterator[list[Made]]:
    batch: list[Made] = []
    size = 0
    for one in made:
        batch.append(one)
        size += len(one.nquads)
        if size > _WRITE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _settle(run: Run, batch: Sequence[Made], states: Mapping[tuple[str, str], str]) -> int:
    """Write a batch of graphs; the ledger calls them complete only after they are."""
    keys = [(one.shown.registry, one.shown.registry_id) for one in batch]
    run.history.unsettle(keys)
    graphs = [record_graph(*key) for key in keys]
    run.store.replace_all(graphs, b"".join(one.nquads for one in batch))
    with run.history.transaction():
        for key, one in zip(keys, batch, strict=True):
            outcome = one.outcome
            kept = outcome if isinstance(outcome, Rejection) else msgspec.json.encode(outcome)
            run.history.settle(*key, states[key], kept)
    return sum(isinstance(one.outcome, Notes) for one in batch)


def _publish(run: Run, *, changed: bool) -> str | None:
    """Derive and publish where anything differs from what is published; return its name.

    A graph that became empty because every record was rejected is not published.
    """
    known = run.known
    wanted = " ".join((DERIVED, known.extraction, known.lexicon, known.ontology))
    current = current_name(run.data)
    done = run.history.setting(_PUBLISHED) == f"{wanted} {current}"
    empty = not run.store.record_graphs()
    if (done and not changed) or (empty and (current is None or run.history.kept_aside())):
        return current
    with run.meter.stage("derive"):
        derive(run.store, lexicon_of(known), lambda: _registrations(run), run.progress)
    with run.meter.stage("publish"):
        name = publish(run.store, run.data, keep=run.settings.keep).name
    run.history.remember(_PUBLISHED, f"{wanted} {name}")
    return name


def _notes(run: Run) -> Iterator[Notes]:
    return (msgspec.json.decode(blob, type=Notes) for blob in run.history.notes())


def _registrations(run: Run) -> Iterator[Registration]:
    return (one.registration for one in _notes(run))


def _report(
    run: Run,
    sources: Sequence[Path],
    loader: Loader,
    ingested: Ingested,
    plan: Plan,
    written: int,
    snapshot: str | None,
) -> RunReport:
    reads, rejections = run.history.reads(), run.history.rejections()
    fields, warnings, records = Counter[str](), Counter[str](), 0
    for one in _notes(run):
        records += 1
        fields.update(one.dropped)
        warnings.update(dict(one.warnings))
    violations = Counter[str]()
    for rejected in rejections:
        violations.update(dict(rejected.violations))
    return RunReport(
        sources=[str(source) for source in sources],
        started=run.meter.started.isoformat(timespec="milliseconds"),
        registry=loader.registry,
        read=reads.read + ingested.unreadable,
        unreadable=ingested.unreadable,
        repeated=reads.repeated,
        superseded=reads.superseded,
        unchanged=plan.unchanged,
        written=written,
        removed=len(plan.gone),
        records=records,
        rejected=len(rejections),
        statements=len(run.store.engine),
        fields_dropped=dict(sorted(fields.items())),
        unknown_keys=ingested.unknown_keys,
        violations=dict(sorted(violations.items())),
        warnings=dict(sorted(warnings.items())),
        seconds=dict(run.meter.seconds),
        seconds_total=run.meter.total(),
        peak_memory_mb=run.meter.peak_mb(),
        snapshot=snapshot,
        exit_status=_status(records, len(rejections), snapshot),
    )


def _status(records: int, rejected: int, snapshot: str | None) -> int:
    if snapshot is None or (not records and rejected):
        return 1
    return _WITH_REJECTS if rejected else 0
