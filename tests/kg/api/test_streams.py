"""Answers that are broken off, by the client or by a limit."""

import httpx
import pytest

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
