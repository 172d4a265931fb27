"""What the server does besides answering: ids, shares, validators, codings, counters, the end."""

import asyncio
import gzip
import signal
import socket
import threading

import brotli
import httpx
import psutil
import pytest
import zstandard

PATTERNS = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(9))
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {PATTERNS} }}"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"


def sparql(client, query, headers=None, **parameters):
    return client.get("/sparql", params={"query": query, **parameters}, headers=headers)


@pytest.fixture
def running(server):
    """An endless query with an id of its own, in the background."""
    name, answers = "a.query-of_mine", []

    def ask():
        with httpx.Client(base_url=server.base_url, timeout=60) as other:
            answers.append(sparql(other, ENDLESS, {"X-Query-Id": name}))

    thread = threading.Thread(target=ask)
    thread.start()
    while not answers and server.get(f"/queries/{name}").status_code == 404:
        pass
    assert not answers, answers
    yield name, answers, thread
    server.delete(f"/queries/{name}")
    thread.join()


def test_a_running_query_can_be_seen_and_ended_by_its_id(server, running):
    name, answers, thread = running
    told = server.get(f"/queries/{name}").json()
    assert (told["id"], told["state"], told["bytes"]) == (name, "running", 0)
    assert "query" not in told
    assert server.delete(f"/queries/{name}").status_code == 204
    thread.join()
    assert answers[0].status_code == 503
    assert answers[0].json()["type"].endswith("/cancelled")
    assert server.get(f"/queries/{name}").status_code == 404
    assert server.delete(f"/queries/{name}").status_code == 404


def test_an_id_is_used_once_at_a_time(server, running):
    name, _, _ = running
    assert sparql(server, "ASK {}", {"Query-Id": name}).status_code == 409
    assert sparql(server, "ASK {}", {"Query-Id": "another"}).headers["x-query-id"] == "another"
    assert sparql(server, "ASK {}", {"X-Query-Id": "no id/"}).status_code == 400


@pytest.mark.parametrize("query", ["ASK {}", ALL, "SELECT {"])
def test_an_id_is_free_again_when_its_answer_is_complete(server, query):
    answers = {sparql(server, query, {"Query-Id": "again"}).status_code for _ in range(30)}
    assert answers == {400 if query == "SELECT {" else 200}


def test_every_answer_names_its_query(server):
    first, second = (sparql(server, f"ASK {{}} # {n}").headers["x-query-id"] for n in range(2))
    assert first != second


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_what_the_client_has_is_not_sent_again(server, coding):
    headers = {"Accept-Encoding": coding}
    first = sparql(server, ALL, headers, format="csv")
    again = sparql(server, ALL, {**headers, "If-None-Match": first.headers["etag"]}, format="csv")
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"].split("-")[:2] == first.headers["etag"].strip('"').split("-")[
        :2
    ] or (first.headers["etag"].startswith(again.headers["etag"][:-1]))
    other = {**headers, "If-None-Match": '"another", W/"one"'}
    assert sparql(server, ALL, other, format="csv").status_code == 200


def test_white_space_changes_no_validator_and_everything_else_does(server):
    def validator(query, **parameters):
        return sparql(server, query, **parameters).headers["etag"]

    same = {validator(ALL), validator(f"{ALL} # said otherwise"), validator(f"\n {ALL}")}
    others = {
        validator(ALL, format="csv"),
        validator(ALL.replace("?p", "?q")),
        validator('ASK { ?s ?p "a  b" }'),
        validator('ASK { ?s ?p "a b" }'),
        validator(ALL, **{"default-graph-uri": "https://a.example/g"}),
        validator(ALL, **{"named-graph-uri": "https://a.example/g"}),
    }
    assert len(same) == 1
    assert len(others - same) == 6


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (NOW() AS ?n) {}",
        "SELECT (RAND() AS ?n) {}",
        "SELECT(UUID()AS?n){}",
        "CONSTRUCT { [] a ?o } { ?s a ?o }",
    ],
)
def test_what_changes_from_run_to_run_is_not_kept(server, query):
    first, second = sparql(server, query), sparql(server, query)
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"
    assert first.content != second.content


