"""ISRCTN as XML and as JSON made of it: the same registration."""

import gzip
import json

import pytest

from kg.errors import RecordError
from loaders import LOADERS
from tests.loaders.reading import found, trial, versions

XML, JSON = LOADERS["isrctn"], LOADERS["isrctn_json"]

FULL = """<allTrials xmlns="http://www.67bricks.com/isrctn" totalCount="1"><fullTrial>
<trial lastUpdated="2024-05-02T10:00:00.000Z" version="3">
  <isrctn dateAssigned="2023-01-02T00:00:00.000Z">12345678</isrctn>
  <trialDescription><title>CAR-NK, by Jane Doe</title><scientificTitle>S</scientificTitle>
    <primaryOutcome>1. one\n2. two</primaryOutcome></trialDescription>
  <externalRefs><clinicalTrialsGovNumber>NCT01234567</clinicalTrialsGovNumber>
    <eudraCTNumber>Nil known</eudraCTNumber></externalRefs>
  <trialDesign><primaryStudyDesign>Interventional</primaryStudyDesign>
    <secondaryStudyDesign>Randomised controlled trial</secondaryStudyDesign>
    <overallStatusOverride>Stopped</overallStatusOverride></trialDesign>
  <participants><recruitmentCountries><country>England</country><country>France</country>
    </recruitmentCountries><trialCentres><trialCentre><name>H</name><city>Leeds</city>
    <country>United Kingdom</country></trialCentre></trialCentres>
    <inclusion>Adults</inclusion><exclusion>None</exclusion><gender>Both</gender>
    <lowerAgeLimit value="18" unit="Years">18 Years</lowerAgeLimit>
    <targetEnrolment>40</targetEnrolment></participants>
  <interventions><intervention><phase>Phase I/II</phase><drugNames>NK-1, fludarabine</drugNames>
    <interventionType>Drug</interventionType></intervention></interventions>
</trial>
<contact id="1"><forename>Jane</forename><surname>Doe</surname></contact>
<sponsor id="2"><organisation>Some University</organisation>
  <commercialStatus>Non-Commercial</commercialStatus></sponsor>
<funder id="3"><name>Some Fund</name></funder>
</fullTrial></allTrials>"""


def test_a_record_is_read_with_its_sponsors_and_without_its_contacts():
    made = trial(XML, FULL)
    assert found(FULL) == "isrctn"
    assert (made.registry_id, made.brief_title.raw) == ("ISRCTN12345678", f"CAR-NK, by {'█' * 8}")
    assert (made.lead_sponsor.name, made.lead_sponsor.sponsor_class) == (
        "Some University",
        "OtherSponsor",
    )
    assert [one.name for one in made.collaborators] == ["Some Fund"]
    assert b"Doe" not in versions(XML, FULL)[0].content
    assert str(versions(XML, FULL)[0].last_update) == "2024-05-02"


def test_codes_dates_and_numbers_are_the_ontology_s():
    made = trial(XML, FULL)
    assert (made.recruitment_status, made.study_type) == ("Terminated", "InterventionalStudy")
    assert (made.phases, made.sex, made.allocation) == (
        ("Phase1", "Phase2"),
        "AllSexes",
        "RandomizedAllocation",
    )
    assert (made.enrollment, made.enrollment_type) == (40, "EstimatedEnrollment")
    assert (str(made.first_posted.day), made.minimum_age.duration) == ("2023-01-02", "P18Y")
    assert [one.value for one in made.secondary_ids] == ["NCT01234567"]
    assert [one.name.raw for one in made.interventions] == ["NK-1", "fludarabine"]
    assert [one.measure.raw for one in made.outcomes] == ["1. one", "2. two"]
    assert made.dropped == ()


def test_countries_without_a_centre_stand_beside_the_centres():
    sites = trial(XML, FULL).sites
    assert [(site.facility, site.country) for site in sites] == [
        ("H", "United Kingdom"),
        (None, "France"),
    ]


def test_the_registration_alone_is_read_as_json():
    record = {"isrctn": "12345678", "trialDescription": {"title": "T", "scientificTitle": "S"}}
    made = trial(JSON, json.dumps(record))
    assert found(json.dumps(record)) == "isrctn_json"
    assert (made.registry_id, made.official_title.raw) == ("ISRCTN12345678", "S")


@pytest.mark.parametrize("number", ["NCT01234567", "", "1234"])
def test_a_record_of_another_registry_is_refused_by_name(number):
    (error,) = versions(XML, FULL.replace(">12345678<", f">{number}<"))
    assert isinstance(error, RecordError)
    assert error.field == "/trial/isrctn"


def test_every_real_record_is_read(shared):
    content = gzip.decompress((shared / "data/isrctn/isrctn_records.jsonl.gz").read_bytes())
    assert found(content) == "isrctn_json"
    made = versions(JSON, content)
    trials = [JSON.parse(one.content) for one in made]
    assert len(trials) == 9
    assert {one.unknown_keys for one in made} == {()}
    assert [one.dropped for one in trials if one.dropped] == []
    assert all(one.interventions and one.sites and one.eligibility for one in trials)
    assert sum(one.value.startswith("NCT") for each in trials for one in each.secondary_ids) >= 2
