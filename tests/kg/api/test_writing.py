"""Updates and graphs over HTTP, to published data: only graphs of users, and nothing by halves."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from kg.store import Store

TOKEN = "a-token-of-tests"  # noqa: S105 - of a server on loopback
BEARER = {"Authorization": f"Bearer {TOKEN}"}
USER = "https://w3id.org/trialkg/graph/user/"
LEXICON = "https://w3id.org/trialkg/graph/lexicon"
TURTLE = {"Content-Type": "text/turtle", **BEARER}
PUBLISHED = """
graph <https://w3id.org/trialkg/graph/lexicon> {
  antigen:DLL3 a tkg:Antigen ; rdfs:label "DLL3" ; tkg:antigenKind tkg:Protein .
}
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory, publish):
    folder = tmp_path_factory.mktemp("written")
    publish(folder, "000001", PUBLISHED)
    return folder


@pytest.fixture(scope="module")
def writable(data, serve):
    with serve(data, "--writable", "--token", TOKEN) as found:
        yield found


@pytest.fixture
def client(writable):
    graphs = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    rows = writable.get("/sparql", params={"query": graphs}).json()["results"]["bindings"]
    named = [row["g"]["value"] for row in rows if row["g"]["value"].startswith(USER)]
    if named:
        assert update(writable, "; ".join(f"DROP GRAPH <{g}>" for g in named)).status_code == 204
    return writable


def update(client, text, **parameters):
    return client.post("/sparql", data={"update": text, **parameters}, headers=BEARER)


def put(client, graph, turtle):
    return client.put(
        "/graph-store", params={"graph": USER + graph}, content=turtle, headers=TURTLE
    )


def names(client):
    query = "SELECT DISTINCT ?g ?o { GRAPH ?g { ?s rdfs:comment ?o } }"
    rows = client.get("/sparql", params={"query": query}).json()["results"]["bindings"]
    return {(row["g"]["value"].removeprefix(USER), row["o"]["value"]) for row in rows}


def stated(graph, text):
    return f"INSERT DATA {{ GRAPH <{USER}{graph}> {{ antigen:DLL3 rdfs:comment {text!r} }} }}"


def test_what_is_written_shows_in_the_next_answer(client):
    answer = update(client, stated("a", "seen"))
    assert answer.status_code == 204
    shown = client.get("/sparql", params={"query": "ASK {}"})
    assert answer.headers["x-trialkg-snapshot"] == shown.headers["x-trialkg-snapshot"]
    assert names(client) == {("a", "seen")}
    assert update(client, f"DROP GRAPH <{USER}a>").status_code == 204
    assert names(client) == set()


def test_a_change_has_an_id_and_counts_for_the_share_of_its_client(tmp_path, publish, serve):
    publish(tmp_path, "000001", PUBLISHED)
    options = ("--writable", "--token", TOKEN, "--client-seconds", "0.001")
    with serve(tmp_path, *options) as client:
        named = {**BEARER, "X-Query-Id": "mine"}
        first = client.post("/sparql", data={"update": stated("a", "x")}, headers=named)
        second = put(client, "b", "antigen:DLL3 rdfs:comment 1 .")
        third = client.get("/sparql", params={"query": "SELECT * { ?s ?p ?o }"})
    assert (first.status_code, first.headers["x-query-id"]) == (204, "mine")
    assert [second.status_code, third.status_code] == [429, 429]
    assert int(second.headers["retry-after"]) > 0


def test_a_change_can_be_ended_by_its_id(tmp_path, publish, serve):
    publish(tmp_path, "000001", PUBLISHED)
    endless = f"""INSERT {{ GRAPH <{USER}a> {{ ?s rdfs:comment 'x' }} }} WHERE {{
        {" ".join(f"GRAPH ?g{i} {{ ?s{i} ?p{i} ?o{i} }}" for i in range(30))}
        FILTER(?s1 = "never") BIND(antigen:DLL3 AS ?s) }}"""
    with (
        serve(tmp_path, "--writable", "--token", TOKEN) as client,
        ThreadPoolExecutor(1) as others,
    ):
        named = {**BEARER, "X-Query-Id": "long"}
        running = others.submit(client.post, "/sparql", data={"update": endless}, headers=named)
        while not running.done() and client.delete("/queries/long").status_code != 204:
            pass
        answer = running.result()
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (503, "cancelled")
        assert update(client, stated("a", "after")).status_code == 204