def test_a_kept_answer_is_gone_with_the_snapshot(tmp_path, publish, serve):
    one = 'graph <https://a.example/g> { antigen:GD2 rdfs:label "GD2" . }'
    publish(tmp_path, "000001", one)
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with serve(tmp_path) as client:
        before = [sparql(client, count, format="csv") for _ in range(3)]
        publish(tmp_path, "000002", one + one.replace("GD2", "B7-H3"))
        after = sparql(client, count, format="csv")
        stale = {"If-None-Match": before[0].headers["etag"]}
        assert sparql(client, count, stale, format="csv").text == "n\r\n2\r\n"
    assert {answer.text for answer in before} == {"n\r\n1\r\n"}
    assert after.text == "n\r\n2\r\n"


DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1, br;q=0.5", "gzip"),
        ("*", "zstd"),
        ("zstd;q=0, br;q=0, *", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("gzip;q=0.1, identity", None),
        ("nonsense;q=x", None),
    ],
)
@pytest.mark.parametrize("query", [ALL, LARGE])
def test_answers_are_compressed_as_the_client_prefers(server, query, accepted, coding):
    plain = sparql(server, query, {"Accept-Encoding": "identity"}, format="csv").content
    parameters = {"query": query, "format": "csv"}
    headers = {"Accept-Encoding": accepted}
    with server.stream("GET", "/sparql", params=parameters, headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.headers.get("content-encoding") == coding
    assert "Accept-Encoding" in answer.headers["vary"]
    assert DECODERS.get(coding, bytes)(body) == plain


def test_too_many_rows_are_an_error_and_not_a_part(published, serve):
    with serve(published, "--max-rows", "10") as client:
        few = sparql(client, "SELECT * { ?s ?p ?o } LIMIT 10", format="csv")
        many = [sparql(client, "SELECT * { ?s ?p ?o } LIMIT 11", format=name)
                for name in ("csv", "tsv", "json", "xml")]  # fmt: skip
    assert few.status_code == 200
    assert [answer.status_code for answer in many] == [503] * 4
    assert {answer.json()["type"].rpartition("/")[2] for answer in many} == {"result-too-large"}


def test_a_client_that_has_spent_its_share_waits_and_others_do_not(published, serve):
    options = ("--client-seconds", "0.2", "--trusted-proxy", "127.0.0.1")
    with serve(published, *options) as client:
        one, other = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
        assert sparql(client, ENDLESS, one, timeout="1").status_code == 503
        refused = sparql(client, "ASK {} # again", one)
        assert sparql(client, "ASK {} # other", other).status_code == 200
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0


def test_the_word_of_a_client_on_its_address_is_not_taken(published, serve):
    with serve(published, "--timeout", "1", "--client-seconds", "0.2") as client:
        sparql(client, ENDLESS, {"X-Forwarded-For": "192.0.2.1"})
        refused = sparql(client, "ASK {}", {"X-Forwarded-For": "192.0.2.2"})
    assert refused.status_code == 429


def test_the_counters_are_those_of_prometheus(server):
    sparql(server, "ASK {} # counted")
    answer = server.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'trialkg_requests_total{path="sparql",status="200"}' in answer.text
    assert "trialkg_snapshot 1.0" in answer.text


def test_the_log_says_nothing_of_what_was_asked(published, serve, capfd):
    with serve(published) as client:
        sparql(client, 'ASK { ?s ?p "of nobody else\'s business" }')
    written = capfd.readouterr().out
    assert "GET /sparql 200" in written
    assert "business" not in written


def test_running_queries_end_with_a_problem_when_the_server_stops(published, serve):
    with serve(published, "--grace", "0.5", "--timeout", "60") as client:
        port = client.base_url.port
        listening = (c for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN)
        server = psutil.Process(next(c.pid for c in listening if c.laddr.port == port))

        async def ask():
            async with httpx.AsyncClient(base_url=client.base_url, timeout=60) as other:
                asked = asyncio.create_task(
                    other.get("/sparql", params={"query": ENDLESS}, headers={"Query-Id": "last"})
                )
                while (await other.get("/queries/last")).status_code == 404:
                    assert not asked.done(), asked
                    await asyncio.sleep(0)
                server.send_signal(signal.SIGTERM)
                return await asked

        answer = asyncio.run(ask())
        server.wait(60)
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/stopping")


def test_a_reader_that_takes_nothing_leaves_the_worker_to_others(published, serve):
    address = httpx.URL("/sparql", params={"query": LARGE, "format": "json"}).raw_path
    with (
        serve(published, "--workers", "1") as client,
        socket.create_connection(("127.0.0.1", client.base_url.port)) as idle,
    ):
        idle.sendall(b"GET " + address + b" HTTP/1.1\r\nHost: a\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
        assert sparql(client, "ASK {}", format="csv").text == "true"
