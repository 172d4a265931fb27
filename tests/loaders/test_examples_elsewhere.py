"""The bundled examples of other registries: facts as they are, sentences in our own words."""

import re

import pytest

from kg.errors import RecordError
from kg.forms import raw_records
from kg.records import texts
from loaders import LOADERS

# Registries whose own records are bundled, and where the real record of each stands.
REAL = {
    ("chictr", "ChiCTR2400084905"): "chictr/chictr_detail_page.html.gz",
    ("ctis", "2024-510663-34-00"): "eu_ctis/ctis_records.jsonl.gz",
    ("euclinicaltrials", "2016-004489-24-DE"): "eu_ctr/euctr_records.jsonl.gz",
    ("isrctn", "ISRCTN80181452"): "isrctn/isrctn_records.jsonl.gz",
}
LONGEST_QUOTE = 7
SENTENCES = ("brief_summary", "detailed_description", "eligibility")


def parsed(paths):
    made = {}
    for loader, raw in raw_records(paths, LOADERS, None):
        assert not isinstance(raw, RecordError), raw
        trial = loader.parse(loader.version(raw).content)
        made[(trial.registry, trial.registry_id)] = trial
    return made


@pytest.fixture(scope="module")
def examples(root):
    return parsed([root / "loaders" / "examples" / "elsewhere"])


@pytest.fixture(scope="module")
def originals(shared):
    return parsed(sorted({shared / "data" / name for name in REAL.values()}))


def test_several_registries_are_bundled_and_every_record_is_marked(examples):
    assert set(REAL) <= set(examples)
    assert [key for key, trial in examples.items() if not trial.abridged] == []


def test_nothing_is_dropped_but_states_that_no_table_has(examples):
    dropped = {one.field for trial in examples.values() for one in trial.dropped}
    assert dropped <= {"/Recruitment_Status"}


def test_they_hold_no_people_and_no_addresses(root, examples):
    assert not any(trial.lead_sponsor and trial.lead_sponsor.person for trial in examples.values())
    for path in (root / "loaders" / "examples" / "elsewhere").iterdir():
        text = path.read_text(encoding="utf-8")
        assert "@" not in text, path.name
        assert re.search(r"[Cc]ontact|personInfo|联系人|电话", text) is None, path.name


@pytest.mark.parametrize("key", sorted(REAL))
def test_what_they_state_is_what_the_registry_states(examples, originals, key):
    made, real = examples[key], originals[key]
    for name in (
        "recruitment_status",
        "study_type",
        "phases",
        "allocation",
        "masking",
        "sex",
        "enrollment",
        "start_date",
        "first_posted",
        "last_update_posted",
        "lead_sponsor",
    ):
        assert getattr(made, name) in (getattr(real, name), None), name
    names = {one.name.plain for one in real.interventions}
    assert {one.name.plain for one in made.interventions} <= names
    places = {(site.facility, site.city, site.country) for site in real.sites}
    assert {(site.facility, site.city, site.country) for site in made.sites} <= places
    assert {one.value for one in made.secondary_ids} <= {one.value for one in real.secondary_ids}


def runs(text):
    words = re.findall(r"\w+", text.lower())
    length = LONGEST_QUOTE + 1
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


@pytest.mark.parametrize("key", sorted(REAL))
def test_no_sentence_is_the_registrant_s(examples, originals, key):
    theirs = set().union(*(runs(text.plain) for text in texts(originals[key])))
    for name in SENTENCES:
        text = getattr(examples[key], name)
        assert text is None or not runs(text.plain) & theirs, name