def test_writing_is_off_unless_it_is_switched_on(server):
    answers = [
        update(server, stated("a", "x")),
        server.put("/graph-store", params={"graph": USER + "a"}, content="", headers=TURTLE),
        server.delete("/graph-store", params={"graph": USER + "a"}, headers=BEARER),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3
    assert "--writable" in answers[0].json()["hint"]


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer é"]
)
def test_without_the_token_nothing_is_written(client, header):
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = client.post("/sparql", data={"update": stated("a", "x")}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert names(client) == set()


def test_a_server_needs_a_token_to_be_writable(data, run_command):
    found = run_command("serve", "--data", str(data), "--writable")
    assert found.returncode == 2
    assert "token" in found.stderr


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:b> <a:c> }",
        "INSERT DATA { GRAPH <LEXICON> { <a:a> <a:b> <a:c> } }",
        "DELETE DATA { GRAPH <LEXICON> { antigen:DLL3 rdfs:label 'DLL3' } }",
        "DELETE WHERE { GRAPH <LEXICON> { ?s ?p ?o } }",
        "WITH <LEXICON> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { GRAPH <USERa> { ?s ?p 1 } ?s ?p 2 } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "PREFIX g: <https://w3id.org/trialkg/graph/> DROP GRAPH g:lexicon",
        "PREFIX tkg: <USER> PREFIX tkg: <a:> INSERT DATA { GRAPH tkg:x { <a:a> <a:b> <a:c> } }",
        "CREATE GRAPH <USER>",
        "CLEAR ALL",
        "DROP NAMED",
        "DROP SILENT DEFAULT",
        "COPY <USERa> TO <LEXICON>",
        "MOVE <LEXICON> TO <USERa>",
        "ADD <LEXICON> TO DEFAULT",
        "INSERT DATA { GRAPH <USERa> { <a:a> <a:b> 1 } } ; CLEAR GRAPH <LEXICON>",
    ],
)
def test_no_other_graph_can_be_written(client, text):
    before = client.get("/sparql", params={"query": "ASK {}"}).headers["x-trialkg-snapshot"]
    answer = update(client, text.replace("LEXICON", LEXICON).replace("USER", USER))
    assert answer.status_code == 403, answer.text
    assert USER in answer.json()["hint"]
    after = client.get("/sparql", params={"query": "ASK {}"}).headers["x-trialkg-snapshot"]
    assert before == after


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/>",
        "LOAD SILENT <http://127.0.0.1:9/>",
        f"LOAD <http://127.0.0.1:9/> INTO GRAPH <{USER}a>",
        f"LOAD <file:///etc/passwd> INTO GRAPH <{USER}a>",
        "INSERT { GRAPH <USERa> { ?s ?p 1 } } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    ],
)
def test_updates_reach_no_network_and_no_file(client, text):
    assert update(client, text.replace("USER", USER)).status_code == 403


@pytest.mark.parametrize("text", ["INSERT DATA {", "LOADSILENT<http://a/>", "CLEAR XYZ", "LOAD 1"])
def test_a_malformed_update_is_told_so(client, text):
    problem = update(client, text)
    assert problem.status_code == 400
    assert problem.json()["type"].endswith("/syntax")


def test_a_build_goes_before(client, data):
    with Store.open(data / "store"):
        answer = update(client, stated("a", "x"))
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("/building")
    assert update(client, stated("a", "x")).status_code == 204


@pytest.mark.parametrize(
    ("turtle", "said"),
    [
        ("antigen:NEW a tkg:Antigen .", "antigen:NEW|rdfs:label"),
        ('antigen:DLL3 rdfs:label "another" .', "rdfs:label"),
    ],
)
def test_what_would_break_a_shape_is_refused(client, turtle, said):
    prologue = (
        "PREFIX antigen: <https://w3id.org/trialkg/antigen/>\n"
        "PREFIX tkg: <https://w3id.org/trialkg/ontology#>\n"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    )
    answer = put(client, "a", prologue + turtle)
    assert answer.status_code == 422, answer.text
    assert said.split("|")[-1] in answer.json()["detail"]


def test_what_another_graph_states_is_not_stated_again(client):
    repeated = "INSERT DATA { GRAPH <USERa> { antigen:DLL3 rdfs:label 'DLL3' } }"
    answer = update(client, repeated.replace("USER", USER))
    assert answer.status_code == 409
    assert LEXICON in answer.json()["detail"]
    assert update(client, stated("a", "x")).status_code == 204
    assert update(client, stated("b", "x")).status_code == 409


def test_a_where_that_would_read_an_empty_graph_is_refused(client):
    text = "INSERT { GRAPH <USERa> { ?s rdfs:comment 'x' } } WHERE { ?s a tkg:Antigen }"
    assert update(client, text.replace("USER", USER)).status_code == 400
    using = update(client, text.replace("USER", USER), **{"using-graph-uri": LEXICON})
    assert using.status_code == 204
    assert names(client) == {("a", "x")}


def test_using_in_the_text_and_in_the_request_is_an_error(client):
    text = f"INSERT {{ GRAPH <{USER}a> {{ ?s ?p 1 }} }} USING <{LEXICON}> WHERE {{ ?s ?p ?o }}"
    assert update(client, text, **{"using-graph-uri": LEXICON}).status_code == 400


def test_graphs_are_put_added_to_read_and_deleted(client):
    assert put(client, "a", '<a:a> <a:b> "1" .').status_code == 201
    assert put(client, "a", '<a:a> <a:b> "2" .').status_code == 204
    graph = {"graph": USER + "a"}
    added = client.post("/graph-store", params=graph, content='<a:a> <a:b> "3" .', headers=TURTLE)
    assert added.status_code == 204
    read = client.get("/graph-store", params=graph, headers={"Accept": "application/n-triples"})
    assert set(read.text.split("\n")) == {'<a:a> <a:b> "2" .', '<a:a> <a:b> "3" .', ""}
    assert client.head("/graph-store", params=graph).status_code == 200
    assert client.delete("/graph-store", params=graph, headers=BEARER).status_code == 204
    assert client.get("/graph-store", params=graph).status_code == 404


