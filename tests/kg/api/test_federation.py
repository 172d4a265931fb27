"""Calls of other endpoints: those that are listed, by a process that goes nowhere else."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import httpx
import pytest

RESULTS = "application/sparql-results+json"


class Remote(BaseHTTPRequestHandler):
    """An endpoint that answers as its address says."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, parse_qs(body.decode())["query"][0]))
        status, headers, answer = ANSWERS[self.path](self.server)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(answer)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(answer)

    def do_GET(self):
        self.server.asked.append((self.path, ""))

    def log_message(self, *_):
        """Say nothing."""


def table(names, *rows):
    bindings = [{name: term for name, term in zip(names, row, strict=True) if term} for row in rows]
    told = {"head": {"vars": names}, "results": {"bindings": bindings}}
    return 200, {"Content-Type": RESULTS}, json.dumps(told).encode()


def iri(value):
    return {"type": "uri", "value": value}


def text(value, **more):
    return {"type": "literal", "value": value, **more}


DLL3 = iri("https://w3id.org/trialkg/antigen/DLL3")
ANSWERS = {
    "/names": lambda _: table(
        ["antigen", "name"],
        [DLL3, text('Delta "like" 3\n\\')],
        [DLL3, text("Delta", **{"xml:lang": "en"})],
        [iri("https://a.example/other"), text("x")],
        [None, text("unbound")],
    ),
    "/yes": lambda _: (200, {"Content-Type": RESULTS}, b'{"head":{},"boolean":true}'),
    "/no": lambda _: (200, {"Content-Type": RESULTS}, b'{"head":{},"boolean":false}'),
    "/redirect": lambda server: (
        302,
        {"Location": f"http://127.0.0.1:{server.server_port}/x"},
        b"",
    ),
    "/failing": lambda _: (500, {}, b"no"),
    "/page": lambda _: (200, {"Content-Type": "text/html"}, b"<p>"),
    "/nodes": lambda _: table(["b"], [{"type": "bnode", "value": "b"}]),
    "/many": lambda _: table(["n"], *([text(str(n))] for n in range(10_001))),
    "/huge": lambda _: (200, {"Content-Type": RESULTS}, b" " * (9 << 20)),
    "/zipped": lambda _: (200, {"Content-Type": RESULTS, "Content-Encoding": "gzip"}, b"x"),
    "/broken": lambda _: (200, {"Content-Type": RESULTS}, b'{"head":{"vars":["x"]},"results":{'),
    "/breaking-out": lambda _: table(["o"], [iri("https://a.example/> } } #")]),
    "/slow": lambda server: server.ended.wait() and (200, {}, b""),
}


@pytest.fixture(scope="module")
def remote():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Remote)
    server.daemon_threads = True
    server.asked = []
    server.ended = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.ended.set()
    server.shutdown()
    server.server_close()


def address(remote, path):
    return f"http://127.0.0.1:{remote.server_port}{path}"


@pytest.fixture(scope="module")
def client(published, remote, serve):
    listed = [option for path in ANSWERS for option in ("--service", address(remote, path))]
    listed += ["--service", f"http://localhost:{remote.server_port}/by-name"]
    with serve(published, "--timeout", "20", *listed) as found:
        yield found


def ask(client, query, **parameters):
    return client.post("/sparql", data={"query": query, "format": "csv", **parameters})


def test_an_endpoint_that_is_listed_is_asked_and_its_solutions_are_joined(client, remote):
    query = f"""SELECT ?label ?name {{ ?antigen a tkg:Antigen ; rdfs:label ?label .
        SERVICE <{address(remote, "/names")}> {{ ?antigen skos:prefLabel ?name }} }}
        ORDER BY ?name"""
    answer = ask(client, query)
    assert answer.text.split("\r\n")[1:] == [
        "DLL3,Delta",
        'DLL3,"Delta ""like"" 3\n\\"',
        "DLL3,unbound",
        "",
    ]
    path, asked = remote.asked[-1]
    assert path == "/names"
    assert " ".join(asked.split()) == (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
        "SELECT * WHERE { ?antigen skos:prefLabel ?name } LIMIT 10001"
    )
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_prefixes_of_the_query_go_with_the_call(client, remote):
    query = f"""# SERVICE
        PREFIX v: <https://v.example/> SELECT ?o {{ OPTIONAL {{
        SERVICE SILENT <{address(remote, "/names")}> {{ ?s v:p ?o # }}
        }} }} }}"""
    assert ask(client, query).status_code == 200
    asked = remote.asked[-1][1]
    assert "PREFIX v: <https://v.example/>" in asked
    assert "{ ?s v:p ?o # }\n" in asked


@pytest.mark.parametrize(("path", "said"), [("/yes", "true"), ("/no", "false")])
def test_a_call_without_a_variable_is_a_question_of_yes_or_no(client, remote, path, said):
    query = f"ASK {{ SERVICE <{address(remote, path)}> {{ <a:s> <a:p> <a:o> }} }}"
    assert ask(client, query).text == said
    assert "ASK {" in remote.asked[-1][1]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/redirect", "status 302"),
        ("/failing", "status 500"),
        ("/page", "answers text/html"),
        ("/nodes", "blank nodes"),
        ("/many", "more than 10,000 solutions"),
        ("/huge", "more than 8,388,608 bytes"),
        ("/zipped", "compressed"),
        ("/broken", "cannot be read"),
    ],
)
def test_what_cannot_be_joined_is_told_and_passed_over_when_silent(client, remote, path, said):
    before = len(remote.asked)
    call = f"<{address(remote, path)}> {{ ?s ?p ?o }}"
    failed = ask(client, f"SELECT * {{ SERVICE {call} }}")
    assert failed.status_code == 502
    assert failed.headers["content-type"] == "application/problem+json"
    assert said in failed.json()["detail"]
    assert ask(client, f"ASK {{ SERVICE SILENT {call} }}").text == "true"
    assert [path for path, _ in remote.asked[before:]] == [path, path]


