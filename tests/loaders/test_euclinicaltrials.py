"""The EU register: a protocol in one country is a registration, as text and as JSON."""

import gzip
import json

import pytest

from kg.errors import RecordError
from loaders import LOADERS
from loaders.euclinicaltrials.protocols import items
from tests.loaders.reading import found, read, trial, versions

TEXT, JSON = LOADERS["euclinicaltrials"], LOADERS["euclinicaltrials_json"]

PROTOCOL = """Summary
EudraCT Number: 2019-001234-12
Trial Status: Prematurely Ended
A. Protocol Information
A.1 Member State Concerned: Germany - PEI
A.2 EudraCT number: 2019-001234-12
A.3 Full title of the trial: A phase I trial: the first
in humans, by Jane Doe
A.5.2 US NCT (ClinicalTrials.gov registry) number: NCT01234567
B. Sponsor Information
B.Sponsor: 1
B.1.1 Name of Sponsor: Some University
B.3.1 and B.3.2 Status of the sponsor: Non-Commercial
B.4.1 Name of organisation providing support: Some Fund
B.5.2 Functional name of contact point: Jane Doe
B.5.6 E-mail: jane@x.org
D. IMP Identification
D.IMP: 1
D.3.1 Product name: NK cells
D.3.8 INN - Proposed INN: nkcel
D.3.9.2 Current sponsor code: NK-1
D.3.11.3.2 Gene therapy medical product: Yes
D.IMP: 2
D.3.1 Product name: Fludarabine
E.3 Principal inclusion criteria: 1. Adults
2. AML
E.4 Principal exclusion criteria: Pregnancy
E.7.1 Human pharmacology (Phase I): Yes
E.8.1.2 Open: Yes
F.2.1 Female: Yes
F.2.2 Male: No
F.4.1 In the member state: 12
P. End of Trial
P. End of Trial Status: Prematurely Ended
"""


def test_a_protocol_is_read_from_its_lines():
    made = trial(TEXT, PROTOCOL)
    assert found(PROTOCOL) == "euclinicaltrials"
    assert made.registry_id == "2019-001234-12-DE"
    assert made.brief_title.raw == f"A phase I trial: the first\nin humans, by {'█' * 8}"
    assert (made.recruitment_status, made.phases, made.sex) == (
        "Terminated",
        ("Phase1",),
        "FemaleOnly",
    )
    assert (made.enrollment, made.masking) == (12, "OpenLabel")
    assert [one.value for one in made.secondary_ids] == ["2019-001234-12", "NCT01234567"]
    assert [one.country for one in made.sites] == ["Germany"]
    assert made.dropped == ()


def test_products_have_all_their_names_and_sponsors_no_contact():
    made = trial(TEXT, PROTOCOL)
    first, second = made.interventions
    assert (first.name.raw, first.intervention_type) == ("NK cells", "GeneticIntervention")
    assert [name.raw for name in first.other_names] == ["nkcel", "NK-1"]
    assert second.name.raw == "Fludarabine"
    assert (made.lead_sponsor.name, made.collaborators[0].name) == ("Some University", "Some Fund")
    assert b"jane@x.org" not in versions(TEXT, PROTOCOL)[0].content


def test_items_have_the_keys_of_the_json_form():
    made = items(["E.1.1 Medical condition(s) being investigated: AML", "and more"])
    assert made == {"e11_medical_conditions_being_investigated": "AML\nand more"}


def test_two_protocols_of_one_trial_are_two_registrations():
    other = PROTOCOL.replace("Germany - PEI", "Spain - AEMPS")
    made = versions(TEXT, PROTOCOL + other)
    assert [one.registry_id for one in made] == ["2019-001234-12-DE", "2019-001234-12-ES"]


def test_what_is_wrong_with_a_protocol_costs_that_protocol():
    lost = PROTOCOL.replace("Germany - PEI", "Atlantis - X")
    first, second = versions(TEXT, lost + PROTOCOL)
    assert (first.registry_id, first.field) == ("2019-001234-12", "a1_member_state_concerned")
    assert second.registry_id == "2019-001234-12-DE"
    bad = PROTOCOL.encode().replace(b"NK cells", b"NK\xff cells")
    first, second = read(TEXT, bad + PROTOCOL.encode())
    assert isinstance(first, RecordError)
    assert "UTF-8" in first.reason


def test_a_text_without_protocols_is_refused():
    with pytest.raises(RecordError, match="EudraCT Number"):
        read(TEXT, "nothing")


def test_every_real_record_is_read_and_names_its_other_registration(shared):
    content = gzip.decompress((shared / "data/eu_ctr/euctr_records.jsonl.gz").read_bytes())
    assert found(content) == "euclinicaltrials_json"
    made = versions(JSON, content)
    assert {one.unknown_keys for one in made} == {()}
    trials = [JSON.parse(one.content) for one in made]
    assert [one.registry_id for one in trials] == [
        json.loads(line)["_id"] for line in content.splitlines()
    ]
    assert [one.dropped for one in trials if one.dropped] == []
    numbers = [
        [one.value for one in each.secondary_ids if one.value[:3] == "NCT"] for each in trials
    ]
    assert numbers[:3] == [["NCT03461406"], ["NCT05437510"], ["NCT04089566"]]
    assert not any(b"@" in one.content for one in made)
