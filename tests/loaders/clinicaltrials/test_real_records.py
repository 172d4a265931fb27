"""What the loader makes of every real study; counts are those of the shared files."""

import csv
import functools
import gzip
import json
import re
from collections import Counter

import pytest

from kg.records import RawRecord
from loaders.clinicaltrials import LOADER
from loaders.people import bare_name, looks_personal, names_organisation

MASK = "█"

# Keys that are no part of the registry's API: they come from those who saved the files.
ODDITIES = {
    "_id": "key of a document database",
    "protocolSection.armsInterventionsModule.interventions[].armNames": "added by a publisher",
    "protocolSection.armsInterventionsModule.interventions[].interventionMappedName": (
        "added by a publisher"
    ),
    "protocolSection.contactsLocationsModule.locations_nested": (
        "a second copy of the sites, with contacts"
    ),
}

# What is dropped from the real records, with positions left out.
DROPPED = {
    ("/protocolSection/designModule/phases/", "a code that is not in the table"): 157,
    (
        "/protocolSection/contactsLocationsModule/locations//facility",
        "a person, not a facility",
    ): 28,
    ("/protocolSection/identificationModule/orgStudyIdInfo/id", "an address of a person"): 1,
    ("/protocolSection/armsInterventionsModule/interventions/", "no name"): 1,
}


@functools.cache
def loaded(folder):
    """Return (source record, version, trial) of every line of the shared files."""
    made = []
    for path in sorted(folder.glob("data/ctgov/*.jsonl.gz")):
        with gzip.open(path) as stream:
            for record in LOADER.read(stream, path.name):
                version = LOADER.version(record)
                made.append((record, version, LOADER.parse(version.content)))
    return made


@pytest.fixture(scope="module")
def records(shared):
    return loaded(shared)


def test_every_study_is_read(records):
    assert len(records) == 6015
    assert len({version.registry_id for _, version, _ in records}) == 3048
    assert all(trial.registry_id == version.registry_id for _, version, trial in records)


def test_every_key_is_read_or_listed_as_unread(records):
    unknown = Counter(key for _, version, _ in records for key in version.unknown_keys)
    assert set(unknown) == set(ODDITIES)


def test_what_is_dropped_is_what_a_person_agrees_with(records):
    found = Counter(
        (re.sub(r"\d+", "", each.field), each.reason)
        for _, _, trial in records
        for each in trial.dropped
    )
    assert found == DROPPED


def test_a_version_of_a_version_is_itself(records):
    for _, version, _ in records[::7]:
        again = LOADER.version(RawRecord(content=version.content, origin="again"))
        assert again.content == version.content


def strings(node):
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for below in node.values():
            yield from strings(below)
    elif isinstance(node, list):
        for below in node:
            yield from strings(below)


def contacts_of(study):
    protocol = study["protocolSection"]
    module = protocol.get("contactsLocationsModule", {})
    listed = module.get("centralContacts", []) + module.get("overallOfficials", [])
    for site in module.get("locations", []):
        listed = listed + site.get("contacts", [])
    party = protocol.get("sponsorCollaboratorsModule", {}).get("responsibleParty", {})
    listed = listed + [{"name": party.get(key)} for key in ("investigatorFullName", "oldNameTitle")]
    return [{key: value for key, value in each.items() if value} for each in listed]


def test_no_contact_of_a_person_is_kept(records):
    checked = Counter()
    for record, version, _ in records:
        text = version.content.decode()
        assert not re.search(r"[\w.]@\w+\.\w", text), version.registry_id
        for contact in contacts_of(json.loads(record.content)):
            for key in ("email", "phone"):
                value = contact.get(key)
                if value and (key == "email" or sum(map(str.isdigit, value)) >= 10):
                    checked[key] += 1
                    assert value not in text, (version.registry_id, value)
            name = bare_name(contact.get("name", ""))
            if " " in name and looks_personal(name):
                checked["name"] += 1
                found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)
                assert not found or names_sponsor(text, name), (version.registry_id, name)
    assert checked["name"] > 3000
    assert checked["email"] > 1000
    assert checked["phone"] > 1000


