"""What an event says of each kind of change, and what is no change."""

import copy
import datetime as dt
import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.changes import Seen, events
from kg.changes.wording import differing
from kg.extract.lexicon import load_lexicon
from kg.iris import trial_iri
from kg.quads.change import change_iri, change_quads
from kg.records import RawRecord
from kg.resources import LEXICON
from kg.validate import validate_quads
from kg.vocab import CODE_LISTS
from loaders import LOADERS
from tests.kg.registry_records import study

CT = LOADERS["clinicaltrials"]
TRIAL = trial_iri("clinicaltrials", "NCT00000004")
ARMS = [
    {"label": "A", "type": "EXPERIMENTAL", "description": "Cells on day one."},
    {"label": "B", "type": "OTHER", "description": "Nothing."},
]
SITES = [
    {
        "facility": "Hospital 4",
        "city": "Houston",
        "country": "United States",
        "status": "RECRUITING",
    },
    {"facility": "Hospital 5", "city": "Heidelberg", "country": "Germany", "status": "RECRUITING"},
]
OUTCOMES = [{"measure": "Safety", "timeFrame": "1 year"}, {"measure": "Response"}]


def record(**modules):
    made = study(4, armsInterventionsModule={"armGroups": ARMS, "interventions": []})
    protocol = made["protocolSection"]
    protocol["armsInterventionsModule"]["interventions"] = [
        {"type": "BIOLOGICAL", "name": "DLL3 CAR-NK cells"},
        {"type": "DRUG", "name": "Fludarabine"},
    ]
    protocol["contactsLocationsModule"] = {"locations": copy.deepcopy(SITES)}
    protocol["outcomesModule"] = {"primaryOutcomes": copy.deepcopy(OUTCOMES)}
    protocol["statusModule"] |= {"startDateStruct": {"date": "2026-01", "type": "ESTIMATED"}}
    protocol["identificationModule"]["officialTitle"] = "An official title"
    protocol["descriptionModule"]["briefSummary"] = "Cells are given. They target DLL3."
    for module, change in modules.items():
        protocol[module] = protocol[module] | change
    return made | {"hasResults": False}


def without(module, *keys):
    made = record()
    for key in keys:
        del made["protocolSection"][module][key]
    if not keys:
        del made["protocolSection"][module]
    return made


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon([LEXICON])


def seen(*records):
    days = itertools.count(1)
    found = []
    for one in records:
        version = CT.version(RawRecord(content=json.dumps(one).encode(), origin="a"))
        day = dt.date(2026, 3, next(days))
        found.append(Seen(trial=CT.parse(version.content), last_update=day, seen=day))
    return found


def changed(lexicon, *records, **options):
    """The events after the first version was added."""
    first, *others = events(seen(*records), lexicon, first_seen=dt.date(2026, 3, 1), **options)
    assert first.change_type == "RecordAdded"
    return others


def short(term):
    return None if term is None else term.value.rsplit("#")[-1].rsplit("/")[-1]


