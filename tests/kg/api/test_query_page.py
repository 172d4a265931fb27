import re

import pytest

COUNTS = (
    "SELECT ?status (COUNT(?t) AS ?trials) { ?t tkg:recruitmentStatus ?status } GROUP BY ?status"
)
PLACES = "SELECT ?latitude ?longitude { ?site geo:lat ?latitude ; geo:long ?longitude }"


@pytest.fixture(scope="module")
def searched(examples, serve):
    with serve(examples) as client:
        yield client


def shown(client, query, **parameters):
    return client.get("/query", params={"query": query, **parameters})


def test_an_answer_is_a_table_whose_things_are_links(searched):
    page = shown(searched, "SELECT ?s ?l { ?s a tkg:Antigen ; rdfs:label ?l } ORDER BY ?l LIMIT 3")
    assert page.status_code == 200
    assert "3 rows" in page.text
    assert len(re.findall(r'href="/antigen/', page.text)) == 3


def test_numbers_make_a_chart_and_coordinates_a_map(searched):
    assert "<meter" in shown(searched, COUNTS, view="chart").text
    assert "<circle" in shown(searched, PLACES, view="map").text
    assert "A map needs the columns" in shown(searched, COUNTS, view="map").text


def test_a_long_answer_is_cut_and_says_so(searched):
    page = shown(searched, "SELECT ?s ?p ?o { ?s ?p ?o }").text
    assert "1,000 rows shown, more were found" in page
    page = shown(searched, "CONSTRUCT WHERE { ?s ?p ?o }").text
    assert "1,000 statements shown, more were found" in page


def test_a_question_of_yes_and_no_is_answered_in_words(searched):
    assert "<strong>yes</strong>" in shown(searched, "ASK {}").text
    assert "<strong>no</strong>" in shown(searched, "ASK { FILTER(false) }").text


def test_an_error_is_shown_at_its_line(searched):
    page = shown(searched, "SELECT ?s {\n ?s foo:bar ?o }")
    assert page.status_code == 400
    assert "<mark>2   ?s foo:bar ?o }</mark>" in page.text


@pytest.mark.parametrize(
    "query",
    ["SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "DROP ALL", "</textarea><b>"],
)
def test_what_the_endpoint_refuses_the_page_refuses(searched, query):
    page = shown(searched, query)
    assert page.status_code == 400
    assert "<b>" not in page.text


def test_examples_are_found_by_their_words(searched):
    page = searched.get("/query", params={"examples": "duplicate"}).text
    assert "duplicate" in page
    assert "No example has these words." in searched.get("/query?examples=zebrafish").text
