"""A plan that looks at doubted records alone is that of one that looks at all."""

import datetime as dt
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.convert import Knowledge, state
from kg.history import History, Rejection
from kg.iris import record_graph, record_key
from kg.records import COPY, REPORT, Version
from kg.report import Meter, silent
from kg.store import Store
from kg.update import Plan, Run, clear, plan
from kg.vocab import RDF, TKG
from kg.workers import Workers
from loaders import LOADERS

CT = LOADERS["clinicaltrials"]
KNOWN = Knowledge(
    folders=(), extraction="1", lexicon="a", ontology="b", shapes="c", changes="1"
)  # fmt: skip
IDS = tuple(f"NCT0000000{number}" for number in range(4))
READERS = tuple(
    msgspec.structs.replace(CT, name=name, standing=standing)
    for name, standing in ((CT.name, CT.standing), ("copies", COPY), ("pages", REPORT))
)
# Each step is what may happen to a ledger and its store between two plans.
IDS_OF = st.sampled_from(IDS)
STEP = st.one_of(
    st.tuples(st.just("add"), IDS_OF, st.integers(1, 3), st.sampled_from((None, 1, 2))),
    st.tuples(st.just("copy"), IDS_OF, st.integers(1, 3), st.sampled_from((None, 1, 2))),
    st.tuples(st.just("page"), IDS_OF, st.integers(1, 3), st.none()),
    st.tuples(st.sampled_from(("withdraw", "return", "remove", "lose", "leave", "tear")), IDS_OF),
    st.tuples(st.sampled_from(("settle as another release", "settle anyhow")), IDS_OF),
    st.tuples(st.just("learn"), st.sampled_from("xyz")),
    st.tuples(st.just("plan")),
    st.tuples(st.sampled_from(("build", "build and reject")), st.integers(0, 3)),
)


@pytest.fixture
def run():
    with ledger() as made:
        yield made


@contextmanager
def ledger(path=Path(":memory:")):
    """A run over a ledger and an empty store in memory."""
    with History.open(path) as history:
        yield Run(
            loaders={one.name: one for one in READERS},
            known=KNOWN,
            store=Store.in_memory(),
            history=history,
            workers=Workers(1),
            meter=Meter(),
            progress=silent,
        )


def whole_plan(run):
    """Compare every record, and every graph by its name."""
    states, aside = run.history.states(), run.history.kept_aside()
    written = {key for one in run.store.engine.named_graphs() if (key := record_key(one))}
    todo, unchanged, known = [], 0, set()
    for shown in run.history.shown():
        key = (shown.registry, shown.registry_id)
        known.add(key)
        readers = [run.loaders[name] for name in (shown.loader, *shown.readers)]
        wanted = state(shown, readers, run.known)
        if key in aside | written and states.get(key) == wanted:
            unchanged += 1
        else:
            todo.append((shown, wanted))
    gone = sorted((written | set(states)) - known)
    return Plan(todo=tuple(todo), unchanged=unchanged, gone=tuple(gone))


def add(run, reader, registry_id, content, seen):
    version = Version(
        registry_id=registry_id,
        content=b"%d" % content,
        last_update=dt.date(2026, 1, content),
        modules=1,
    )
    day = None if seen is None else dt.date(2026, 8, seen)
    run.history.add(reader, [(version, day)])


def put(run, key):
    graph = record_graph(*key)
    run.store.replace(graph, [ox.Quad(graph, RDF.type, TKG.RecordGraph, graph)])


def build(run, most, *, reject=False):
    """Write the first so many graphs of a plan, as a run does that is killed after them."""
    wanted = plan(run)
    clear(run, wanted)
    for shown, digest in wanted.todo[:most]:
        key = (shown.registry, shown.registry_id)
        run.history.unsettle([key])
        run.store.remove(record_graph(*key))
        if not reject:
            put(run, key)
        refused = Rejection(registry=key[0], registry_id=key[1], reason="is refused")
        run.history.settle(*key, digest, refused if reject else b"notes")
    for shown, _ in wanted.todo[most : most + 1]:
        run.history.unsettle([(shown.registry, shown.registry_id)])