STATUS = {"overallStatus": "COMPLETED"}
ACTUAL = {"startDateStruct": {"date": "2026-01-15", "type": "ACTUAL"}}
CASES = [
    ("StatusChanged", record(statusModule=STATUS), "Recruiting", "Completed"),
    ("DateChanged", record(statusModule=ACTUAL), "2026-01-01", "2026-01-15"),
    (
        "EnrollmentChanged",
        record(designModule={"enrollmentInfo": {"count": 60}}),
        "24",
        "60",
    ),
    ("PhaseChanged", record(designModule={"phases": ["PHASE1", "PHASE2"]}), None, "Phase2"),
    (
        "SiteAdded",
        record(
            contactsLocationsModule={
                "locations": [
                    *SITES,
                    {"facility": "Hospital 6", "city": "Beijing", "country": "China"},
                ]
            }
        ),
        None,
        "Hospital 6, Beijing, China",
    ),
    (
        "SiteRemoved",
        record(contactsLocationsModule={"locations": SITES[:1]}),
        "Hospital 5, Heidelberg, Germany",
        None,
    ),
    (
        "SiteStatusChanged",
        record(
            contactsLocationsModule={"locations": [SITES[0], SITES[1] | {"status": "COMPLETED"}]}
        ),
        "Recruiting",
        "Completed",
    ),
    ("ArmAdded", record(armsInterventionsModule={"armGroups": [*ARMS, {"label": "C"}]}), None, "C"),
    ("ArmRemoved", record(armsInterventionsModule={"armGroups": ARMS[:1]}), "B", None),
    (
        "ArmChanged",
        record(
            armsInterventionsModule={
                "armGroups": [ARMS[0], ARMS[1] | {"description": "Nothing. Or little."}]
            }
        ),
        None,
        "Or little.",
    ),
    (
        "ConditionAdded",
        record(conditionsModule={"conditions": ["Small Cell Lung Cancer", "Melanoma"]}),
        None,
        "Melanoma",
    ),
    (
        "SponsorChanged",
        record(sponsorCollaboratorsModule={"leadSponsor": {"name": "Another"}}),
        "Sponsor 4",
        "Another",
    ),
    (
        "OutcomeChanged",
        record(outcomesModule={"primaryOutcomes": [OUTCOMES[0], {"measure": "Survival"}]}),
        "Response",
        "Survival",
    ),
    ("EligibilityChanged", record(eligibilityModule={"minimumAge": "18 Years"}), None, None),
    (
        "TitleChanged",
        record(identificationModule={"officialTitle": "Another title"}),
        "An official title",
        "Another title",
    ),
    (
        "SummaryChanged",
        record(descriptionModule={"briefSummary": "Cells are given. They bind DLL3."}),
        "They target DLL3.",
        "They bind DLL3.",
    ),
    ("ResultsPosted", record() | {"hasResults": True}, None, None),
]


@pytest.mark.parametrize(("kind", "later", "before", "after"), CASES, ids=[c[0] for c in CASES])
def test_one_change_is_one_event_with_its_values(lexicon, kind, later, before, after):
    earlier = record(eligibilityModule={"minimumAge": "12 Years"}) if "Elig" in kind else record()
    (event,) = changed(lexicon, earlier, later)
    assert event.change_type == kind
    if kind == "EligibilityChanged":
        before, after = "P12Y", "P18Y"
    assert (short(event.before), short(event.after)) == (before, after)
    assert (event.seen, event.registry_date) == (dt.date(2026, 3, 2), dt.date(2026, 3, 2))
    report = validate_quads([("a", change_quads(TRIAL, [event]))])[0]
    assert report.conforms, report.violations


def test_a_construct_that_comes_leaves_or_changes_its_targets_is_told_from_both_texts(lexicon):
    def interventions(*names):
        listed = [{"type": "BIOLOGICAL", "name": name} for name in names]
        return record(armsInterventionsModule={"interventions": listed})

    def kinds(*records):
        return {event.change_type for event in changed(lexicon, *records)}

    one, two = interventions("DLL3 CAR-NK cells"), interventions("DLL3 CAR-NK", "GD2 CAR-T")
    assert "ConstructAdded" in kinds(one, two)
    assert "ConstructRemoved" in kinds(two, one)
    named = record(descriptionModule={"briefSummary": "They target DLL3 and GD2."})
    dual = copy.deepcopy(interventions("XX-001"))
    dual["protocolSection"]["identificationModule"]["briefTitle"] = "XX-001, a DLL3 CAR-NK product"
    both = copy.deepcopy(dual)
    title = "XX-001, a DLL3 and GD2 dual-target CAR-NK product"
    both["protocolSection"]["identificationModule"]["briefTitle"] = title
    assert "TargetsChanged" in kinds(dual, both)
    assert "ConstructAdded" not in kinds(record(), named)


