import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import RecordError
from kg.records import RawRecord, SecondaryId, Sponsor
from loaders import LOADERS
from loaders.clinicaltrials import LOADER

ID = "NCT00000001"
MASK = "█"


def study(*, identification=None, derived=None, **modules):
    stated = {"nctId": ID, "briefTitle": "A study", **(identification or {})}
    made = {"protocolSection": {"identificationModule": stated, **modules}}
    return made | ({"derivedSection": derived} if derived else {})


def version(content):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return LOADER.version(RawRecord(content=text, origin="here"))


def kept(content):
    return json.loads(version(content).content)["protocolSection"]


def parsed(content):
    return LOADER.parse(version(content).content)


def dropped(content):
    return [(each.field, each.value) for each in parsed(content).dropped]


def test_the_table_of_loaders_is_keyed_by_registry():
    assert all(loader.name == key for key, loader in LOADERS.items())
    assert LOADER in LOADERS.values()


# The state of a record


@pytest.mark.parametrize("nct_id", [None, "", "NCT1234567", "NCT123456789", "nct00000001", 12, []])
def test_a_record_without_its_identifier_is_refused(nct_id):
    content = study(identification={"nctId": nct_id})
    with pytest.raises(RecordError, match=r"here.*/nctId.*API v2"):
        version(content)


@pytest.mark.parametrize("content", [b"[]", b"3", b"null", b'"NCT00000001"', b"{}", b'{"a":1}'])
def test_what_is_no_study_is_refused(content):
    with pytest.raises(RecordError, match="no identifier"):
        version(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"{", "not JSON"), (b'{"a": "\xff"}', "not UTF-8"), (b"[" * 5000, "nested deeper")],
)
def test_what_cannot_be_read_is_refused_with_its_reason(content, reason):
    with pytest.raises(RecordError, match=reason) as caught:
        version(content)
    assert caught.value.origin == "here"
    assert caught.value.remedy


def test_a_record_nested_too_deeply_is_refused_by_its_identifier():
    deep = [[]]
    for _ in range(100):
        deep = [deep]
    with pytest.raises(RecordError, match=f"{ID}.*nested deeper"):
        version(study(ipdSharingStatementModule={"description": deep}))


def test_the_order_of_keys_and_spaces_is_no_change():
    content = study(designModule={"studyType": "OBSERVATIONAL", "phases": ["NA"]})
    turned = json.dumps(dict(reversed(content.items())), indent=3)
    assert version(content) == version(turned.encode())


def test_volatile_fields_and_contacts_are_no_change():
    before = study(statusModule={"overallStatus": "RECRUITING"})
    after = study(
        derived={"miscInfoModule": {"versionHolder": "2026-04-23", "modelPredictions": {"x": 1}}},
        statusModule={"overallStatus": "RECRUITING"},
        contactsLocationsModule={"centralContacts": [{"name": "Ann Other", "phone": "1"}]},
    )
    assert version(after).content == version(before).content
    assert version(after).retrieved == dt.date(2026, 4, 23)
    assert version(before).retrieved is None


def test_a_change_of_the_record_is_a_change():
    before = study(statusModule={"overallStatus": "RECRUITING"})
    after = study(statusModule={"overallStatus": "COMPLETED"})
    assert version(after).content != version(before).content


def test_the_last_update_is_when_it_was_posted_else_submitted():
    posted = {"lastUpdatePostDateStruct": {"date": "2024-02-03"}, "lastUpdateSubmitDate": "2024"}
    assert version(study(statusModule=posted)).last_update == dt.date(2024, 2, 3)
    assert version(study(statusModule={"lastUpdateSubmitDate": "2024-01"})).last_update == dt.date(
        2024, 1, 1
    )
    assert version(study()).last_update is None


def test_only_modules_that_hold_something_count():
    assert version(study()).modules == 1
    full = study(
        derived={"conditionBrowseModule": {"meshes": []}},
        designModule={"studyType": "OBSERVATIONAL"},
        oversightModule={},
        contactsLocationsModule={"overallOfficials": [{"name": "Ann Other"}]},
    )
    assert version(full).modules == 3


def test_keys_that_nobody_looked_at_are_named_and_left_out():
    content = study(
        contactsLocationsModule={"locations": [{"country": "China", "guard": {"name": "Ann"}}]},
        horoscopeModule={"sign": "Leo"},
    )
    made = version(content | {"_id": "5"})
    assert made.unknown_keys == (
        "_id",
        "protocolSection.contactsLocationsModule.locations[].guard",
        "protocolSection.horoscopeModule",
    )
    assert b"Ann" not in made.content
    assert b"Leo" not in made.content