def test_no_term_breaks_out_of_its_place(client, remote):
    answer = ask(
        client, f"SELECT * {{ SERVICE <{address(remote, '/breaking-out')}> {{ ?s ?p ?o }} }}"
    )
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (502, "federation")


def test_a_slow_endpoint_is_given_up_at_the_deadline(client, remote):
    answer = ask(
        client, f"ASK {{ SERVICE <{address(remote, '/slow')}> {{ ?s ?p ?o }} }}", timeout="0.5"
    )
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "timeout")


@pytest.mark.parametrize(
    "call",
    [
        "SERVICE <ADDRESS/> { ?s ?p ?o }",
        "SERVICE <ADDRESS/names?x> { ?s ?p ?o }",
        "SERVICE <ADDRESS/names#x> { ?s ?p ?o }",
        "SERVICE <ADDRESS/n\\u0061mes> { ?s ?p ?o }",
        "SERVICE <ADDRESS/../names> { ?s ?p ?o }",
        "SERVICE SILENT <ADDRESS/other> { ?s ?p ?o }",
        "VALUES ?u { <ADDRESS/names> } SERVICE ?u { ?s ?p ?o }",
        "SERVICEx:names { ?s ?p ?o }",
        "SERVICE x:names { ?s ?p ?o }",
        "SERVICE <ADDRESS/names> { SERVICE <ADDRESS/other> { ?s ?p ?o } }",
        "SERVICE <http://[::ffff:127.0.0.1]:PORT/names> { ?s ?p ?o }",
        "SERVICE <http://localhost:PORT/names> { ?s ?p ?o }",
    ],
)
def test_only_what_is_listed_word_for_word_is_called(client, remote, call):
    before = len(remote.asked)
    here = call.replace("ADDRESS", address(remote, "")).replace("PORT", str(remote.server_port))
    answer = ask(client, f"PREFIX x: <{address(remote, '/')}> SELECT * {{ {here} }}")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("problem/service")
    assert len(remote.asked) == before


def test_a_name_that_leads_into_a_private_network_is_not_followed_there(client, remote):
    before = len(remote.asked)
    query = f"ASK {{ SERVICE <http://localhost:{remote.server_port}/by-name> {{ ?s ?p ?o }} }}"
    answer = ask(client, query)
    assert answer.status_code == 502
    assert "list its address instead" in answer.json()["detail"]
    assert len(remote.asked) == before


def test_a_malformed_query_is_told_so_where_it_is_before_anybody_is_called(client, remote):
    before = len(remote.asked)
    query = f"SELECT * {{\n SERVICE <{address(remote, '/names')}> {{ ?s\n ?p ?o }}\n ?a ?b }}"
    told = ask(client, query).json()
    assert told["type"].endswith("problem/syntax")
    assert (told["line"], told["token"]) == (4, "}")
    assert len(remote.asked) == before


def test_calls_are_few(client, remote):
    call = f"SERVICE <{address(remote, '/yes')}> {{ <a:s> <a:p> <a:o> }}"
    assert ask(client, f"ASK {{ {call * 6} }}").status_code == 403
    assert ask(client, f"ASK {{ {call * 3} }}").text == "true"


def test_updates_call_nobody(published, remote, serve):
    listed = ("--service", address(remote, "/names"), "--writable", "--token", "a-token-of-tests")
    before = len(remote.asked)
    with serve(published, *listed) as client:
        update = (
            "INSERT { GRAPH <https://w3id.org/trialkg/graph/user/a> { ?a rdfs:comment ?name } }"
            f" WHERE {{ SERVICE <{address(remote, '/names')}> {{ ?a ?p ?name }} }}"
        )
        bearer = {"Authorization": "Bearer a-token-of-tests"}
        answer = client.post("/sparql", data={"update": update}, headers=bearer)
        told = client.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert answer.status_code == 403
    assert len(remote.asked) == before
    assert "BasicFederatedQuery" in told
    assert "SPARQL11Update" in told


@pytest.mark.parametrize(
    "listed", ["ftp://a.example/", "a.example", "http://u:p@a.example/", "x y"]
)
def test_what_is_no_address_cannot_be_listed(run_command, published, listed):
    done = run_command("serve", "--data", str(published), "--service", listed)
    assert done.returncode == 2
    assert "--service" in done.stderr


def test_without_the_setting_nobody_is_called(server, remote):
    before = len(remote.asked)
    query = f"ASK {{ SERVICE <{address(remote, '/names')}> {{ ?s ?p ?o }} }}"
    answer = server.get("/sparql", params={"query": query})
    assert isinstance(answer, httpx.Response)
    assert answer.status_code == 403
    assert len(remote.asked) == before
    described = server.get("/sparql", headers={"Accept": "text/turtle"}).text
    assert "BasicFederatedQuery" not in described
    assert "SPARQL11Update" not in described