def test_interventions_and_conditions_come_and_go(lexicon):
    less = record(
        armsInterventionsModule={
            "interventions": [{"type": "BIOLOGICAL", "name": "DLL3 CAR-NK cells"}]
        },
    )
    kinds = {event.change_type for event in changed(lexicon, record(), less)}
    assert "InterventionRemoved" in kinds
    kinds = {event.change_type for event in changed(lexicon, less, record())}
    assert "InterventionAdded" in kinds
    other = record(conditionsModule={"conditions": ["Melanoma"]})
    kinds = {event.change_type for event in changed(lexicon, record(), other)}
    assert {"ConditionAdded", "ConditionRemoved"} <= kinds


def test_a_record_that_its_registry_gives_no_more_has_an_event_of_that_day(lexicon):
    (event,) = changed(lexicon, record(), withdrawn=dt.date(2026, 9, 1))
    assert (event.change_type, event.seen) == ("RecordWithdrawn", dt.date(2026, 9, 1))


def test_every_type_of_the_list_is_tested_here():
    here = {case[0] for case in CASES} | {
        "ConstructAdded",
        "ConstructRemoved",
        "TargetsChanged",
        "InterventionAdded",
        "InterventionRemoved",
        "ConditionRemoved",
        "RecordAdded",
        "RecordWithdrawn",
    }
    assert here == set(CODE_LISTS["ChangeType"])


SILENT = [
    without("contactsLocationsModule"),
    without("statusModule", "startDateStruct"),
    without("armsInterventionsModule", "armGroups"),
    without("eligibilityModule"),
    without("outcomesModule"),
    without("conditionsModule"),
    without("descriptionModule"),
    without("designModule", "phases"),
]


@pytest.mark.parametrize("silent", SILENT)
def test_what_a_version_does_not_state_is_no_change_in_either_direction(lexicon, silent):
    assert changed(lexicon, record(), silent) == []
    assert changed(lexicon, silent, record()) == []


def test_a_change_behind_a_silent_version_is_told_all_the_same(lexicon):
    later = record(contactsLocationsModule={"locations": SITES[:1]})
    (event,) = changed(lexicon, record(), without("contactsLocationsModule"), later)
    assert (event.change_type, event.seen) == ("SiteRemoved", dt.date(2026, 3, 3))


def test_sites_in_another_order_or_of_one_place_are_the_same_sites(lexicon):
    moved = record(contactsLocationsModule={"locations": SITES[::-1]})
    assert changed(lexicon, record(), moved) == []
    twins = [SITES[0], SITES[0] | {"status": "COMPLETED"}]
    before = record(contactsLocationsModule={"locations": twins})
    assert (
        changed(lexicon, before, record(contactsLocationsModule={"locations": twins[::-1]})) == []
    )


def test_an_event_is_named_by_what_it_says(lexicon):
    versions = seen(
        record(),
        record(statusModule=STATUS),
        record(identificationModule={"officialTitle": "Another"}),
    )
    found = events(versions, lexicon, first_seen=dt.date(2026, 3, 1))
    names = [change_iri(TRIAL, event) for event in found]
    assert len(set(names)) == len(names)
    assert names == [
        change_iri(TRIAL, event)
        for event in events(versions, lexicon, first_seen=dt.date(2026, 3, 1))
    ]
    assert names[1].value.startswith(f"{TRIAL.value}/change/2026-03-02-status-changed-")


def test_only_space_is_no_change_of_a_text(lexicon):
    spaced = record(descriptionModule={"briefSummary": "Cells are given.\n\nThey  target DLL3."})
    assert changed(lexicon, record(), spaced) == []


SENTENCES = st.lists(st.sampled_from(["One is so.", "Two is not.", "Three may be.", "Four is."]))


@settings(max_examples=50)
@given(SENTENCES, SENTENCES)
def test_the_sentences_that_differ_stand_in_their_own_text_only(before, after):
    gone, new = differing(" ".join(before), " ".join(after))
    assert all(one in before for one in gone.splitlines())
    assert all(one in after for one in new.splitlines())
    assert bool(gone or new) == (before != after)