def happen(run, what, *facts):
    """Let a step happen, and return the run that goes on."""
    history, key = run.history, (CT.registry, *facts[:1])
    match what:
        case "add" | "copy" | "page":
            reader = READERS[("add", "copy", "page").index(what)]
            add(run, reader, *facts)
        case "withdraw" if history._db.execute(
            "SELECT 1 FROM versions WHERE id = ?", facts
        ).fetchone():
            history.mark_withdrawn(*key, dt.date(2026, 9, 1))
        case "return":
            history.mark_returned(*key)
        case "remove":
            history.delete(*key)
        case "lose":
            run.store.remove(record_graph(*key))
        case "leave":
            put(run, key)
        case "tear":
            # Nobody writes a graph of what is neither known nor was.
            history.unsettle([key])
            if key in history.doubts.records():
                graph = record_graph(*key)
                run.store.replace(graph, [ox.Quad(graph, RDF.type, TKG.Trial, graph)])
        case "settle as another release":
            history.unsettle([key])
            put(run, key)
            history.settle(*key, "of another release", b"notes")
        case "settle anyhow":
            history.settle(*key, "anyhow", b"notes")
        case "learn":
            return msgspec.structs.replace(
                run, known=msgspec.structs.replace(KNOWN, lexicon=facts[0])
            )
        case "plan":
            plan(run)
        case "build":
            build(run, *facts)
        case "build and reject":
            build(run, *facts, reject=True)
    return run


@settings(deadline=None, max_examples=150)
@given(st.lists(STEP, max_size=14))
def test_the_plan_of_what_is_doubted_is_that_of_all_whatever_happened(steps):
    with ledger() as first:
        run = first
        for step in steps:
            run = happen(run, *step)
            # A store that has lost as many graphs as it has too many is not told from its own.
            if step[0] in {"plan", "build", "lose", "leave"}:
                assert plan(run) == whole_plan(run)
        expected = whole_plan(run)
        assert plan(run) == expected
        # Who has planned and not written is told the same again.
        assert plan(run) == expected
        build(run, len(expected.todo))
        assert plan(run) == whole_plan(run)
        assert (plan(run).todo, plan(run).gone, run.history.doubts.records()) == ((), (), set())


def test_records_that_are_settled_as_wanted_are_doubted_no_more_and_others_never_looked_at(run):
    for registry_id in IDS:
        add(run, CT, registry_id, 1, 1)
    assert len(plan(run).todo) == len(IDS)
    build(run, len(IDS))
    assert run.history.doubts.records() == set()
    add(run, CT, IDS[0], 1, 2)
    assert run.history.doubts.records() == set()
    add(run, CT, IDS[0], 2, 2)
    assert run.history.doubts.records() == {(CT.registry, IDS[0])}
    assert [one.registry_id for one in run.history.doubted()] == [IDS[0]]
    assert (len(plan(run).todo), plan(run).unchanged) == (1, len(IDS) - 1)


def test_a_release_that_knows_nothing_of_doubts_raises_them(run):
    for registry_id in IDS[:2]:
        add(run, CT, registry_id, 1, 1)
    build(run, 2)
    rows = run.history._db.execute("SELECT * FROM graphs").fetchall()
    # Such a release replaces rows, and writes states of its own.
    theirs = (*rows[0][:2], "its own", *rows[0][3:])
    run.history._db.execute("INSERT OR REPLACE INTO graphs VALUES (?, ?, ?, ?, ?)", theirs)
    assert run.history.doubts.records() == {rows[0][:2]}
    assert plan(run) == whole_plan(run)
    assert [one.registry_id for one, _ in plan(run).todo] == [rows[0][1]]


def test_a_ledger_made_before_doubts_were_kept_is_doubted_whole_once(tmp_path):
    path = tmp_path / "history.sqlite"
    with ledger(path) as run:
        for registry_id in IDS:
            add(run, CT, registry_id, 1, 1)
        build(run, len(IDS))
        store, database = run.store, run.history._db
        made = database.execute(
            "SELECT type, name FROM sqlite_master WHERE name LIKE 'doubt%' OR name LIKE 'tall%'"
        ).fetchall()
        for kind, name in sorted(made, reverse=True):
            database.execute(f"DROP {kind} {name}")
        database.execute("DELETE FROM settings WHERE name = 'relied on'")
    with ledger(path) as empty:
        run = msgspec.structs.replace(empty, store=store)
        found = plan(run)
        assert found == whole_plan(run)
        assert (found.todo, found.unchanged) == ((), len(IDS))
        assert run.history.doubts.records() == set()
        notes = run.history._db.execute("SELECT count(*) FROM tallies").fetchone()
        assert notes == (len(IDS),)