def test_a_posted_graph_is_named_by_the_server(client):
    answer = client.post("/graph-store", content="<a:a> <a:b> <a:c> .", headers=TURTLE)
    assert answer.status_code == 201
    assert answer.headers["location"].startswith(USER)


@pytest.mark.parametrize(
    ("method", "parameters", "content_type", "body", "status"),
    [
        ("GET", {}, None, b"", 400),
        ("GET", {"graph": USER + "a", "default": ""}, None, b"", 400),
        ("GET", {"graph": "no iri"}, None, b"", 400),
        ("GET", {"graph": USER + "none"}, None, b"", 404),
        ("PUT", {"graph": LEXICON}, "text/turtle", b"", 403),
        ("PUT", {"default": ""}, "text/turtle", b"", 403),
        ("DELETE", {"graph": LEXICON}, None, b"", 403),
        ("PUT", {"graph": USER + "a"}, "text/turtle", b"<a:a> <a:b>", 400),
        ("PUT", {"graph": USER + "a"}, "text/turtle; charset=latin1", b"", 415),
        ("PUT", {"graph": USER + "a"}, "text/html", b"", 415),
        ("PUT", {"graph": USER + "a"}, None, b"", 415),
        ("PUT", {"graph": USER + "a"}, "multipart/form-data; boundary=x", b"", 400),
        ("PUT", {"graph": USER + "a"}, "application/rdf+xml", b"<!DOCTYPE x><x/>", 400),
        ("PUT", {"graph": USER + "a"}, "text/turtle", b"#" * (17 << 20), 413),
        ("PATCH", {"graph": USER + "a"}, "text/turtle", b"", 405),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_graph_request_is_a_problem_document(
    client, method, parameters, content_type, body, status
):
    headers = {**BEARER, **({} if content_type is None else {"Content-Type": content_type})}
    answer = client.request(
        method, "/graph-store", params=parameters, content=body, headers=headers
    )
    assert answer.status_code == status == answer.json()["status"]
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_update_that_runs_too_long_is_stopped_and_leaves_nothing(tmp_path, publish, serve):
    publish(tmp_path, "000001", PUBLISHED)
    patterns = " ".join(f"GRAPH ?g{i} {{ ?a{i} ?b{i} ?c{i} }}" for i in range(25))
    text = f"INSERT {{ GRAPH <{USER}a> {{ ?a0 ?b0 ?c24 }} }} WHERE {{ {patterns} }}"
    with serve(tmp_path, "--writable", "--token", TOKEN, "--timeout", "3") as client:
        answer = update(client, text)
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/timeout")
    # By a server with more patience, since a busy machine may take seconds for this.
    with serve(tmp_path, "--writable", "--token", TOKEN) as client:
        assert update(client, stated("b", "after")).status_code == 204
        assert names(client) == {("b", "after")}


def test_writers_at_once_lose_nothing(client):
    texts = [stated(f"g{number}", f"c{number}") for number in range(4)]

    def send(text):
        return httpx.post(
            client.base_url.join("/sparql"), data={"update": text}, headers=BEARER, timeout=60
        )

    with ThreadPoolExecutor() as threads:
        answers = list(threads.map(send, texts))
    assert [answer.status_code for answer in answers] == [204] * 4
    assert names(client) == {(f"g{number}", f"c{number}") for number in range(4)}


def test_graphs_of_users_survive_a_rebuild(examples, tmp_path, serve):
    from kg.pipeline import Settings, build
    from loaders import LOADERS

    data = tmp_path / "data"
    shutil.copytree(examples, data)
    with serve(data, "--writable", "--token", TOKEN) as client:
        assert update(client, stated("a", "kept")).status_code == 204
        assert described(client) == counted(client)
        shutil.rmtree(data / "store")
        build(data, [], LOADERS, settings=Settings(processes=1))
        assert names(client) >= {("a", "kept")}
        assert described(client) == counted(client)
        assert update(client, stated("b", "too")).status_code == 204
        assert names(client) >= {("a", "kept"), ("b", "too")}
        assert described(client) == counted(client)


def described(client):
    """What the description says of everything, and of what users wrote."""
    parts = (
        "VALUES ?part { <https://w3id.org/trialkg/void/all> <https://w3id.org/trialkg/void/user> }"
    )
    query = f"SELECT ?n {{ {parts} ?part void:triples ?n }} ORDER BY DESC(?n)"
    return client.get("/sparql", params={"query": query, "format": "csv"}).text


def counted(client):
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } FILTER(%s) }"
    whole = count % '!STRENDS(STR(?g), "/graph/void")'
    written = count % f'STRSTARTS(STR(?g), "{USER}")'
    query = f"SELECT ?n {{ {{ {whole} }} UNION {{ {written} }} }} ORDER BY DESC(?n)"
    return client.get("/sparql", params={"query": query, "format": "csv"}).text
