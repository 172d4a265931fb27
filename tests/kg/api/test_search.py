import csv
import io
from urllib.parse import urlencode

import pytest

SEED = {"antigen": "DLL3", "modality": "NKCellTherapy", "country": "CN", "open": "true"}
TRIALS = ["NCT07366658", "NCT07480213", "NCT07744256"]


@pytest.fixture(scope="module")
def searched(examples, serve):
    with serve(examples) as client:
        yield client


def test_the_seed_question_has_one_answer_in_every_form(searched):
    listed = searched.get("/trials.json", params=SEED).json()
    assert sorted(one["registry_id"] for one in listed["trials"]) == TRIALS
    assert listed["total"] == len(TRIALS)
    rows = csv.DictReader(io.StringIO(searched.get("/trials.csv", params=SEED).text))
    assert sorted(row["registry_id"] for row in rows) == TRIALS
    query = searched.get("/trials.rq", params=SEED).text
    answer = searched.get("/sparql", params={"query": query, "format": "json"}).json()
    assert [row["id"]["value"] for row in answer["results"]["bindings"]] == TRIALS
    text = searched.get("/trials", params=SEED).text
    assert all(f"/trial/clinicaltrials/{one}" in text for one in TRIALS)


def test_a_name_is_sent_to_the_address_of_its_value(searched):
    sent = searched.get("/trials", params={"antigen": "delta-like 3", "effector": "NK"})
    assert sent.status_code == 303
    assert sent.headers["location"] == "/trials?antigen=DLL3&effector=NKCell"


@pytest.mark.parametrize("view", ["table", "map", "timeline", "counts"])
def test_every_view_says_how_many_there_are(searched, view):
    shown = searched.get("/trials", params={**SEED, "view": view})
    assert shown.status_code == 200
    assert "<strong>3</strong>" in shown.text


def test_all_countries_but_one_are_taken_away_at_once(searched):
    asked = {"q": "DLL3 CAR-NK outside China"}
    text = searched.get(searched.get("/ask.json", params=asked).json()["trials_at"]).text
    assert "Nothing found" in text
    assert '<span class="quiet">Country of a site</span> any but China' in text
    assert "trials without country of a site any but China" in text
    text = searched.get("/trials", params={"country": ["JP", "US"]}).text
    assert '<span class="quiet">Country of a site</span> Japan' in text


def test_nothing_found_states_scope_and_date(searched):
    text = searched.get("/trials", params={"q": "zebrafish"}).text
    assert "Nothing found" in text
    assert "newest update: <time>20" in text


@pytest.mark.parametrize(
    "asked",
    [{"antigen": "DLL33"}, {"colour": "red"}, {"near": "here"}, {"view": "pie"}, {"page": "99"}],
)
def test_what_cannot_be_honoured_is_refused_and_named(searched, asked):
    refused = searched.get("/trials", params=asked)
    assert refused.status_code == 400
    assert next(iter(asked.values())) in refused.text or next(iter(asked)) in refused.text


def test_a_program_gets_a_problem_document(searched):
    refused = searched.get("/trials.json", params={"antigen": "DLL33"})
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"
    assert "near: DLL3" in refused.json()["detail"]


def test_words_of_visitors_are_text_and_never_markup(searched):
    text = searched.get("/trials", params={"q": "<script>alert(1)</script>"}).text
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_counts_of_facets_are_there_for_programs(searched):
    facets = searched.get("/facets.json", params={"antigen": "DLL3"}).json()["facets"]
    effector = next(one for one in facets if one["facet"] == "effector")
    (nk,) = (one for one in effector["values"] if one["value"] == "NKCell")
    found = searched.get("/trials.json", params={"antigen": "DLL3", "effector": "NKCell"}).json()
    assert nk["trials"] == found["total"]


def test_all_values_of_a_facet_have_a_page(searched):
    address = f"/trials?{urlencode({'values': 'country'})}"
    assert "All facets" in searched.get(address).text


def test_a_plain_question_shows_how_it_was_understood(searched):
    text = "DLL3-targeting NK therapies recruiting in China"
    answer = searched.get("/ask.json", params={"q": text}).json()
    assert sorted(answer["ids"]) == TRIALS
    assert answer["not_understood"] == []
    page = searched.get("/ask", params={"q": text}).text
    assert "Site open for enrolment, at the place that is named: yes" in page
    assert all(f"/trial/clinicaltrials/{one}" in page for one in TRIALS)


def test_a_word_that_was_not_understood_is_named_on_the_page(searched):
    page = searched.get("/ask", params={"q": "CD19 trials that zorgle <b>"}).text
    assert "Not understood, and not looked for: <strong>zorgle</strong>" in page
    assert "<b>" not in page


def test_the_page_about_the_data_counts_what_is_known_and_what_is_not(searched):
    text = searched.get("/about").text
    assert "clinicaltrials" in text
    assert "Target undisclosed" in text
    assert "Trials without a construct" in text
