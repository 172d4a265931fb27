"""The bundled examples: real trials, every sentence in our own words, each marked abridged."""

import gzip
import json
import re

import pytest

from kg.records import RawRecord
from loaders import LOADERS, clinicaltrials
from loaders.clinicaltrials import LOADER

# The registry allows these statuses for expanded access only; the files with them say otherwise.
EXPANDED = {"AVAILABLE", "NO_LONGER_AVAILABLE", "APPROVED_FOR_MARKETING"}

# Registry statuses that no real record at hand has.
UNSEEN_STATUSES = {"TemporarilyNotAvailable", "Withheld"}

LONGEST_QUOTE = 7


@pytest.fixture(scope="module")
def examples(root):
    paths = sorted((root / "loaders" / "examples").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def trials(examples):
    made = {}
    for name, study in examples.items():
        version = LOADER.version(RawRecord(content=json.dumps(study).encode(), origin=name))
        assert version.unknown_keys == ()
        made[name] = LOADER.parse(version.content)
    return made


@pytest.fixture(scope="module")
def originals(shared, examples):
    """Return the latest real record of each example, the fuller of two of one day."""
    found = {}
    for path in sorted(shared.glob("data/ctgov/*.jsonl.gz")):
        with gzip.open(path) as stream:
            for record in LOADER.read(stream, path.name):
                version = LOADER.version(record)
                rank = (version.last_update is not None, version.last_update, version.modules)
                name = version.registry_id
                if name in examples and (name not in found or rank > found[name][0]):
                    found[name] = (rank, json.loads(record.content))
    return {name: study for name, (_, study) in found.items()}


def test_there_are_at_least_25_examples_named_by_their_trial(trials):
    assert len(trials) >= 25
    assert all(trial.registry_id == name for name, trial in trials.items())


def test_each_is_marked_abridged(trials):
    assert [name for name, trial in trials.items() if not trial.abridged] == []


def test_nothing_is_dropped_from_them(trials):
    assert {name: trial.dropped for name, trial in trials.items() if trial.dropped} == {}


def test_none_holds_a_contact_or_a_person(examples, trials):
    for name, study in examples.items():
        text = json.dumps(study, ensure_ascii=False)
        for key in ("contacts", "centralContacts", "overallOfficials", "responsibleParty", "@"):
            assert f'"{key}"' not in text, name
        content = LOADER.version(RawRecord(content=text.encode(), origin=name)).content
        assert json.loads(content) == study
    assert not any(trial.lead_sponsor.person for trial in trials.values())


def test_they_show_every_status_that_real_records_have(trials):
    statuses = {trial.recruitment_status for trial in trials.values()}
    known = set(clinicaltrials.codes.STATUS.values())
    assert known - statuses == UNSEEN_STATUSES


def test_they_stand_in_several_countries(trials):
    countries = {site.country for trial in trials.values() for site in trial.sites}
    assert {"China", "United States", "Japan", "Germany", "France", "Taiwan"} <= countries


def test_both_seed_trials_are_as_the_registry_has_them(trials):
    first, second = trials["NCT07480213"], trials["NCT07366658"]
    assert [each.name.plain for each in first.interventions] == [
        "EB-DART-NK01 (DLL3/CD56 CAR-NK cells)",
        "Lymphodepleting chemotherapy",
    ]
    assert first.arms == second.arms == ()
    assert all(pair in first.brief_summary.plain for pair in ("DLL3/CD56", "DLL3/GD2", "CD56/GD2"))
    assert "NEUK203-13" not in second.interventions[0].name.plain
    assert "NEUK203-13" in second.brief_title.plain
    assert "example" in trials["NCT07744256"].brief_summary.plain


def protocol(study, module):
    return study["protocolSection"].get(module, {})


def test_what_they_state_is_what_the_registry_states(examples, originals):
    assert set(examples) == set(originals)
    for name, study in examples.items():
        real = originals[name]
        for module, keys in {
            "identificationModule": ("nctId", "briefTitle", "officialTitle", "acronym"),
            "statusModule": tuple(protocol(study, "statusModule")),
            "sponsorCollaboratorsModule": ("leadSponsor", "collaborators"),
            "conditionsModule": ("conditions", "keywords"),
            "designModule": ("enrollmentInfo",),
            "eligibilityModule": ("sex", "minimumAge", "maximumAge", "stdAges"),
        }.items():
            for key in keys:
                stated = protocol(study, module).get(key)
                assert stated == protocol(real, module).get(key), (name, key)


def test_their_study_type_and_phases_are_the_registry_s(examples, originals):
    for name, study in examples.items():
        made, real = protocol(study, "designModule"), protocol(originals[name], "designModule")
        if protocol(study, "statusModule")["overallStatus"] in EXPANDED:
            assert made["studyType"] == "EXPANDED_ACCESS"
            assert "phases" not in made
        else:
            assert made["studyType"] == real["studyType"]
            assert made.get("phases") == real.get("phases")


def test_their_arms_interventions_and_sites_are_the_registry_s(examples, originals):
    for name, study in examples.items():
        made = protocol(study, "armsInterventionsModule")
        real = protocol(originals[name], "armsInterventionsModule")
        for key, word in (("armGroups", "label"), ("interventions", "name")):
            stated = [(each[word], each.get("type")) for each in made.get(key, [])]
            assert stated == [(each[word], each.get("type")) for each in real.get(key, [])]
        sites = protocol(originals[name], "contactsLocationsModule").get("locations", [])
        for site in protocol(study, "contactsLocationsModule").get("locations", []):
            assert any(site.items() <= each.items() for each in sites), (name, site)


def prose(node, key=""):
    """Yield the free texts below a node: no titles, names, conditions, places, identifiers."""
    names = {"briefTitle", "officialTitle", "conditions", "keywords", "name", "label", "facility"}
    names |= {"interventionNames", "armGroupLabels", "otherNames", "timeFrame", "resultsSection"}
    if key in names:
        return
    if isinstance(node, str):
        yield node
    for below in node.items() if isinstance(node, dict) else ():
        yield from prose(below[1], below[0])
    for each in node if isinstance(node, list) else ():
        yield from prose(each, key)


def runs(text, length):
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def test_no_sentence_is_the_registrant_s(examples, originals):
    for name, study in examples.items():
        length = LONGEST_QUOTE + 1
        theirs = set().union(*(runs(text, length) for text in prose(originals[name])))
        ours = set().union(*(runs(text, length) for text in prose(study)))
        assert ours & theirs == set(), name


def test_a_quote_of_eight_words_would_be_found():
    text = "one two three four five six seven eight"
    study = {"descriptionModule": {"briefSummary": text}}
    assert [runs(each, LONGEST_QUOTE + 1) for each in prose(study)] == [{tuple(text.split())}]


def test_every_loader_has_examples(examples):
    assert "clinicaltrials" in LOADERS
    assert examples


@pytest.fixture(scope="module")
def earlier(root):
    paths = sorted((root / "loaders" / "examples" / "earlier").glob("*.json"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def earlier_originals(shared, earlier):
    """Return the real records of the trials and days that the earlier versions are named by."""
    found = {}
    for path in sorted(shared.glob("data/ctgov/*.jsonl.gz")):
        with gzip.open(path) as stream:
            for record in LOADER.read(stream, path.name):
                version = LOADER.version(record)
                name = f"{version.registry_id}.{version.last_update}"
                if name in earlier:
                    found.setdefault(name, []).append(json.loads(record.content))
    return found


def test_earlier_versions_are_those_of_examples_and_marked(earlier, examples):
    assert len(earlier) >= 5
    for name, study in earlier.items():
        registry_id, day = name.split(".")
        assert registry_id in examples
        assert protocol(study, "identificationModule")["nctId"] == registry_id
        assert protocol(study, "statusModule")["lastUpdatePostDateStruct"]["date"] == day
        assert study["trialkgAbridged"] is True


def test_earlier_versions_state_what_the_registry_stated_then(earlier, earlier_originals):
    assert set(earlier) == set(earlier_originals)
    length = LONGEST_QUOTE + 1
    for name, study in earlier.items():
        reals = earlier_originals[name]
        stated = protocol(study, "statusModule")
        assert any(stated.items() <= protocol(real, "statusModule").items() for real in reals), name
        given = [one["name"] for one in protocol(study, "armsInterventionsModule")["interventions"]]
        for real in reals:
            listed = protocol(real, "armsInterventionsModule")["interventions"]
            assert given == [one["name"] for one in listed], name
            theirs = set().union(*(runs(text, length) for text in prose(real)))
            assert set().union(*(runs(text, length) for text in prose(study))) & theirs == set()
