"""The guard against the engine itself: what reaches a network must have been refused."""

import contextlib
import random
import socket
import threading

import pyoxigraph as ox
import pytest

from kg.errors import QueryError
from kg.query.guard import check

TRIES = 30_000
CALLS = ("SERVICE", "SERVICE ", "service ", "SERVICE SILENT ", "SERVICEx:y", "SERVICESILENTx:y")
GLUED = ("trueSERVICEx:y", "a.SERVICEx:y", "x:a.b.SERVICEx:y", "1SERVICE ")
GROUPS = ("{?a ?b ?c}", "{}", "{?s ?p ?o}")
PIECES = (
    *("{}", "{", "}", "(", ")", "[", "]", ".", ";", ",", "<", ">", "/", "|", "*", "^^", "#>\n"),
    *("#", "\n", " ", '"a"', "'", "'''", '"""', "true", "1", "1.", "a", "?o", "$u", "_:b", "@en"),
    *("\\", "?s ?p ?o", "?s ?p ?o .", "?s ?p true", "?s ?p 1", "?s ?p x:y", "x:y", ":y", "x:a."),
    *("x:", "FILTER", "FILTER(", "FILTER(?o<2)", "FILTER(?o<?o&&?o>", "?o<?s", "(?o<?s AS ?q)"),
    *("regex(", "OPTIONAL{", "UNION{", "MINUS{", "EXISTS{", "GRAPH", "GRAPH ?g{", "SELECT * {"),
    *("LATERAL{", "BIND(1 AS ?z)", "BIND(?o<1 AS ?w)", "VALUES ?z {1}", "VALUES (?z) {(1)}"),
    *("VALUES", "HAVING", "GROUP BY ?s", "ORDER BY ?s", "IN", "AS", "COALESCE(?o<1,", "<<", "~"),
)  # fmt: skip
EMPTY_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 3\r\n\r\ns\r\n"


@pytest.fixture
def canary():
    """Count the connections to a server of our own."""
    touched = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    touched.append(connection)
                    # Whoever went away meanwhile does not keep the next from an answer.
                    with connection, contextlib.suppress(ConnectionError):
                        connection.sendall(EMPTY_ANSWER)

        threading.Thread(target=accept, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", touched


def text(chance, address):
    before = [chance.choice(PIECES) for _ in range(chance.randint(0, 5))]
    behind = [chance.choice(PIECES) for _ in range(chance.randint(0, 3))]
    called = chance.choice(("x:y", "#>\nx:y", f"<{address}>", ""))
    call = [chance.choice((*CALLS, *GLUED)), called, chance.choice(GROUPS)]
    end = chance.choice(("}", "}}", ")}", "})}"))
    return "SELECT * {" + chance.choice(("", " ")).join([*before, *call, *behind]) + end


def test_no_text_reaches_a_network_past_the_guard(canary):
    address, touched = canary
    prefixes = dict.fromkeys(("x", "", "SERVICEx", "SERVICESILENTx", "trueSERVICEx"), address)
    prefixes |= dict.fromkeys(("a.SERVICEx", "b.SERVICEx"), address)
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://a/s"), ox.NamedNode("http://a/p"), ox.Literal(1)))
    chance = random.Random(20)
    reached = 0
    for _ in range(TRIES):
        query = text(chance, address)
        before = len(touched)
        with contextlib.suppress(SyntaxError, OSError, RuntimeError, ValueError):
            list(store.query(query, prefixes=prefixes))
        if len(touched) > before:
            reached += 1
            with pytest.raises(QueryError):
                check(query)
    assert reached > 100


def test_no_query_of_the_w3c_suites_is_refused_but_for_calls(shared):
    store = ox.Store()
    files = sorted((shared / "w3c").rglob("*.rq"))
    if not files:
        pytest.skip("the shared folder has no W3C suites")
    for file in files:
        query = file.read_bytes().decode("utf-8", "replace")
        if "SERVICE" in query.upper():
            continue
        try:
            store.query(query, base_iri="http://localhost/")
        except SyntaxError:
            continue
        except RuntimeError:
            pass  # well-formed: it calls a function that the engine does not have
        assert check(query).name in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"}, file
