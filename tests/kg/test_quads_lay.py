import pytest

import kg
from kg.extract.findings import Extraction
from kg.extract.lexicon import load_lexicon
from kg.quads.lay import lay_statements
from kg.records import Outcome, Text, Trial
from kg.resources import LEXICON


@pytest.fixture(scope="module")
def said(examples):
    with kg.open(examples) as graph:
        yield graph.query(
            "SELECT ?id ?kind ?text (COUNT(?evidence) AS ?quotes) (COUNT(?source) AS ?sources) {"
            " ?one a tkg:LayStatement ; tkg:text ?text ; tkg:statementKind ?kind ;"
            " tkg:inTrial/tkg:registryId ?id ."
            " OPTIONAL { ?one tkg:evidence ?evidence } OPTIONAL { ?one dcterms:source ?source } }"
            " GROUP BY ?one ?id ?kind ?text"
        )


def of(said, registry_id, kind):
    return {row["text"] for row in said if row["id"] == registry_id and row["kind"].endswith(kind)}


def test_every_statement_rests_on_a_sentence_or_a_source(said):
    assert len(said) > 100
    assert all(row["quotes"] or row["sources"] for row in said)


def test_each_construct_is_said_with_what_it_is_made_to_bind(said):
    tested = of(said, "NCT07480213", "WhatIsTested")
    assert (
        "DLL3/GD2 CAR-NK, a CAR NK-cell therapy, is tested; it is made to bind DLL3 or GD2."
        in tested
    )
    assert len(tested) == 3


def test_a_risk_of_a_class_is_only_said_of_that_class(said):
    known = {row["id"] for row in said if "is a known risk of any" in row["text"]}
    assert known
    assert "NCT07480213" not in known


def test_no_statement_says_that_something_works(said):
    words = ("effective", "cures", "safe ", "benefit")
    made = (row["text"] for row in said if not row["kind"].endswith("CouldLeadTo"))
    assert not [text for text in made if any(word in text.lower() for word in words)]


def measured(*measures):
    """Return what is said of a trial with these primary outcomes, and of one that is secondary."""
    outcomes = [
        Outcome(outcome_type=kind, measure=Text(f"/outcomes/{place}", one, one))
        for place, (kind, one) in enumerate(
            [("secondary", "weight"), *(("primary", one) for one in measures)]
        )
    ]
    title = Text("/title", "A title", "A title")
    trial = Trial(
        registry="clinicaltrials",
        registry_id="NCT00000001",
        brief_title=title,
        outcomes=tuple(outcomes),
    )
    return lay_statements(trial, Extraction(), load_lexicon((LEXICON,)))


def test_of_many_first_measures_those_left_out_are_counted_and_quoted():
    said = measured(*(f"Measure {number}" for number in range(9)), "Measure 0.")
    assert [one.text for one in said[:2]] == [
        "The trial measures first of all: \u201cMeasure 0\u201d.",
        "The trial measures first of all: \u201cMeasure 1\u201d.",
    ]
    assert (
        said[-1].text == "The trial measures 3 more outcomes first of all; its record lists them."
    )
    assert sum(len(one.evidence) for one in said) == 10


def test_a_long_measure_is_cut_with_its_whole_words_as_ground():
    long = "overall response " * 30
    (said,) = measured(long)
    assert len(said.text) < 300
    assert said.text.endswith("response \u2026\u201d.") or said.text.endswith(
        "overall \u2026\u201d."
    )
    assert said.evidence[0].exact == long


def test_measures_without_words_say_nothing():
    assert measured("", "  ") == ()
