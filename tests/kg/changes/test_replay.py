"""April, June and August of the same trials: the events are what a plain comparison of files says.

The comparison knows nothing of the project but two things: the order of the versions, and, for
constructs and conditions, what extraction reads in each.
"""

import datetime as dt
import gzip
import hashlib
import json
import os
import random
from collections import Counter

import pytest

from kg.changes import Seen, events, record_changes
from kg.extract.conditions import condition_terms
from kg.extract.lexicon import load_lexicon
from kg.extract.places import places as places_of
from kg.history import History
from kg.iris import slug
from kg.records import RawRecord
from kg.resources import LEXICON
from loaders import LOADERS

CT = LOADERS["clinicaltrials"]
WHOLE = os.environ.get("TRIALKG_CORPUS") == "whole"
DAYS = ("2026-04-24", "2026-06-15", "2026-08-22")
READ = {"ConstructAdded", "ConstructRemoved", "TargetsChanged"}


@pytest.fixture(scope="module")
def files(shared):
    """The studies of each day as they stand in the files, as JSON, by trial."""
    found = {}
    for day in DAYS:
        path = shared / "data" / "ctgov" / f"cart_oncology_{day}.jsonl.gz"
        with gzip.open(path, "rb") as lines:
            for line in lines:
                study = json.loads(line)["protocolSection"]
                registry_id = study["identificationModule"]["nctId"]
                found.setdefault(registry_id, []).append((day, line))
    return found if WHOLE else {one: found[one] for one in sorted(found)[::4]}


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon([LEXICON])


def ordered(lines):
    """The versions of a trial in their order, with the day on which each was first seen."""
    first = {}
    for day, line in sorted(lines):
        version = CT.version(RawRecord(content=line, origin=day))
        first.setdefault(version.content, (version, day))

    def key(one):
        version, day = one
        digest = hashlib.sha256(version.content).hexdigest()
        return (str(version.last_update or ""), version.modules, day, digest)

    return sorted(first.values(), key=key)


def at(study, *keys):
    for key in keys:
        study = study.get(key, {})
    return study or None


def words(values):
    return {" ".join(one.split()) for one in values}


def single(study):
    """What a study has one of, by the name of the event and of the field."""
    p = study["protocolSection"]
    status, design = p["statusModule"], p.get("designModule", {})
    lead = p["sponsorCollaboratorsModule"].get("leadSponsor", {}).get("name")
    return {
        ("StatusChanged", "status"): at(status, "overallStatus"),
        ("DateChanged", "start"): at(status, "startDateStruct", "date"),
        ("DateChanged", "primary"): at(status, "primaryCompletionDateStruct", "date"),
        ("DateChanged", "completion"): at(status, "completionDateStruct", "date"),
        ("EnrollmentChanged", "count"): design.get("enrollmentInfo", {}).get("count"),
        ("TitleChanged", "brief"): at(p, "identificationModule", "briefTitle"),
        ("SummaryChanged", "brief"): at(p, "descriptionModule", "briefSummary"),
        ("SummaryChanged", "detailed"): at(p, "descriptionModule", "detailedDescription"),
        ("EligibilityChanged", "text"): at(p, "eligibilityModule", "eligibilityCriteria"),
        ("EligibilityChanged", "from"): at(p, "eligibilityModule", "minimumAge"),
        ("EligibilityChanged", "to"): at(p, "eligibilityModule", "maximumAge"),
        ("SponsorChanged", "lead"): lead if lead != "" else "a person",
        ("ResultsPosted", "results"): study.get("hasResults"),
    }


def several(study):
    """What a study lists, by the events of what came and of what left."""
    p = study["protocolSection"]
    listed = p.get("armsInterventionsModule", {})
    partners = p["sponsorCollaboratorsModule"].get("collaborators", [])
    return {
        ("PhaseChanged", "PhaseChanged"): set(at(p, "designModule", "phases") or ()),
        ("SponsorChanged", "SponsorChanged"): words(one["name"] for one in partners),
        ("ArmAdded", "ArmRemoved"): {slug(one["label"]) for one in listed.get("armGroups", ())},
        ("InterventionAdded", "InterventionRemoved"): {
            slug(one["name"]) for one in listed.get("interventions", ())
        },
        ("OutcomeChanged", "OutcomeChanged"): {
            slug(one["measure"]) for one in at(p, "outcomesModule", "primaryOutcomes") or ()
        },
    }


def flat(value):
    return " ".join(value.split()) if isinstance(value, str) else value


