"""Queries in workers: bounded, killed, replaced; their answers are the engine's."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import threading

import psutil
import pyoxigraph as ox
import pytest

from kg.errors import QueryError, QueryTimeout, QueryTooLarge, StoreError
from kg.query.formats import TABLES
from kg.query.guard import check
from kg.query.job import Job, job
from kg.query.limits import MEBIBYTE, Limits
from kg.query.pool import Pool
from kg.vocab import PREFIXES

ENDLESS = "SELECT (COUNT(*) AS ?n) {" + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(9)) + "}"
MANY = "SELECT * {" + " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(4)) + "}"
DOUBLING = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(31))
BOMB = f'SELECT (STRLEN(?x31) AS ?n) {{ BIND("abcd" AS ?x0) {DOUBLING} }}'


def in_pool(snapshot, work, **limits):
    async def run():
        pool = Pool(lambda: snapshot, PREFIXES, Limits(**{"timeout": 30.0, **limits}))
        await pool.open()
        try:
            return await work(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


async def ask(pool, query, format_="", **parameters):
    async with pool.run(job(query, format_, **parameters)) as answer:
        return await answer.read()


@pytest.mark.parametrize(
    ("query", "format_"),
    [
        ("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o", "csv"),
        ("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o", "tsv"),
        ("SELECT ?s ?o { ?s a ?o } ORDER BY ?s ?o", "xml"),
        ("ASK { ?s a tkg:Trial }", "json"),
    ],
)
def test_an_answer_is_that_of_the_engine(snapshot, query, format_):
    expected = ox.Store.read_only(str(snapshot)).query(
        query, prefixes=dict(PREFIXES), use_default_graph_as_union=True
    )
    answer = in_pool(snapshot, lambda pool: ask(pool, query, format_))
    assert answer == expected.serialize(format=TABLES[format_])


def test_a_runaway_query_ends_at_its_deadline_and_the_next_one_answers(snapshot):
    async def work(pool):
        with pytest.raises(QueryTimeout, match=r"0\.2 seconds"):
            await ask(pool, ENDLESS, timeout=0.2)
        return await ask(pool, "ASK {}", "csv")

    assert in_pool(snapshot, work, workers=1) == b"true"


def test_a_slow_query_does_not_hold_up_others(snapshot):
    async def work(pool):
        slow = asyncio.create_task(ask(pool, ENDLESS, timeout=20))
        answers = [await ask(pool, "ASK {}", "csv") for _ in range(20)]
        ended = slow.done()
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return answers, ended

    assert in_pool(snapshot, work, workers=2) == ([b"true"] * 20, False)


def test_a_query_may_only_lower_the_limit():
    assert Limits(timeout=5).lowered(60) == 5
    assert Limits(timeout=5).lowered(1) == 1
    assert Limits(timeout=5).lowered(None) == 5


def test_a_query_that_needs_too_much_memory_is_told_so(snapshot):
    async def work(pool):
        with pytest.raises(QueryTooLarge) as refusal:
            await ask(pool, BOMB)
        return refusal.value.kind, await ask(pool, "ASK {}", "csv")

    assert in_pool(snapshot, work, memory=128 * MEBIBYTE) == ("memory", b"true")


def test_a_result_above_the_limit_is_an_error_and_not_a_part(snapshot):
    async def work(pool):
        with pytest.raises(QueryTooLarge) as refusal:
            await ask(pool, MANY)
        return refusal.value.kind, await ask(pool, "ASK {}", "csv")

    assert in_pool(snapshot, work, result=1 << 20) == ("result-too-large", b"true")


def test_a_reader_that_leaves_ends_the_query(snapshot):
    async def work(pool):
        async with pool.run(job(MANY)) as answer:
            await anext(aiter(answer.chunks))
            process = psutil.Process(answer.pid)
        await asyncio.to_thread(process.wait, 60)
        return await ask(pool, "ASK {}", "csv")

    assert in_pool(snapshot, work, workers=1) == b"true"


def test_many_queries_at_once_each_get_their_own_answer(snapshot):
    async def work(pool):
        queries = [f"SELECT ({number} AS ?n) {{}}" for number in range(50)]
        return await asyncio.gather(*(ask(pool, query, "csv") for query in queries))

    expected = [f"n\r\n{number}\r\n".encode() for number in range(50)]
    assert in_pool(snapshot, work) == expected


def test_a_full_queue_refuses_at_once(snapshot):
    async def work(pool):
        slow = asyncio.create_task(ask(pool, ENDLESS))
        await asyncio.wait({slow}, timeout=0.05)
        with pytest.raises(QueryError) as refusal:
            await ask(pool, "ASK {}")
        slow.cancel()
        await asyncio.gather(slow, return_exceptions=True)
        return refusal.value.kind

    assert in_pool(snapshot, work, workers=1, waiting=0) == "overloaded"


def test_an_error_of_a_query_leaves_its_worker_in_use(snapshot):
    async def work(pool):
        first = await whose(pool)
        with pytest.raises(QueryError, match="line 1"):
            await ask(pool, "ASK { ?s ?p }")
        return first == await whose(pool)

    async def whose(pool):
        async with pool.run(job("ASK {}")) as answer:
            await answer.read()
        return answer.pid

    assert in_pool(snapshot, work, workers=1)


def test_a_worker_that_is_killed_from_outside_is_replaced(snapshot):
    async def work(pool):
        async with pool.run(job("ASK {}")) as answer:
            await answer.read()
        process = psutil.Process(answer.pid)
        process.kill()
        await asyncio.to_thread(process.wait, 60)
        return await ask(pool, "ASK {}", "csv")

    assert in_pool(snapshot, work, workers=1) == b"true"


def test_without_a_snapshot_the_error_names_the_folder(tmp_path):
    with pytest.raises(StoreError, match="nowhere"):
        in_pool(tmp_path / "nowhere", lambda pool: ask(pool, "ASK {}"))


def test_a_snapshot_that_is_taken_away_while_a_worker_starts_on_it_is_not_called_damaged(
    snapshot, tmp_path
):
    """As happens where others are published meanwhile, and it was the oldest of those kept."""
    published = iter([tmp_path / "000001"])

    async def work():
        pool = Pool(lambda: next(published, snapshot), PREFIXES, Limits(workers=1))
        try:
            return await ask(pool, "ASK {}", "csv"), pool.snapshots.troubles()
        finally:
            await pool.close()

    assert asyncio.run(work()) == (b"true", [])


def test_a_call_that_the_guard_did_not_see_reaches_no_network(snapshot):
    """The guard is passed by hand here: the sandbox has to hold by itself."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        touched = threading.Event()

        def accept():
            with contextlib.suppress(OSError):  # closed at the end of the test
                canary.accept()
                touched.set()

        threading.Thread(target=accept, daemon=True).start()
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"

        async def work(pool):
            text = f"SELECT ?s {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
            with pytest.raises(QueryError) as refusal:
                await take(pool, text)
            silent = await take(pool, text.replace("SERVICE", "SERVICE SILENT"))
            return refusal.value.kind, silent

        async def take(pool, text):
            async with pool.run(Job(text, check("SELECT * {}"), "csv")) as answer:
                return await answer.read()

        assert in_pool(snapshot, work, workers=1) == ("evaluation", b"s\r\n\r\n")
        assert not touched.is_set()


OWNER = """
import asyncio, sys
from pathlib import Path
from kg.query.job import job
from kg.query.limits import Limits
from kg.query.pool import Pool

async def main():
    pool = Pool(lambda: Path(sys.argv[1]), {}, Limits(timeout=600))
    await pool.open()
    print("ready", flush=True)
    async with pool.run(job(sys.argv[2])):
        pass

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its owner")
def test_workers_end_with_an_owner_that_is_killed(snapshot):
    modules = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(snapshot), ENDLESS], stdout=subprocess.PIPE, env=modules
    )
    assert owner.stdout.readline() == b"ready\n"
    workers = psutil.Process(owner.pid).children()
    owner.kill()
    owner.communicate()
    assert len(workers) == Limits().workers
    assert not psutil.wait_procs(workers, timeout=60)[1]
