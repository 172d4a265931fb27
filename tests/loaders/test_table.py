"""Lists of one's own, read by a mapping of their columns."""

import json

import pytest

from kg.errors import RecordError, UsageError
from loaders import LOADERS, table
from loaders.table.mapping import FIELDS, load_mapping
from loaders.table.trials import Row
from tests.loaders.reading import read, trial, versions

TABLE = LOADERS["table"]
MAPPING = """
registry = "example-hospital"
id = "No"
people = ["PI"]
unread = ["Room"]
[columns]
brief_title = "Title"
recruitment_status = "State"
conditions = "Diagnosis"
countries = "Country"
facility = "Where"
[codes.recruitment_status]
open = "recruiting"
"""
CSV = (
    "No,Title,State,PI,Diagnosis,Country,Where,Room\r\n"
    "H-1,NK of Jane Doe,open,Jane Doe,AML;MDS,Germany,H,5\r\n"
)
JSON = {
    "No": "H-1",
    "Title": "NK of Jane Doe",
    "State": "open",
    "PI": "Jane Doe",
    "Diagnosis": ["AML", "MDS"],
}


@pytest.fixture
def listed(tmp_path):
    (tmp_path / "list.mapping.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path / "list.csv"


def test_a_mapping_beside_a_file_says_which_column_is_which_field(listed):
    assert TABLE.recognises(b"", str(listed))
    assert not TABLE.recognises(b"", str(listed.with_name("other.csv")))
    made = trial(TABLE, CSV, str(listed))
    assert (made.registry, made.registry_id) == ("example-hospital", "H-1")
    assert (made.brief_title.raw, made.recruitment_status) == (f"NK of {'█' * 8}", "Recruiting")
    assert [one.raw for one in made.conditions] == ["AML", "MDS"]
    assert [(one.facility, one.country) for one in made.sites] == [("H", "Germany")]
    assert made.dropped == ()


def test_json_lines_are_read_by_the_same_mapping(listed):
    made = trial(TABLE, json.dumps(JSON), str(listed.with_suffix(".jsonl")))
    assert [one.raw for one in made.conditions] == ["AML", "MDS"]
    assert b"Jane" not in versions(TABLE, json.dumps(JSON), str(listed))[0].content


def test_a_mapping_may_stand_elsewhere(listed, tmp_path):
    loader = table.mapped(tmp_path / "list.mapping.toml")
    assert trial(loader, CSV, "standard input").registry_id == "H-1"


def test_a_row_without_identifier_and_a_broken_line_cost_themselves(listed):
    (error,) = versions(TABLE, CSV.replace("H-1", ""), str(listed))
    assert (error.registry, error.field) == ("example-hospital", "id")
    first, second = versions(TABLE, f'{{"No": 1\n{json.dumps(JSON)}\n', str(listed))
    assert isinstance(first, RecordError)
    assert second.registry_id == "H-1"


def test_a_column_that_the_mapping_does_not_name_is_counted(listed):
    (version,) = versions(TABLE, CSV.replace("Room", "Novelty"), str(listed))
    assert version.unknown_keys == ("Novelty",)


def test_without_a_mapping_it_says_what_is_needed():
    with pytest.raises(RecordError, match=r"has no mapping.*mapping\.toml"):
        read(TABLE, CSV, "nowhere.csv")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('registry = "example-hospital"', 'registry = "clinicaltrials"'), "public registry"),
        (('registry = "example-hospital"', 'registry = "A b"'), "no prefix"),
        (('brief_title = "Title"', 'title = "Title"'), "no field title"),
        (("[codes.recruitment_status]", "[codes.conditions]"), "conditions has no codes"),
        (('id = "No"', ""), "missing required field"),
    ],
)
def test_a_wrong_mapping_is_refused_by_what_is_wrong(listed, tmp_path, change, message):
    path = tmp_path / "wrong.mapping.toml"
    path.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_mapping(path)


def test_every_field_that_may_be_mapped_is_read():
    assert set(Row.__struct_fields__) >= FIELDS
