"""The example questions, each run on the bundled examples.

The trials in the files were found by reading the records. They are all that an answer may name.
"""

import re

import pytest

import kg
from kg.query.questions import QUESTIONS, example_triples, question, question_names
from kg.vocab import RDF, SCHEMA, SH

SEED_ROWS = [
    "NCT07366658",
    "NCT07480213",
    "NCT07480213",
    "NCT07744256",
    "NCT07744256",
]
OWED = (
    "01",
    "02",
    "03",
    "04",
    "08",
    "09",
    "10",
    "11",
    "12",
    "13",
    "15",
    "16",
    "19",
    "23",
    "24",
    "27",
    "28",
    "29",
    "30",
)
REGISTRATIONS = "SELECT ?id ?trial { ?trial tkg:registryId ?id }"


@pytest.fixture(scope="module")
def graph(examples):
    with kg.open(examples) as opened:
        yield opened


def names(form):
    return [name for name in question_names() if question(name).form == form]


@pytest.mark.parametrize("name", names("SELECT"))
def test_the_answer_names_the_trials_that_the_records_name(graph, name):
    rows = graph.query(question(name).query)
    wanted = set(question(name).trials)
    known = {row["id"]: row["trial"] for row in graph.query(REGISTRATIONS)}
    assert {str(known[row["id"]]) for row in rows} == wanted
    assert wanted


@pytest.mark.parametrize("name", names("ASK"))
def test_a_yes_or_no_question_is_answered_with_yes(graph, name):
    assert graph.query(question(name).query) is True


@pytest.mark.parametrize("name", names("CONSTRUCT"))
def test_a_network_has_the_trials_that_the_records_name(graph, name):
    made = graph.query(question(name).query)
    trials = set(question(name).trials)
    assert {str(subject) for subject in made.subjects() if "construct" not in subject} >= trials
    found = {s for s in map(str, made.subjects()) if re.search(r"/trial/[^/]+/[^/]+$", s)}
    assert found == trials


def test_there_are_at_least_sixty_questions_with_words_to_find_them():
    assert len(question_names()) >= 60
    for name in question_names():
        assert re.fullmatch(r"[A-Z].*[.?]", question(name).comment), name
        assert question(name).keywords, name
    assert len({question(name).comment for name in question_names()}) == len(question_names())


def test_the_questions_that_the_first_releases_owe_are_there():
    owed = {name[11:13] for name in question_names() if name.startswith("competency-")}
    assert owed == set(OWED)


def test_every_file_of_the_folder_is_a_question():
    assert {path.name for path in QUESTIONS.iterdir()} == {f"{n}.ttl" for n in question_names()}


def test_the_questions_are_offered_for_the_endpoint_that_serves_them():
    triples = example_triples("http://127.0.0.1:1/sparql")
    typed = [t for t in triples if t.predicate == RDF.type and t.object == SH.SPARQLExecutable]
    targets = {t.object.value for t in triples if t.predicate == SCHEMA.target}
    assert len(typed) == len(question_names())
    assert targets == {"http://127.0.0.1:1/sparql"}


def test_the_seed_question_has_its_five_rows_with_and_without_distinct(graph):
    query = question("seed").query
    for text in (query, query.replace("DISTINCT ", "")):
        assert sorted(row["id"] for row in graph.query(text)) == SEED_ROWS


def test_each_target_of_the_seed_question_leads_to_its_quote(graph):
    rows = graph.query(question("seed-evidence").query)
    stated = [row for row in rows if row["basis"].endswith("#Stated")]
    assert {row["id"] for row in stated} == set(SEED_ROWS)
    assert all(len(row["quote"]) == row["end"] - row["start"] for row in stated)
