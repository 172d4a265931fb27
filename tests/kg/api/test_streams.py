"""Answers that are broken off, by the client or by a limit."""

import asyncio

import httpx
import pytest

from kg.api import Settings, create_app
from kg.api.streaming import StreamedAnswer
from kg.query.job import job
from kg.query.limits import Limits
from kg.query.pool import Pool
from kg.vocab import PREFIXES

PATTERNS = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(9))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {PATTERNS} }}"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def small(published, serve):
    """A server of one worker, whose timeout is longer than this test waits."""
    with serve(published, "--workers", "1", "--timeout", "600", "--max-result", "1") as client:
        yield client


def test_a_client_that_leaves_frees_its_worker(small):
    with pytest.raises(httpx.ReadTimeout):
        small.get("/sparql", params={"query": ENDLESS}, timeout=0.3)
    assert small.get("/sparql", params={"query": "ASK {}", "format": "csv"}).text == "true"


def test_a_client_that_leaves_in_the_middle_of_an_answer_frees_its_worker(small):
    with small.stream("GET", "/sparql", params={"query": LARGE, "format": "csv"}) as answer:
        next(answer.iter_raw())
    assert small.get("/sparql", params={"query": "ASK {}", "format": "csv"}).text == "true"


def test_a_result_above_the_limit_never_looks_whole(small):
    with pytest.raises(httpx.RemoteProtocolError):
        small.get("/sparql", params={"query": LARGE, "format": "csv"})
    assert small.get("/sparql", params={"query": "ASK {}", "format": "csv"}).text == "true"


def streamed(app, pool, meanwhile=lambda: None):
    """Answer a query of the id `mine` to a client that stays; something happens as it begins."""
    sent = []

    async def send(message):
        sent.append(message)

    async def answered():
        scope = {"type": "http", "app": app, "method": "GET", "headers": [(b"query-id", b"mine")]}
        answer = StreamedAnswer(pool, job("ASK {}"))
        answering = asyncio.create_task(answer(scope, asyncio.Event().wait, send))
        await asyncio.sleep(0)
        meanwhile()
        async with asyncio.timeout(60):
            await answering

    asyncio.run(answered())
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent)


def test_a_query_that_is_ended_before_its_first_step_is_answered(published):
    app = create_app(published, Settings())
    running = app.state.queries.running

    def end():
        running["mine"].cancel()

    status, body = streamed(app, app.state.pool, end)
    assert (status, running) == (503, {})
    assert b"/cancelled" in body


def test_an_error_that_nobody_foresaw_keeps_no_client_waiting(published):
    def broken():
        raise RuntimeError("no such thing")

    pool = Pool(broken, PREFIXES, Limits())
    with pytest.raises(RuntimeError, match="no such thing"):
        streamed(create_app(published, Settings()), pool)
