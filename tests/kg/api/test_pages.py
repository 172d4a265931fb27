"""Pages and linked data, from the running server."""

import msgspec
import pyoxigraph as ox
import pytest

from kg.api.pages import local, safe_href
from kg.query.trial import Trial

ADDRESS = "/trial/clinicaltrials/NCT00000001"
PAGE = f"{ADDRESS}.html"


def test_the_first_page_says_what_there_is_and_runs_the_seed_question(server):
    page = server.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "1 trial, 1 construct investigated, 1 antigen targeted, 1 site" in page.text
    assert "2026-08-01" in page.text
    start = page.text.index('href="/sparql?')
    address = page.text[start + 6 : page.text.index('"', start + 6)].replace("&amp;", "&")
    answer = server.get(address)
    assert answer.status_code == 200
    assert "NCT00000001" in answer.text


def test_no_page_asks_for_anything_from_elsewhere(server):
    for address in ("/", PAGE):
        text = server.get(address).text
        assert "<script" not in text
        assert 'src="' not in text
        assert 'rel="stylesheet" href="/style.css"' in text
    assert server.get("/style.css").headers["content-type"].startswith("text/css")


def test_words_of_a_record_cannot_become_markup_or_a_link(server):
    text = server.get(PAGE).text
    assert "DLL3 CAR-NK &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert 'href="javascript' not in text


def test_a_trial_page_shows_flags_abridgement_and_marked_quotes(server):
    text = server.get(PAGE).text
    assert "shortened and reworded" in text
    assert "registered more than once" in text
    assert "<mark>DLL3 CAR-NK</mark>" in text


@pytest.mark.parametrize(
    ("extension", "format_"),
    [
        (".ttl", ox.RdfFormat.TURTLE),
        (".nt", ox.RdfFormat.N_TRIPLES),
        (".jsonld", ox.RdfFormat.JSON_LD),
        (".rdf", ox.RdfFormat.RDF_XML),
    ],
)
def test_a_trial_is_its_own_graph_in_every_format(server, snapshot, extension, format_):
    answer = server.get(ADDRESS + extension)
    assert answer.headers["content-type"].split(";")[0] == format_.media_type
    record = ox.NamedNode("https://w3id.org/trialkg/graph/clinicaltrials/NCT00000001")
    stored = ox.Store.read_only(str(snapshot)).quads_for_pattern(None, None, None, record)
    got = ox.parse(answer.content, format=format_, base_iri="http://localhost/")
    assert {quad.triple for quad in got} == {quad.triple for quad in stored}


def test_a_trial_as_json_is_the_typed_record(server):
    answer = server.get(ADDRESS + ".json")
    trial = msgspec.json.decode(answer.content, type=Trial)
    assert trial.registry_id == "NCT00000001"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json", "application/ld+json"),
    ],
)
def test_without_an_extension_accept_decides_where_to_look(server, accept, media_type):
    answer = server.get(ADDRESS, headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["vary"] == "Accept"
    found = server.get(answer.headers["location"])
    assert found.headers["content-type"].split(";")[0] == media_type


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/trial/clinicaltrials/NCT99999999", 404),
        ("/trial/clinicaltrials/NCT99999999.ttl", 404),
        ("/trial/clinicaltrials/%3Cscript%3E", 400),
        ("/nowhere", 404),
    ],
)
def test_what_is_not_there_is_a_problem_document(server, address, status):
    answer = server.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nowhere", 404),
        ("/assets/none.js", 404),
        ("/trial/clinicaltrials/NCT99999999", 404),
        ("/node.json?iri=<b>x", 400),
        ("/explore?node=https://example.org/none", 404),
    ],
)
def test_a_browser_gets_a_problem_as_a_page(server, address, status):
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    answer = server.get(address, headers=browser)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert 'role="alert"' in answer.text
    assert "<b>" not in answer.text


@pytest.mark.parametrize("address", ["/", "/health", "/style.css", PAGE, ADDRESS + ".ttl"])
def test_head_has_the_headers_of_get_and_no_body(server, address):
    head, got = server.head(address), server.get(address)
    assert head.status_code == got.status_code == 200
    assert head.headers["content-type"] == got.headers["content-type"]
    assert head.content == b""


def test_health_names_the_snapshot(server):
    assert server.get("/health").json() == {
        "status": "ok",
        "snapshot": "000001",
        "damaged": [],
    }


def test_pages_carry_security_headers(server):
    headers = server.get("/").headers
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", ""]
)
def test_only_web_addresses_and_paths_of_ours_are_links(address):
    assert safe_href(address) is None
    assert local(address) is None
