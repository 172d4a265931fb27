"""The documented queries, each run on the bundled examples."""

import re

import pytest

import kg
from kg.query.texts import EXAMPLES, example_names, example_query

SEED_ROWS = [
    "NCT07366658",
    "NCT07480213",
    "NCT07480213",
    "NCT07744256",
    "NCT07744256",
]


@pytest.fixture(scope="module")
def graph(examples):
    with kg.open(examples) as opened:
        yield opened


@pytest.mark.parametrize("name", example_names())
def test_a_documented_query_has_an_answer(graph, name):
    rows = graph.query(example_query(name))
    assert rows
    assert all(any(value is not None for value in row.values()) for row in rows)


@pytest.mark.parametrize("name", example_names())
def test_a_documented_query_says_first_what_it_asks(name):
    assert re.match(r"# \S.*[^.]\n", example_query(name))


def test_every_file_of_the_folder_is_a_documented_query():
    assert sorted(path.stem for path in EXAMPLES.iterdir()) == example_names()


def test_the_seed_question_has_its_five_rows_with_and_without_distinct(graph):
    query = example_query("seed")
    for text in (query, query.replace("DISTINCT ", "")):
        assert sorted(row["id"] for row in graph.query(text)) == SEED_ROWS


def test_each_target_of_the_seed_question_leads_to_its_quote(graph):
    rows = graph.query(example_query("seed-evidence"))
    stated = [row for row in rows if row["basis"].endswith("#Stated")]
    assert {row["id"] for row in stated} == set(SEED_ROWS)
    assert all(len(row["quote"]) == row["end"] - row["start"] for row in stated)
