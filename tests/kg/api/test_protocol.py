"""The SPARQL protocol, spoken to the running server."""

import re
import socket

import pytest

ALL = "SELECT ?s WHERE { ?s ?p ?o }"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}
UPDATE = {"Content-Type": "application/sparql-update"}
LATIN = {"Content-Type": "application/sparql-query; charset=latin1"}
LEXICON = "https://w3id.org/trialkg/graph/lexicon"
SHARED = "https://w3id.org/trialkg/graph/shared"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def count(response):
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


def test_the_seed_question_is_answered_with_the_prefixes_predeclared(server):
    query = """SELECT DISTINCT ?id ?construct ?label WHERE {
      ?trial tkg:registryId ?id ; tkg:investigates ?construct ;
             tkg:site [ tkg:country country:CN ; tkg:openForEnrolment true ] .
      ?construct a tkg:NKCellTherapy ; tkg:targets antigen:DLL3 ; rdfs:label ?label . }"""
    rows = server.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    assert [row["id"]["value"] for row in rows] == ["NCT00000001"]


def test_get_form_and_direct_posts_give_the_same_answer(server):
    got = server.get("/sparql", params={"query": COUNT})
    form = server.post("/sparql", data={"query": COUNT})
    direct = server.post("/sparql", content=COUNT, headers=DIRECT)
    assert got.status_code == form.status_code == direct.status_code == 200
    assert got.content == form.content == direct.content


def test_the_default_graph_is_the_union_of_all_graphs(server):
    whole = count(server.get("/sparql", params={"query": COUNT}))
    graphs = "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert whole == count(server.get("/sparql", params={"query": graphs})) > 40


@pytest.mark.parametrize("repeated", [[LEXICON], [LEXICON, SHARED]])
def test_repeated_default_graphs_are_merged(server, repeated):
    answer = server.get("/sparql", params={"query": COUNT, "default-graph-uri": repeated})
    assert count(answer) == 2 * len(repeated)


def test_the_data_set_of_the_request_beats_from(server):
    query = "SELECT (COUNT(*) AS ?n) FROM <SHARED> { ?s a tkg:Antigen }".replace("SHARED", SHARED)
    assert count(server.get("/sparql", params={"query": query})) == 0
    answer = server.get("/sparql", params={"query": query, "default-graph-uri": LEXICON})
    assert count(answer) == 1


def test_with_named_graphs_only_the_default_graph_is_empty(server):
    parameters = {"query": COUNT, "named-graph-uri": [LEXICON, SHARED]}
    assert count(server.get("/sparql", params=parameters)) == 0
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"
    assert count(server.get("/sparql", params={**parameters, "query": named})) == 2


def test_from_in_the_text_narrows_the_union(server):
    query = "SELECT (COUNT(*) AS ?n) FROM <GRAPH> { ?s ?p ?o }".replace("GRAPH", LEXICON)
    assert count(server.get("/sparql", params={"query": query})) == 2


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (ALL, None, "application/sparql-results+json"),
        (ALL, "*/*", "application/sparql-results+json"),
        (ALL, "application/json", "application/sparql-results+json"),
        (ALL, "application/sparql-results+xml", "application/sparql-results+xml"),
        (ALL, "text/csv", "text/csv"),
        (ALL, "text/tab-separated-values", "text/tab-separated-values"),
        (ALL, "text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
        (ALL, "text/*;q=0.9, text/csv;q=0", "text/tab-separated-values"),
        (ALL, "text/turtle, text/csv;q=0.1", "text/csv"),
        ("ASK {}", "text/csv", "text/csv"),
        ("ASK {}", "text/tab-separated-values", "text/tab-separated-values"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", None, "text/turtle"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/trig", "application/trig"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-quads", "application/n-quads"),
        ("DESCRIBE antigen:DLL3", "text/turtle", "text/turtle"),
    ],
)
def test_accept_decides_the_format(server, query, accept, media_type):
    headers = {} if accept is None else {"Accept": accept}
    answer = server.get("/sparql", params={"query": query}, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] == media_type
    assert answer.headers["vary"].split(", ")[0] == "Accept"
    assert answer.content


@pytest.mark.parametrize(
    ("query", "name", "start"),
    [
        ("ASK {}", "json", b'{"head":{},"boolean":true}'),
        ("ASK {}", "csv", b"true"),
        ("ASK {}", "tsv", b"true"),
        ("ASK {}", "xml", b"<?xml"),
        ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", "ttl", b"@prefix"),
        ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", "text/turtle", b"@prefix"),
        ("CONSTRUCT { ?s a ?o } WHERE { ?s a ?o }", "nt", b"<http"),
    ],
)
def test_format_decides_before_accept(server, query, name, start):
    answer = server.get(
        "/sparql", params={"query": query, "format": name}, headers={"Accept": "image/png"}
    )
    assert answer.status_code == 200
    assert answer.content.startswith(start)


