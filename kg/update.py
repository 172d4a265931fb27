"""Brings the record graphs up to date with the ledger.

The ledger calls a graph complete only after it is, so that a run that dies leaves no doubt about
what has to be made again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from pyoxigraph import NamedNode

from kg.changes import remove_changes, remove_torn_changes
from kg.convert import Chunk, Knowledge, Made, Notes, Task, convert, state
from kg.errors import UsageError
from kg.history import History, Rejection, Shown
from kg.iris import record_graph, record_key, trial_iri
from kg.quads.change import CHANGES
from kg.records import Loader, Record
from kg.report import Meter, Progress
from kg.shown import RELEASE as SHOWN
from kg.store import Store
from kg.study import Registration, Turned
from kg.vocab import TKG
from kg.workers import FEW, Workers, chunked

# The setting of the ledger that says what is published; empty while the record graphs change.
PUBLISHED = "published"

_CHUNK = 25
# From so many records on, pyshacl is asked only where checks at a glance leave a doubt.
_MANY = 250
_WRITE_BYTES = 16 << 20
_WRITE_RECORDS = 100


class Plan(Record, frozen=True):
    """Which record graphs have to be made, how many stay, and which leave."""

    todo: tuple[tuple[Shown, str], ...]
    unchanged: int
    gone: tuple[tuple[str, str], ...]


class _Identified(msgspec.Struct, frozen=True):
    """Of the notes on a record what identifies its study; the rest may be of an earlier form."""

    registration: Registration


class Run(Record, frozen=True):
    """What the stages of one run share; `turned` is what identifies the studies of records anew."""

    loaders: Mapping[str, Loader]
    known: Knowledge
    store: Store
    history: History
    workers: Workers
    meter: Meter
    progress: Progress
    turned: dict[tuple[str, str], Turned] = msgspec.field(default_factory=dict)


def plan(run: Run) -> Plan:
    """Compare what the ledger shows with what the graphs were made from, where that is in doubt."""
    history, written = run.history, _written(run)
    states, aside = history.doubts.states(), history.kept_aside()
    todo, unchanged, known = [], history.settled()[0] - len(states), set()
    for shown in history.doubted():
        key = (shown.registry, shown.registry_id)
        known.add(key)
        readers = [loader_named(run, name) for name in (shown.loader, *shown.readers)]
        wanted = state(shown, readers, run.known)
        if (key in aside or key in written) and states.get(key) == wanted:
            unchanged += 1
        else:
            todo.append((shown, wanted))
    # What has a graph or a state and is not in the ledger any more.
    gone = sorted((written | set(states)) - known)
    with history.transaction():
        history.doubts.keep((one.registry, one.registry_id, wanted) for one, wanted in todo)
        history.doubts.add(gone)
    return Plan(todo=tuple(todo), unchanged=unchanged, gone=tuple(gone))


def _written(run: Run) -> set[tuple[str, str]]:
    """Return which of the doubted records have a graph.

    The graphs of all others are counted: to name each, the engine would read all over its files.
    Only where they are not as many as the ledger calls complete, as in a store that is not its own,
    the store is asked for their names, and what was lost or left is doubted too.
    """
    history, engine = run.history, run.store.engine
    with history.transaction():
        history.doubts.rely_on(_relied_on(run))
    doubted = history.doubts.records()
    written = {key for key in doubted if engine.contains_named_graph(record_graph(*key))}
    if run.store.count_record_graphs() - len(written) == history.doubts.certain():
        return written
    named = engine.named_graphs()
    every = {key for one in named if isinstance(one, NamedNode) and (key := record_key(one))}
    with history.transaction():
        history.doubts.add(every ^ (history.states().keys() - history.kept_aside()))
    return every & history.doubts.records()


def _relied_on(run: Run) -> str:
    """Return a digest of everything but the versions that the state of any record depends on."""
    names = tuple(sorted(run.loaders))
    nobody = Shown(
        registry="",
        registry_id="",
        loader="",
        hash="",
        first_seen=None,
        last_changed=None,
        readers=names,
    )
    return f"{SHOWN} {state(nobody, [run.loaders[name] for name in names], run.known)}"


def loader_named(run: Run, name: str) -> Loader:
    """Return a loader of the run; raises UsageError where the ledger names one that is gone."""
    if name not in run.loaders:
        raise UsageError(f"the ledger has records that {name!r} read, and there is no such loader")
    return run.loaders[name]


def write(run: Run, wanted: Plan) -> int:
    """Let the record graphs be what the plan wants, and return how many were written."""
    clear(run, wanted)
    written = 0
    states = {(one.registry, one.registry_id): digest for one, digest in wanted.todo}
    for made in _batches(_converted(run, wanted)):
        written += _settle(run, made, states)
        run.progress("write graphs", written, len(wanted.todo))
    return written


def clear(run: Run, wanted: Plan) -> None:
    """Remove what has to leave; what is published is not what the record graphs are any more."""
    _compare(run, wanted.gone, ())
    if wanted.todo or wanted.gone:
        if run.history.setting(PUBLISHED) == "":
            remove_torn_changes(run.store.engine, run.history.states().keys())
        run.history.remember(PUBLISHED, "")
    run.history.unsettle(wanted.gone)
    _forget(run, wanted.gone)
    for key in wanted.gone:
        run.store.remove(record_graph(*key))


def _converted(run: Run, wanted: Plan) -> Iterator[Made]:
    count = 0
    todo = [one for one, _ in wanted.todo]
    # Chunks are small where records come in many forms.
    few = FEW if len(todo) > FEW * _CHUNK else len(todo)
    parts = chunks(run, todo, _CHUNK, glance=is_checked(wanted))
    for done in run.workers.map(convert, parts, few=few):
        run.meter.worker(done.process, done.peak)
        count += len(done.made)
        run.progress("extract and validate", count, len(wanted.todo))
        yield from done.made


def is_checked(wanted: Plan) -> bool:
    """Return whether so many records are validated by checks at a glance."""
    return len(wanted.todo) >= _MANY


def chunks(
    run: Run, todo: Sequence[Shown], size: int, *, whole: bool = False, glance: bool = False
) -> Iterator[Chunk]:
    """Yield what workers convert at once: so many versions that one loader reads."""
    for name in sorted({shown.loader for shown in todo}):
        tasks = (_task(run, shown, whole=whole) for shown in todo if shown.loader == name)
        for chunk in chunked(tasks, size):
            readers = {one for task in chunk for one in task.shown.readers}
            yield Chunk(
                loader=run.loaders[name],
                knowledge=run.known,
                tasks=chunk,
                readers={one: run.loaders[one] for one in sorted(readers)},
                whole=whole,
                glance=glance,
            )


def _task(run: Run, shown: Shown, *, whole: bool) -> Task:
    earlier = tuple(run.history.earlier(shown))
    digests = b"" if whole else _digests(run, shown)
    content = run.history.content(shown)
    return Task(shown=shown, content=content, earlier=earlier, digests=digests)


def _digests(run: Run, shown: Shown) -> bytes:
    """Return the digests of a graph that is there and is going to be changed, not replaced."""
    key = shown.registry, shown.registry_id
    if run.store.followed is None or not run.store.engine.contains_named_graph(record_graph(*key)):
        return b""
    return run.history.digests.of(key)


def _batches(made: Iterator[Made]) -> Iterator[list[Made]]:
    batch: list[Made] = []
    size = 0
    for one in made:
        batch.append(one)
        size += len(one.nquads)
        if size > _WRITE_BYTES or len(batch) == _WRITE_RECORDS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _forget(run: Run, keys: Sequence[tuple[str, str]]) -> None:
    """Remove the change events of some records."""
    engine = run.store.engine
    if run.store.followed is not None:
        links = (
            link
            for key in keys
            for link in engine.quads_for_pattern(None, TKG.ofTrial, trial_iri(*key), CHANGES)
        )
        for link in links:
            said = engine.quads_for_pattern(link.subject, None, None, CHANGES)
            run.store.followed.note(list(said), ())
    remove_changes(engine, keys)


def _compare(run: Run, keys: Sequence[tuple[str, str]], batch: Sequence[Made]) -> None:
    """Note what identifies their studies otherwise than before, as long as changes are followed."""
    if run.store.followed is not None and run.store.followed.is_complete:
        before = _by_key(registrations(run.history.notes_on(keys)))
        notes = (made.outcome for made in batch if isinstance(made.outcome, Notes))
        after = _by_key(one.registration for one in notes)
        for key in keys:
            if before.get(key) != after.get(key):
                run.turned[key] = Turned(before.get(key), after.get(key))


def registrations(notes: Iterable[bytes]) -> Iterator[Registration]:
    """Yield by what records are compared of which these are the notes."""
    decoder = msgspec.json.Decoder(_Identified)
    return (decoder.decode(blob).registration for blob in notes)


def _by_key(known: Iterable[Registration]) -> dict[tuple[str, str], Registration]:
    return {(one.registry, one.registry_id): one for one in known}


def _settle(run: Run, batch: Sequence[Made], states: Mapping[tuple[str, str], str]) -> int:
    """Write a batch of graphs; the ledger calls them complete only after they are."""
    keys = [(one.shown.registry, one.shown.registry_id) for one in batch]
    _compare(run, keys, batch)
    run.history.unsettle(keys)
    _forget(run, keys)
    _put(run, batch)
    with run.history.transaction():
        for key, one in zip(keys, batch, strict=True):
            outcome = one.outcome
            kept = outcome if isinstance(outcome, Rejection) else msgspec.json.encode(outcome)
            run.history.settle(*key, states[key], kept)
            run.history.digests.keep(key, states[key], one.digests)
    return sum(isinstance(one.outcome, Notes) for one in batch)


def _put(run: Run, batch: Sequence[Made]) -> None:
    """Let graphs say what was made, whole or of the nodes that are described otherwise."""
    whole = [one for one in batch if one.turned is None]
    graphs, text = [_graph(one) for one in whole], b"".join(one.nquads for one in whole)
    if run.store.followed is None:
        run.store.replace_all(graphs, text)
    else:
        run.store.change_all(graphs, text)
    parts = [one for one in batch if one.turned is not None]
    nodes = [(_graph(one), *node) for one in parts for node in (one.turned or {}).items()]
    if parts:
        run.store.change_nodes(nodes, b"".join(one.nquads for one in parts))


def _graph(made: Made) -> NamedNode:
    return record_graph(made.shown.registry, made.shown.registry_id)