def test_contacts_of_people_are_not_kept():
    person = {"name": "Ann Q. Other, MD", "phone": "613-533-6430", "email": "ann@x.org"}
    content = study(
        contactsLocationsModule={
            "centralContacts": [person],
            "overallOfficials": [person],
            "locations": [{"country": "China", "facility": "A Hospital", "contacts": [person]}],
        },
        sponsorCollaboratorsModule={
            "responsibleParty": {
                "type": "PRINCIPAL_INVESTIGATOR",
                "investigatorFullName": "Bob Bee",
                "investigatorTitle": "Head",
                "investigatorAffiliation": "A Hospital",
                "oldNameTitle": "Cy Dee, PI",
            }
        },
        descriptionModule={
            "briefSummary": "Ask Ann Q. Other (ann@x.org, 613-533-6430) or Bob Bee."
        },
    )
    made = version(content | {"resultsSection": {"pointOfContact": person}})
    assert made.unknown_keys == ()
    text = made.content.decode()
    for word in ("Ann", "Other", "613", "x.org", "Bob", "Bee", "Head", "Dee"):
        assert word not in text
    summary = kept(content)["descriptionModule"]["briefSummary"]
    assert summary == f"Ask {MASK * 12} ({MASK * 9}, {MASK * 12}) or {MASK * 7}."
    assert kept(content)["contactsLocationsModule"] == {
        "locations": [{"country": "China", "facility": "A Hospital"}]
    }


def test_a_company_that_is_its_own_contact_keeps_its_name():
    content = study(
        sponsorCollaboratorsModule={
            "leadSponsor": {"name": "Acme Sankyo Ltd", "class": "INDUSTRY"}
        },
        contactsLocationsModule={"centralContacts": [{"name": "Acme Sankyo"}]},
        descriptionModule={"briefSummary": "Acme Sankyo pays."},
    )
    assert kept(content)["descriptionModule"]["briefSummary"] == "Acme Sankyo pays."


def test_a_person_as_sponsor_has_no_name_anywhere():
    content = study(
        identification={"organization": {"fullName": "Bee, Bob, M.D.", "class": "INDIV"}},
        sponsorCollaboratorsModule={
            "leadSponsor": {"name": "Bob Bee, MD", "class": "OTHER"},
            "collaborators": [{"name": "Bee Hospital", "class": "OTHER"}],
        },
        descriptionModule={"detailedDescription": "Bob Bee does it."},
    )
    assert b"Bob" not in version(content).content
    trial = parsed(content)
    assert trial.lead_sponsor == Sponsor(name="", sponsor_class="OtherSponsor", person=True)
    assert [each.name for each in trial.collaborators] == ["Bee Hospital"]


# Any JSON below a study, with the registry's own keys among the others
_KEYS = st.sampled_from(
    ["name", "class", "contacts", "locations", "leadSponsor", "phases", "date", "facility", "x"]
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab@.+1(2)-c MD,", max_size=25),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(_KEYS, below, max_size=4),
    max_leaves=15,
)
_MODULES = st.dictionaries(
    st.sampled_from(
        [
            "statusModule",
            "sponsorCollaboratorsModule",
            "designModule",
            "contactsLocationsModule",
            "armsInterventionsModule",
            "outcomesModule",
            "otherModule",
        ]
    ),
    _JSON,
)


@given(_MODULES)
def test_a_version_of_a_version_is_itself_and_parses(modules):
    first = version(study(**modules))
    again = version(first.content)
    assert again.content == first.content
    assert again.modules == first.modules
    assert again.unknown_keys == ()
    assert LOADER.parse(first.content).registry_id == ID


# The trial


def test_texts_say_where_they_stand():
    content = study(
        conditionsModule={"conditions": ["", r"ALL \> 1", "SCLC"]},
        eligibilityModule={"eligibilityCriteria": "ECOG \\<= 1\r\nage"},
    )
    trial = parsed(content)
    assert [(each.field, each.raw, each.plain) for each in trial.conditions] == [
        ("/protocolSection/conditionsModule/conditions/1", r"ALL \> 1", "ALL > 1"),
        ("/protocolSection/conditionsModule/conditions/2", "SCLC", "SCLC"),
    ]
    assert trial.eligibility.raw == "ECOG \\<= 1\r\nage"
    assert trial.eligibility.plain == "ECOG <= 1\nage"


def test_an_unknown_code_costs_that_field_only():
    content = study(
        designModule={"studyType": "MAGIC", "phases": ["PHASE1", "PHASE9", "PHASE2"]},
        statusModule={"overallStatus": "RECRUITING"},
    )
    trial = parsed(content)
    assert (trial.study_type, trial.phases) == (None, ("Phase1", "Phase2"))
    assert trial.recruitment_status == "Recruiting"
    assert dropped(content) == [
        ("/protocolSection/designModule/studyType", "MAGIC"),
        ("/protocolSection/designModule/phases/1", "PHASE9"),
    ]


