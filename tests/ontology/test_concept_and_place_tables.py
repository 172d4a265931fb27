"""The tables of conditions, places and cues: every row sourced, every reference held."""

import re

import pytest

from kg.iris import concept_iri, slug
from kg.resources import LEXICON

TABLES = (
    "antigen_parts",
    "cities",
    "city_aliases",
    "concepts",
    "condition_modifiers",
    "condition_names",
    "countries",
    "design_cues",
    "facilities",
    "glosses",
    "organizations",
    "other_uses",
    "risk_cues",
)
SOURCE = re.compile(
    r"uncited|vocab:[\w-]+(?: \S+)?|pypi:[\w.-]+(?: \S+)?|clinicaltrials:NCT\d{8} \S.*|https://\S+.*"
)


def rows(name):
    header, *lines = (LEXICON / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    columns = header.split("\t")
    return [dict(zip(columns, line.split("\t"), strict=True)) for line in lines]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_is_from_and_when_it_was_read(name):
    for row in rows(name):
        assert list(row)[-2:] == ["source", "as_of"]
        assert SOURCE.fullmatch(row["source"]), row
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", row["as_of"]), row


def test_every_concept_and_equivalent_has_an_iri():
    for row in rows("concepts"):
        for curie in (row["curie"], *filter(None, row["exact"].split("|"))):
            assert concept_iri(curie)


def test_no_two_concepts_claim_one_equivalent_or_one_name():
    for column in ("exact", "names"):
        seen = {}
        for row in rows("concepts"):
            for value in filter(None, row[column].split("|")):
                assert seen.setdefault((row["curie"][:4], value), row["curie"]) == row["curie"]


def test_city_keys_are_slugs_and_aliases_point_to_cities():
    cities = {(row["country"], row["key"]) for row in rows("cities")}
    assert len(cities) == len(rows("cities"))
    assert all(slug(key) == key for _, key in cities)
    assert {(row["country"], row["key"]) for row in rows("city_aliases")} <= cities
    assert {country for country, _ in cities} <= {row["code"] for row in rows("countries")}


def test_names_of_facilities_and_organisations_mean_one_thing():
    for table, scope in (("facilities", "country"), ("organizations", "key")):
        seen = {}
        for row in rows(table):
            place = row["country"] if scope == "country" else ""
            assert seen.setdefault((place, slug(row["name"])), row["key"]) == row["key"]
            assert slug(row["key"]) == row["key"]


def test_the_label_of_a_key_is_one():
    for table in ("facilities", "organizations"):
        seen = {}
        for row in rows(table):
            assert seen.setdefault(row["key"], row["label"]) == row["label"]
