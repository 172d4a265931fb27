"""EU CTIS: both layouts of a record are read as one."""

import gzip
import json

from kg.errors import RecordError
from loaders import LOADERS
from tests.loaders.reading import found, trial, versions

CTIS = LOADERS["ctis"]
ID = "2023-508143-51-00"

PART_I = {
    "trialDetails": {
        "clinicalTrialIdentifiers": {
            "fullTitle": "CAR-NK by Jane Doe",
            "secondaryIdentifyingNumbers": {"nctNumber": {"number": "NCT01234567"}},
        },
        "trialInformation": {
            "eligibilityCriteria": {
                "principalInclusionCriteria": [
                    {"number": 1, "principalInclusionCriteria": "Adults"},
                    {"number": 2, "principalInclusionCriteria": "AML"},
                ]
            }
        },
    },
    "products": [{"productDictionaryInfo": {"activeSubstanceName": "NK-1", "prodName": "N/A"}}],
    "sponsors": [{"primary": True, "isCommercial": True, "organisation": {"name": "A Ltd"}}],
}
PARTS_II = [
    {
        "mscInfo": {"mscName": "Spain"},
        "trialSites": [
            {
                "organisationAddressInfo": {
                    "organisation": {"name": "H"},
                    "address": {"city": "Madrid", "countryName": "Spain"},
                },
                "personInfo": {"firstName": "Jane", "lastName": "Doe", "email": "j@d.es"},
            }
        ],
    },
    {"mscInfo": {"mscName": "Italy"}},
]
SHARED = {"ctNumber": ID, "trialPhase": "Phase I and Phase II (Integrated)", "gender": "Male"}
BEFORE = SHARED | {
    "ctStatus": "Ongoing, recruiting",
    "authorizedPartI": PART_I,
    "authorizedPartsII": PARTS_II,
    "eudraCtInfo": {"eudraCtCode": "2020-005849-16"},
}
SINCE = SHARED | {
    "ctStatus": "Ongoing, recruiting",
    "authorizedApplication": {
        "authorizedPartI": PART_I,
        "authorizedPartsII": PARTS_II,
        "eudraCt": {"eudraCtCode": "2020-005849-16"},
    },
}


def test_both_layouts_are_the_same_content():
    assert found(json.dumps(BEFORE)) == found(json.dumps(SINCE)) == "ctis"
    one, other = (versions(CTIS, json.dumps(each))[0] for each in (BEFORE, SINCE))
    assert one.content == other.content
    assert b"Doe" not in one.content
    assert b"j@d.es" not in one.content


def test_a_record_is_read_with_codes_sites_and_numbers():
    made = trial(CTIS, json.dumps(SINCE))
    assert (made.registry_id, made.recruitment_status) == (ID, "Recruiting")
    assert (made.phases, made.sex) == (("Phase1", "Phase2"), "MaleOnly")
    assert made.brief_title.raw == f"CAR-NK by {'█' * 8}"
    assert [one.value for one in made.secondary_ids] == ["2020-005849-16", "NCT01234567"]
    assert [one.name.raw for one in made.interventions] == ["NK-1"]
    assert [(one.facility, one.city, one.country) for one in made.sites] == [
        ("H", "Madrid", "Spain"),
        (None, None, "Italy"),
    ]
    assert made.eligibility.raw == "Inclusion Criteria:\nAdults\nAML"
    assert made.lead_sponsor.sponsor_class == "IndustrySponsor"
    assert made.dropped == ()


def test_a_status_number_means_what_its_words_mean():
    made = [trial(CTIS, json.dumps(SINCE | {"ctStatus": one})) for one in (4, 8, 99)]
    assert [one.recruitment_status for one in made] == ["Recruiting", "Completed", None]
    assert [one.value for one in made[2].dropped] == ["99"]


def test_a_record_without_number_is_refused():
    (error,) = versions(CTIS, json.dumps(SINCE | {"ctNumber": "NCT01234567"}))
    assert isinstance(error, RecordError)
    assert error.field == "/ctNumber"


def test_a_key_that_nobody_knows_is_counted_and_left_out():
    (version,) = versions(CTIS, json.dumps(SINCE | {"novelty": {"a": 1}}))
    assert version.unknown_keys == ("novelty",)
    assert b"novelty" not in version.content


def test_every_real_record_is_read_in_both_layouts(shared):
    content = gzip.decompress((shared / "data/eu_ctis/ctis_records.jsonl.gz").read_bytes())
    assert found(content) == "ctis"
    made = versions(CTIS, content)
    assert {one.unknown_keys for one in made} == {()}
    trials = [CTIS.parse(one.content) for one in made]
    assert [one.registry_id for one in trials] == [
        "2023-508143-51-01",
        "2022-500244-37-00",
        "2024-510663-34-00",
        "2023-505613-24-00",
    ]
    assert [one.dropped for one in trials if one.dropped] == []
    assert all(one.interventions and one.sites and one.outcomes for one in trials)
    assert not any(b"@" in one.content or b"Nijlant" in one.content for one in made)
