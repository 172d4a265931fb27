import pytest

import kg


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
        "DLL3/GD2 CAR-NK (CAR NK-cell therapy) is tested; it is made to bind DLL3 or GD2." in tested
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