def compared(lines, lexicon):
    """The types of the events of a trial, each as often as a plain comparison finds it."""
    found = Counter({"RecordAdded": 1})
    known, lists, sites, read = {}, {}, {}, None
    for version, _ in ordered(lines):
        study = json.loads(version.content)
        for name, value in single(study).items():
            if value is None:
                continue
            before = known.get(name, value)
            known[name] = value
            if name[0] == "ResultsPosted":
                found["ResultsPosted"] += before is False and value is True
            else:
                found[name[0]] += flat(before) != flat(value)
        for (added, removed), values in several(study).items():
            if not values:
                continue
            gone, new = lists.get(added, values) - values, values - lists.get(added, values)
            lists[added] = values
            if added == removed and len(gone) == len(new) == 1:
                found[added] += 1
            else:
                found[added] += len(new)
                found[removed] += len(gone)
        found.update(_conditions_and_sites(version, sites, lexicon))
        read = read or version
    return +found


def _conditions_and_sites(version, known, lexicon):
    """Places and concepts by their keys, of which the tables say which spellings are the same."""
    found = Counter()
    trial = CT.parse(version.content)
    stated = {}
    for term in condition_terms(trial, lexicon):
        listed = flat(trial.conditions[term.position].plain).casefold()
        stated[term.concept.value if term.concept else listed] = None
    places = Counter()
    found_places = keyed_sites(trial, lexicon)
    for key, _ in found_places:
        places[key] += 1
    for kind, values in (("Condition", Counter(stated.keys())), ("Site", places)):
        if values:
            before = known.get(kind, values)
            found[f"{kind}Added"] += (values - before).total()
            found[f"{kind}Removed"] += (before - values).total()
            known[kind] = values
    if places:
        found["SiteStatusChanged"] += _statuses(found_places, known.setdefault("status", {}))
    return found


def keyed_sites(trial, lexicon):
    """The sites by country, city and facility, with the status that each states."""
    found = []
    for place in places_of(trial, lexicon.gazetteer):
        site = trial.sites[place.position]
        facility = place.facility or flat(site.facility or "").casefold()
        found.append(((place.country, place.city, facility), site.status))
    return found


def _statuses(sites, known):
    """How many sites of the same place have another status than was known of them."""
    count = 0
    listed = {key: Counter(one for other, one in sites if other == key) for key, _ in sites}
    for key, now in listed.items():
        before = known.get(key, now)
        if None in now and before.total() == now.total():
            listed[key] = before
        elif None not in before and None not in now:
            count += min((before - now).total(), (now - before).total())
    known.clear()
    known.update(listed)
    return count


def stated(lines, lexicon):
    """The types of the events that the project finds, from the same files."""
    versions = ordered(lines)
    seen = [
        Seen(
            trial=CT.parse(version.content),
            last_update=version.last_update,
            seen=dt.date.fromisoformat(day),
        )
        for version, day in versions
    ]
    return events(seen, lexicon, first_seen=min(one.seen for one in seen))


def ledger(path, lines):
    """A ledger that saw these lines on their days, in this order."""
    with History.open(path) as history:
        for day, line in lines:
            version = CT.version(RawRecord(content=line, origin=day))
            history.add(CT, [(version, dt.date.fromisoformat(day))])
    return path


def changes_of(path, lexicon):
    """The events of all records of a ledger, as quads."""
    found = set()
    with History.open(path) as history:
        for shown in history.shown():
            trial = CT.parse(history.content(shown))
            before = history.earlier(shown)
            quads, unread = record_changes(shown, trial, before, {CT.name: CT}, lexicon)
            assert unread == 0
            found.update(quads)
    return found


def test_the_order_of_the_files_and_reading_them_twice_change_nothing(files, lexicon, tmp_path):
    lines = [pair for one in sorted(files)[::10] for pair in files[one]]
    expected = changes_of(ledger(tmp_path / "days", lines), lexicon)
    assert changes_of(ledger(tmp_path / "days", lines), lexicon) == expected
    assert changes_of(ledger(tmp_path / "backwards", lines[::-1]), lexicon) == expected
    random.Random(0).shuffle(lines)
    assert changes_of(ledger(tmp_path / "shuffled", lines), lexicon) == expected
    assert expected


def test_the_events_are_those_of_a_plain_comparison(files, lexicon):
    wrong = {}
    for registry_id, lines in files.items():
        expected = compared(lines, lexicon)
        found = Counter(event.change_type for event in stated(lines, lexicon))
        plain = Counter({name: n for name, n in found.items() if name not in READ})
        if plain != expected:
            wrong[registry_id] = (plain - expected, expected - plain)
    assert wrong == {}