@pytest.mark.parametrize(
    ("modules", "field", "value"),
    [
        (
            {"designModule": {"enrollmentInfo": {"count": "abc", "type": "ACTUAL"}}},
            "/protocolSection/designModule/enrollmentInfo/count",
            "abc",
        ),
        (
            {"conditionsModule": {"conditions": ["SCLC", 7, "NSCLC"]}},
            "/protocolSection/conditionsModule/conditions/1",
            "7",
        ),
        (
            {"contactsLocationsModule": {"locations": "everywhere"}},
            "/protocolSection/contactsLocationsModule/locations",
            "everywhere",
        ),
        ({"statusModule": ["a"]}, "/protocolSection/statusModule", '["a"]'),
        (
            {"outcomesModule": {"primaryOutcomes": [{"measure": {"a": 1}}]}},
            "/protocolSection/outcomesModule/primaryOutcomes/0/measure",
            '{"a":1}',
        ),
    ],
)
def test_a_value_of_the_wrong_type_costs_that_value_only(modules, field, value):
    modules = {"eligibilityModule": {"sex": "ALL"}} | modules
    trial = parsed(study(**modules))
    assert trial.sex == "AllSexes"
    assert (field, value) in [(each.field, each.value) for each in trial.dropped]


def test_a_wrong_value_does_not_move_its_neighbours():
    content = study(conditionsModule={"conditions": ["SCLC", 7, "NSCLC"]})
    assert [each.field[-1] for each in parsed(content).conditions] == ["0", "2"]


def test_a_record_of_wrong_types_throughout_is_refused_by_its_identifier():
    content = study(conditionsModule={"conditions": list(range(500))})
    with pytest.raises(RecordError, match=f"{ID}.*wrong type"):
        parsed(content)


def test_dates_are_as_precise_as_stated():
    content = study(
        statusModule={
            "startDateStruct": {"date": "2024-05", "type": "ESTIMATED"},
            "completionDateStruct": {"date": "2026-02-30"},
            "statusVerifiedDate": "2024",
            "studyFirstSubmitDate": "2023-12-31",
        }
    )
    trial = parsed(content)
    start = trial.start_date
    assert (start.day, start.precision, start.date_type) == (
        dt.date(2024, 5, 1),
        "Month",
        "EstimatedDate",
    )
    assert trial.status_verified.precision == "Year"
    assert trial.first_submitted.day == dt.date(2023, 12, 31)
    assert trial.completion_date is None
    assert dropped(content) == [
        ("/protocolSection/statusModule/completionDateStruct/date", "2026-02-30")
    ]


def test_arms_and_interventions_are_linked_from_either_side():
    content = study(
        armsInterventionsModule={
            "armGroups": [
                {"label": "A", "interventionNames": ["Diagnostic Test: PET", "Drug: Nothing"]},
                {"type": "EXPERIMENTAL"},
                {"label": "B", "type": "NO_INTERVENTION"},
            ],
            "interventions": [
                {"type": "DRUG"},
                {"type": "DIAGNOSTIC_TEST", "name": "PET"},
                {"type": "DRUG", "name": "X", "armGroupLabels": ["A", "B", "C"]},
            ],
        }
    )
    trial = parsed(content)
    assert [(arm.label.plain, arm.interventions) for arm in trial.arms] == [
        ("A", (0, 1)),
        ("B", (1,)),
    ]
    assert [(each.name.plain, each.arms) for each in trial.interventions] == [
        ("PET", (0,)),
        ("X", (0, 1)),
    ]
    module = "/protocolSection/armsInterventionsModule"
    assert dropped(content) == [
        (f"{module}/armGroups/1", ""),
        (f"{module}/interventions/0", ""),
        (f"{module}/armGroups/0/interventionNames/1", "Drug: Nothing"),
        (f"{module}/interventions/2/armGroupLabels/2", "C"),
    ]


def test_arms_of_one_label_share_what_names_it():
    content = study(
        armsInterventionsModule={
            "armGroups": [{"label": "A"}, {"label": "A"}],
            "interventions": [{"name": "X", "armGroupLabels": ["A"]}],
        }
    )
    assert [arm.interventions for arm in parsed(content).arms] == [(0,), (0,)]


def test_sites_keep_their_own_status_and_place():
    site = {
        "facility": "Baylor Scott &amp; White",
        "city": "Köln",
        "state": "NRW",
        "country": "Germany",
        "status": "RECRUITING",
        "geoPoint": {"lat": 50.9, "lon": 6.9},
    }
    elsewhere = {"country": "China", "geoPoint": {"lat": 350, "lon": 0}}
    content = study(contactsLocationsModule={"locations": [{"city": "X"}, site, elsewhere]})
    first, second = parsed(content).sites
    field = "/protocolSection/contactsLocationsModule/locations"
    assert (first.field, first.facility, first.status) == (
        f"{field}/1",
        "Baylor Scott & White",
        "Recruiting",
    )
    assert (first.latitude, first.longitude) == (50.9, 6.9)
    assert (second.country, second.facility, second.latitude) == ("China", None, None)
    assert dropped(content) == [(f"{field}/0", "X"), (f"{field}/2/geoPoint", "350.0 0.0")]


