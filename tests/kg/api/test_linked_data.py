"""Linked data, the description of data and service, and example questions, from a server."""

import html
import re
from urllib.parse import quote

import msgspec
import pyoxigraph as ox
import pytest

from kg.iris import BASE
from kg.publish import current_snapshot
from kg.query.questions import question_names
from kg.vocab import RDF, SCHEMA, SD, SH, VOID

TRIAL = "trial/clinicaltrials/NCT07480213"
SHACL_PREFIXES = 20


@pytest.fixture(scope="module")
def serving(examples, serve):
    with serve(examples) as client:
        yield client


@pytest.fixture(scope="module")
def store(examples):
    return ox.Store.read_only(str(current_snapshot(examples)))


@pytest.fixture(scope="module")
def things(store):
    """Of every kind of IRI of ours that is a subject, the first in order."""
    found = {}
    for subject in sorted({q.subject.value for q in store if q.subject.value.startswith(BASE)}):
        segments = subject.removeprefix(BASE).split("#")[0].split("/")
        kind = "/".join(segments[:1] if segments[0] != "trial" else [segments[0], *segments[3:4]])
        found.setdefault(kind, subject)
    return found


def triples(answer, format_):
    quads = ox.parse(answer.content, format=format_, base_iri="http://localhost/")
    return {quad.triple for quad in quads}


def test_every_kind_of_iri_leads_to_a_page_and_to_data(serving, things):
    assert {"antigen", "product", "city", "facility", "organization", "country"} <= set(things)
    assert {"trial", "trial/construct", "trial/evidence", "graph", "void", "study"} <= set(things)
    for kind, iri in things.items():
        path = "/" + quote(iri.removeprefix(BASE).partition("#")[0])
        for accept, media_type in {"text/html": "text/html", "text/turtle": "text/turtle"}.items():
            answer = serving.get(path, headers={"Accept": accept})
            assert answer.status_code == 303, (kind, answer.text)
            found = serving.get(answer.headers["location"])
            assert found.status_code == 200, (kind, found.text)
            assert found.headers["content-type"].split(";")[0] == media_type
            assert 'rel="canonical"' in found.headers["link"]


@pytest.mark.parametrize(
    ("extension", "format_"),
    [
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdf", ox.RdfFormat.RDF_XML),
    ],
)
def test_data_are_what_is_said_of_the_thing(serving, store, extension, format_):
    node = ox.NamedNode(f"{BASE}antigen/CLDN18.2")
    answer = serving.get(f"/antigen/CLDN18.2.{extension}")
    said = {quad.triple for quad in store.quads_for_pattern(node, None, None)}
    assert triples(answer, format_) == said
    assert said


def test_a_page_says_what_links_to_a_thing_and_that_it_is_cut_off(serving):
    page = serving.get("/study/clinicaltrials/NCT07480213.html").text
    assert "What links to it" in page
    assert f'href="/{TRIAL}"' in page
    assert "Only the first 500 are shown." in serving.get("/ontology.html").text
    told = serving.get("/ontology.json").json()
    assert told["truncated"] is True
    assert len(told["statements"]) == 500


def test_the_json_of_a_thing_names_what_it_is_linked_to(serving):
    told = serving.get("/antigen/DLL3.json").json()
    assert told["iri"] == f"{BASE}antigen/DLL3"
    assert {"DLL3"} <= {one["value"] for one in told["statements"]}
    assert told["linkedFrom"]