def names_sponsor(text, name):
    """Tell whether the name is an organisation's that is its own contact."""
    module = json.loads(text)["protocolSection"].get("sponsorCollaboratorsModule", {})
    sponsors = [module.get("leadSponsor", {}), *module.get("collaborators", [])]
    return any(each.get("name", "").startswith(name) for each in sponsors)


def test_masking_moves_no_position(records):
    hidden = 0
    for record, version, trial in records:
        if MASK in version.content.decode():
            hidden += 1
            source = json.loads(record.content)
            for each in [trial.eligibility, trial.brief_summary, trial.detailed_description]:
                if each is not None:
                    value = source
                    for step in each.field.split("/")[1:]:
                        value = value[step]
                    assert len(value) == len(each.raw)
    assert hidden > 20


def test_texts_are_the_values_at_their_pointers(records):
    for record, _, trial in records[::11]:
        source = json.loads(record.content)
        texts = [trial.brief_title, *trial.conditions, *trial.keywords]
        texts += [arm.label for arm in trial.arms]
        texts += [name for each in trial.interventions for name in (each.name, *each.other_names)]
        texts += [outcome.measure for outcome in trial.outcomes]
        for each in texts:
            value = source
            for step in each.field.split("/")[1:]:
                value = value[int(step)] if isinstance(value, list) else value[step]
            assert value == each.raw or MASK in each.raw


def protocol(source, *keys):
    node = source["protocolSection"]
    for key in keys:
        node = node.get(key, {})
    return node


def secondary(word):
    return lambda _, trial: any(each.id_type == word for each in trial.secondary_ids)


def phases(*names):
    return lambda _, trial: trial.phases == names


def minimum_in(unit):
    return lambda _, trial: (
        trial.minimum_age.as_listed.split()[1] == unit and trial.minimum_age.years < 18
    )


def unlinked_arm(source, trial):
    groups = protocol(source, "armsInterventionsModule").get("armGroups", [])
    bare = {group["label"] for group in groups if not group.get("interventionNames")}
    return bare and bare <= {arm.label.raw for arm in trial.arms}


def no_old_name(source, trial):
    stated = protocol(source, "sponsorCollaboratorsModule", "responsibleParty")["oldNameTitle"]
    return names_organisation(stated) or stated not in str(trial)


def sites_of(source):
    return protocol(source, "contactsLocationsModule").get("locations", [])


OTHER_REGISTRY = re.compile(
    r"ChiCTR|ISRCTN|EudraCT|CTR|ACTRN|DRKS|jRCT|UMIN|20\d\d-\d{6}-\d\d", re.IGNORECASE
)