@pytest.mark.parametrize(
    ("method", "parameters", "status"),
    [
        ("GET", {"params": {"format": "json"}}, 400),
        ("GET", {"params": {"query": [ALL, ALL]}}, 400),
        ("GET", {"params": {"query": "SELECT * WHERE {"}}, 400),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 400),
        ("GET", {"params": {"query": ALL, "default-graph-uri": "no iri"}}, 400),
        ("GET", {"params": {"query": ALL, "timeout": "soon"}}, 400),
        ("GET", {"params": "query=%FF%FE"}, 400),
        ("GET", {"params": {"query": ALL}, "headers": {"Accept": "text/turtle"}}, 406),
        ("GET", {"params": {"query": ALL, "format": "turtle"}}, 406),
        ("GET", {"params": {"query": ALL, "format": "nonsense"}}, 406),
        ("GET", {"params": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}}, 403),
        ("GET", {"params": {"query": "SELECT * { SERVICE <http://localhost/> {} }"}}, 403),
        ("POST", {"data": {"query": [ALL, ALL]}}, 400),
        ("POST", {"content": b"\xff\xfe", "headers": DIRECT}, 400),
        ("POST", {"content": b"query=%FF", "headers": FORM}, 400),
        ("POST", {"data": {"update": "CLEAR ALL"}}, 403),
        ("POST", {"content": "CLEAR ALL", "headers": UPDATE}, 403),
        ("POST", {"content": "LOAD <http://localhost/>", "headers": DIRECT}, 403),
        ("POST", {"content": ALL}, 415),
        ("POST", {"content": ALL, "headers": {"Content-Type": "text/plain"}}, 415),
        ("POST", {"content": ALL, "headers": LATIN}, 415),
        ("POST", {"content": b"#" * (256 * 1024 + 1), "headers": DIRECT}, 413),
        ("POST", {"content": b"#" * (2 << 20), "headers": DIRECT}, 413),
        ("PUT", {"content": ALL}, 405),
        ("DELETE", {}, 405),
    ],
)  # fmt: skip
def test_what_is_wrong_is_a_problem_document(server, method, parameters, status):
    answer = server.request(method, "/sparql", **parameters)
    problem = answer.json()
    assert answer.status_code == status == problem["status"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]


def test_a_syntax_error_names_its_place(server):
    problem = server.get("/sparql", params={"query": "SELECT ?s\nWHERE { ?s ?p }"}).json()
    assert {"line": 2, "column": 15, "offset": 24, "token": "}"}.items() <= problem.items()


def test_an_unknown_prefix_comes_with_the_one_that_was_meant(server):
    problem = server.get("/sparql", params={"query": "ASK { ?s tgk:phase ?o }"}).json()
    assert {"line": 1, "column": 10, "token": "tgk:phase"}.items() <= problem.items()
    assert "did you mean tkg:" in problem["hint"]


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/sparql", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("/graph-store", {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}),
        ("/graph-store/a/b", {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}),
        ("/queries/a", {"GET", "DELETE", "OPTIONS"}),
        ("/antigen/DLL3", {"GET", "HEAD", "OPTIONS"}),
        ("*", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_options_say_what_may_be_asked_where(server, path, allowed):
    with socket.create_connection((server.base_url.host, server.base_url.port)) as connection:
        request = f"OPTIONS {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        connection.sendall(request.encode())
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b"")).decode()
    assert answer.startswith("HTTP/1.1 204 ")
    told = re.search(r"^allow: (.*)\r$", answer, re.MULTILINE)[1]
    assert set(told.split(", ")) == allowed


def test_requests_in_one_go_are_answered_in_order(server):
    asked = [b"ASK%7B%7D", b"ASK%7B?s%20<a:none>%20?o%7D", b"ASK%7B%7D"]
    head = b" HTTP/1.1\r\nHost: a\r\nConnection: %s\r\n\r\n"
    lines = [b"GET /sparql?format=csv&query=" + query for query in asked]
    kept, last = head % b"keep-alive", head % b"close"
    sent = b"".join(line + kept for line in lines[:-1]) + lines[-1] + last
    with socket.create_connection((server.base_url.host, server.base_url.port)) as connection:
        connection.sendall(sent)
        answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    bodies = re.findall(rb"\r\n\r\n(true|false)", answer)
    assert bodies == [b"true", b"false", b"true"]


def test_405_says_what_is_allowed(server):
    allowed = server.put("/sparql").headers["allow"]
    assert {"GET", "HEAD", "POST"} <= {method.strip() for method in allowed.split(",")}


def test_scripts_of_other_origins_may_ask(server):
    answer = server.get("/sparql", params={"query": ALL}, headers={"Origin": "https://a.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    preflight = server.options("/sparql", headers={"Origin": "https://a.example"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]


def test_problems_can_be_read_by_other_origins_too(server):
    assert server.get("/sparql").headers["access-control-allow-origin"] == "*"


def test_head_has_the_headers_of_get_and_no_body(server):
    answer = server.head("/sparql", params={"query": ALL, "format": "csv"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content == b""


def test_a_runaway_query_is_a_problem_and_the_next_query_answers(server):
    patterns = " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(9))
    answer = server.get(
        "/sparql", params={"query": f"SELECT (COUNT(*) AS ?n) {{ {patterns} }}", "timeout": "0.3"}
    )
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/timeout")
    assert server.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_a_memory_bomb_is_a_problem_and_the_next_query_answers(server):
    doubling = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(31))
    query = f'SELECT (STRLEN(?x31) AS ?n) {{ BIND("abcd" AS ?x0) {doubling} }}'
    answer = server.get("/sparql", params={"query": query})
    assert answer.status_code == 503
    assert answer.json()["type"].endswith("/memory")
    assert server.get("/sparql", params={"query": "ASK {}"}).json()["boolean"] is True


def test_the_openapi_document_describes_both_ways_to_ask(server):
    described = server.get("/openapi.json").json()["paths"]["/sparql"]
    assert set(described) == {"get", "post"}
    assert described["get"]["parameters"][0]["name"] == "query"
    assert set(described["post"]["requestBody"]["content"]) == {
        "application/x-www-form-urlencoded",
        "application/sparql-query",
        "application/sparql-update",
    }
    assert "application/problem+json" in described["get"]["responses"]["503"]["content"]