@pytest.mark.parametrize(
    ("facility", "left"),
    [
        ("Li Yu", None),
        ("Prof. Li Yu, MD", None),
        ("Allergists' practice Dr. Li Yu", "Allergists' practice Dr."),
        ("A Hospital", "A Hospital"),
    ],
)
def test_a_person_is_no_facility(facility, left):
    content = study(
        contactsLocationsModule={
            "locations": [
                {"facility": facility, "country": "China", "contacts": [{"name": "Li Yu"}]}
            ]
        }
    )
    assert [site.facility for site in parsed(content).sites] == [left]
    assert bool(dropped(content)) == (left is None)


def test_countries_that_were_removed_are_no_sites():
    derived = {"miscInfoModule": {"removedCountries": ["Brazil"]}}
    assert parsed(study(derived=derived)).sites == ()


def test_identifiers_elsewhere_keep_the_word_of_the_registry():
    content = study(
        identification={
            "orgStudyIdInfo": {"id": "ABC-1"},
            "secondaryIdInfos": [
                {"id": "2019-001234-56", "type": "EUDRACT_NUMBER"},
                {"id": "X9"},
                {"type": "CTIS"},
            ],
            "nctIdAliases": ["NCT00000002"],
        }
    )
    trial = parsed(content)
    assert trial.secondary_ids == (
        SecondaryId(value="ABC-1", id_type="ORG_STUDY_ID"),
        SecondaryId(value="2019-001234-56", id_type="EUDRACT_NUMBER"),
        SecondaryId(value="X9"),
    )
    assert trial.former_ids == ("NCT00000002",)


def test_an_address_is_no_identifier():
    content = study(identification={"orgStudyIdInfo": {"id": "ann@x.org"}})
    assert parsed(content).secondary_ids == ()
    field = "/protocolSection/identificationModule/orgStudyIdInfo/id"
    assert dropped(content) == [(field, MASK * 9)]


def test_what_the_registry_derived_stays_apart():
    derived = {
        "conditionBrowseModule": {
            "meshes": [{"id": "D055752", "term": "Small Cell Lung Carcinoma"}],
            "ancestors": [{"id": "D008175", "term": "Lung Neoplasms"}],
        },
        "interventionBrowseModule": {"meshes": [{"id": "D1", "term": "X"}], "ancestors": [{}]},
    }
    trial = parsed(study(derived=derived))
    assert [each.id for each in trial.registry_mesh] == ["D055752", "D1"]
    assert [each.term for each in trial.registry_mesh_ancestors] == ["Lung Neoplasms"]
    assert trial.conditions == ()


def test_outcomes_and_references_keep_order_and_kind():
    content = study(
        outcomesModule={
            "otherOutcomes": [{"measure": "C"}],
            "primaryOutcomes": [{"measure": "A", "timeFrame": " 1 year "}, {"timeFrame": "x"}],
        },
        referencesModule={
            "references": [{"citation": "Smith &amp; Co", "pmid": "1", "type": "DERIVED"}, {}]
        },
    )
    trial = parsed(content)
    assert [
        (each.outcome_type, each.measure.plain, each.time_frame) for each in trial.outcomes
    ] == [
        ("primary", "A", "1 year"),
        ("other", "C", None),
    ]
    assert [(each.citation, each.reference_type) for each in trial.references] == [
        ("Smith & Co", "DERIVED")
    ]
    assert len(dropped(content)) == 2


def test_a_withheld_study_is_still_a_record():
    content = {
        "protocolSection": {
            "identificationModule": {"nctId": ID},
            "statusModule": {"overallStatus": "WITHHELD"},
        }
    }
    trial = parsed(content)
    field = "/protocolSection/identificationModule/nctId"
    assert trial.recruitment_status == "Withheld"
    assert (trial.brief_title.field, trial.brief_title.plain) == (field, ID)
    assert [each.reason for each in trial.dropped] == ["no title; the identifier stands in for it"]


def test_the_official_title_stands_in_for_a_brief_one():
    content = study(identification={"briefTitle": " ", "officialTitle": "Long"})
    trial = parsed(content)
    assert trial.brief_title.plain == "Long"
    assert trial.brief_title.field.endswith("/officialTitle")


def test_an_abridged_record_says_so():
    assert not parsed(study()).abridged
    made = version(study() | {"trialkgAbridged": True})
    assert made.unknown_keys == ()
    assert LOADER.parse(made.content).abridged