def test_terms_and_record_graphs_are_documents(serving, store):
    for path, graph in {
        "/ontology.nt": f"{BASE}graph/ontology",
        "/graph/lexicon.nt": f"{BASE}graph/lexicon",
        "/graph/clinicaltrials/NCT07480213.nt": f"{BASE}graph/clinicaltrials/NCT07480213",
    }.items():
        held = store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        got = triples(serving.get(path), ox.RdfFormat.N_TRIPLES)
        assert got == {quad.triple for quad in held}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/antigen/NOTHING", 404),
        ("/antigen/NOTHING.ttl", 404),
        ("/antigen/a%3E%20%7D%20x", 400),
        ("/city/cn/%22%3E%3Cscript%3E", 400),
    ],
)
def test_what_is_not_there_or_no_iri_is_a_problem(serving, path, status):
    answer = serving.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_trial_is_a_medical_trial_of_schema_org(serving):
    answer = serving.get(f"/{TRIAL}.schema.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    told = answer.json()
    assert told["@type"] == "MedicalTrial"
    assert told["@id"] == BASE + TRIAL
    assert told["status"] == "https://schema.org/Recruiting"
    assert [one["address"]["addressLocality"] for one in told["studyLocation"]] == ["Shenzhen"]
    assert [one["name"] for one in told["sponsor"]] == ["Beijing Biotech"]


@pytest.mark.parametrize(
    ("accept", "format_"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
def test_the_description_of_the_data_is_the_graph_void(serving, store, accept, format_):
    answer = serving.get("/.well-known/void", headers={"Accept": accept})
    held = store.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}graph/void"))
    assert triples(answer, format_) == {quad.triple for quad in held}


def test_the_endpoint_without_a_query_describes_itself(serving):
    answer = serving.get("/sparql", headers={"Accept": "text/turtle"})
    address = f"{serving.base_url}".rstrip("/") + "/sparql"
    told = triples(answer, ox.RdfFormat.TURTLE)
    (service,) = {t.subject for t in told if t.predicate == RDF.type and t.object == SD.Service}
    said = {(t.predicate, t.object) for t in told if t.subject == service}
    assert (SD.endpoint, ox.NamedNode(address)) in said
    assert (SD.supportedLanguage, SD.SPARQL11Query) in said
    assert (SD.feature, SD.UnionDefaultGraph) in said
    (data,) = {value for name, value in said if name == SD.defaultDataset}
    whole = ox.Triple(data, SD.defaultGraph, ox.NamedNode(f"{BASE}void/all"))
    assert whole in told
    assert any(t.predicate == VOID.sparqlEndpoint for t in told)
    assert sum(name == SD.resultFormat for name, _ in said) == 10


def test_a_missing_query_stays_an_error_for_clients_that_want_results(serving):
    answer = serving.get("/sparql", headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 400


def test_a_host_that_is_none_does_not_come_back(serving):
    answer = serving.get("/sparql", headers={"Accept": "text/turtle", "Host": "x/<script>"})
    assert answer.status_code == 400


def test_the_questions_are_served_as_shacl_for_this_endpoint(serving):
    answer = serving.get("/.well-known/sparql-examples", headers={"Accept": "text/turtle"})
    told = triples(answer, ox.RdfFormat.TURTLE)
    questions = [t for t in told if t.predicate == RDF.type and t.object == SH.SPARQLExecutable]
    assert len(questions) == len(question_names()) >= 60
    address = f"{serving.base_url}".rstrip("/") + "/sparql"
    assert {t.object.value for t in told if t.predicate == SCHEMA.target} == {address}
    assert sum(t.predicate == SH.declare for t in told) >= SHACL_PREFIXES


def test_the_description_has_a_page_for_browsers(serving):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = serving.get("/.well-known/void", headers=browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/void.html")
    shown = serving.get("/void.html").text
    for words in ("What records state, all record graphs together", "construct", "Instances"):
        assert words in shown
    assert serving.get("/.well-known/void").headers["content-type"].startswith("text/turtle")


def test_a_question_has_a_page_that_runs_it_and_shows_how_programs_ask_it(serving):
    page = serving.get("/examples/seed").text
    for words in ("curl -s", "import httpx", "library(httr)"):
        assert words in page
    address = html.unescape(re.search(r'href="(/sparql\?[^"]*format=json)"', page)[1])
    rows = msgspec.json.decode(serving.get(address).content)["results"]["bindings"]
    assert len(rows) == 5
    assert serving.get("/examples").text.count("/examples/") == len(question_names())
    assert serving.get("/examples/none").status_code == 404
    assert serving.get("/example/seed").headers["location"] == "/examples/seed"