CASES = {
    "Chinese characters in text": lambda _, trial: re.search("[一-鿿]", str(trial)),
    "studyType EXPANDED_ACCESS": lambda _, trial: (
        trial.study_type == "ExpandedAccess" and trial.enrollment is None
    ),
    "phases ['NA']": phases("PhaseNotApplicable"),
    "phases ['PHASE1','PHASE2']": phases("Phase1", "Phase2"),
    "phases ['PHASE2','PHASE3']": phases("Phase2", "Phase3"),
    "minimumAge in Day": minimum_in("Day"),
    "minimumAge in Days": minimum_in("Days"),
    "minimumAge in Month": minimum_in("Month"),
    "minimumAge in Months": minimum_in("Months"),
    "minimumAge in Weeks": minimum_in("Weeks"),
    "results submitted, not posted": lambda _, trial: trial.results_first_posted is None,
    "FDA violation annotation": lambda source, trial: (
        "annotationSection" in source and trial.brief_title.plain
    ),
    "an arm without interventionNames": unlinked_arm,
    "enrollment count 0": lambda _, trial: trial.enrollment == 0,
    "UNKNOWN with lastKnownStatus": lambda _, trial: (
        trial.recruitment_status == "UnknownStatus" and trial.last_known_status
    ),
    "a location without facility": lambda source, trial: (
        len(trial.sites) == len(sites_of(source))
        and any(site.facility is None and site.city for site in trial.sites)
    ),
    "a location without geoPoint": lambda _, trial: any(
        site.latitude is None and site.longitude is None for site in trial.sites
    ),
    "nctIdAliases present": lambda _, trial: (
        all(
            re.fullmatch(r"NCT\d{8}", each) and each != trial.registry_id
            for each in trial.former_ids
        )
        and trial.former_ids
    ),
    "armsInterventionsModule absent": lambda _, trial: not trial.arms and not trial.interventions,
    "completionDateStruct absent": lambda _, trial: trial.completion_date is None,
    "contactsLocationsModule absent": lambda _, trial: trial.sites == (),
    "eligibilityCriteria absent": lambda _, trial: trial.eligibility is None,
    "enrollment count absent": lambda _, trial: trial.enrollment is None,
    "no interventions list": lambda _, trial: trial.interventions == (),
    "maximumAge absent": lambda _, trial: trial.maximum_age is None,
    "no locations list": lambda _, trial: trial.sites == (),
    "officialTitle absent": lambda _, trial: trial.official_title is None,
    "outcomesModule absent": lambda _, trial: trial.outcomes == (),
    "oversightModule absent": lambda _, trial: (
        trial.fda_regulated_drug is None and trial.fda_regulated_device is None
    ),
    "responsibleParty absent": lambda source, _: (
        "responsibleParty" not in protocol(source, "sponsorCollaboratorsModule")
    ),
    "startDateStruct absent": lambda _, trial: trial.start_date is None,
    "start date YYYY-MM": lambda _, trial: (
        trial.start_date.precision == "Month" and trial.start_date.day.day == 1
    ),
    "responsibleParty with oldNameTitle": no_old_name,
    "status APPROVED_FOR_MARKETING": lambda _, trial: (
        trial.recruitment_status == "ApprovedForMarketing"
    ),
    "status NO_LONGER_AVAILABLE": lambda _, trial: trial.recruitment_status == "NoLongerAvailable",
    "startDateStruct without type": lambda _, trial: trial.start_date.date_type is None,
    "stopped without whyStopped": lambda _, trial: trial.why_stopped is None,
    "statusVerifiedDate absent or not YYYY-MM": lambda _, trial: (
        trial.status_verified is None or trial.status_verified.precision == "Day"
    ),
    "secondary id type CTIS": secondary("CTIS"),
    "secondary id type EUDRACT_NUMBER": secondary("EUDRACT_NUMBER"),
    "secondary id type REGISTRY": secondary("REGISTRY"),
    "another registry id in free text": lambda _, trial: OTHER_REGISTRY.search(str(trial)),
    "150 sites or more": lambda source, trial: (
        len(trial.sites) == len(sites_of(source)) and len(trial.sites) >= 150
    ),
    "CAR-T or CAR-NK in title or intervention name": lambda _, trial: re.search(
        r"CAR|[Cc]himeric", str((trial.brief_title, trial.official_title, trial.interventions))
    ),
}


def edge_cases(folder):
    with (folder / "data/ctgov/edge_cases.tsv").open(encoding="utf-8") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            yield row["case"], [each.partition(":")[0] for each in row["nctIds"].split()]


def test_each_awkward_shape_is_handled(shared, records):
    whole = {
        version.registry_id: (json.loads(record.content), trial)
        for record, version, trial in records
        if record.origin.startswith("ctgov_v2.jsonl.gz ")
    }
    failed, listed = [], set()
    for case, ids in edge_cases(shared):
        listed.add(case)
        failed += [(case, each) for each in ids if not CASES[case](*whole[each])]
    assert listed == set(CASES)
    assert failed == [], failed
