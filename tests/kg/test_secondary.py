import datetime as dt
import io
import json

import msgspec
import pytest

import kg
from kg.history import History
from kg.iris import record_graph, source_graph, source_iri, trial_iri
from kg.pipeline import Settings, build
from kg.publish import current_snapshot
from kg.records import COPY, REPORT, Claims, Text
from kg.store import Store
from kg.vocab import DCTERMS, RDF, TKG
from loaders import LOADERS
from tests.kg.registry_records import study, write_lines

CT = "clinicaltrials"
HERE = Settings(processes=1)
PRIMARY_LOADER = LOADERS[CT]
TRIAL = trial_iri(CT, "NCT00000001")
CLAIM = source_iri("copied", "NCT00000001")


def said_by_page(content):
    words = Text(field="/x", raw="It may not work.", plain="It may not work.")
    return Claims(first_seen=dt.date(2026, 6, 27), could_go_wrong=(words,))


def reader(name, standing, **changed):
    """The loader of the registry, as if it read what somebody else wrote down."""
    return msgspec.structs.replace(PRIMARY_LOADER, name=name, standing=standing, **changed)


READERS = {
    CT: PRIMARY_LOADER,
    "copied": reader("copied", COPY),
    "paged": reader("paged", REPORT, claims=said_by_page),
}


ABROAD = {"contactsLocationsModule": {"locations": [{"country": "France"}]}}


def run(data, loader, *studies):
    source = write_lines(data.parent / f"{loader}.jsonl", studies)
    return build(data, [source], READERS, registry=loader, settings=HERE)


def copied(**modules):
    status = {"overallStatus": "COMPLETED", "lastUpdatePostDateStruct": {"date": "2026-02-01"}}
    return study(1, statusModule=status, **modules)


def stated(data, subject, predicate):
    with Store.read_only(current_snapshot(data)) as store:
        found = store.engine.quads_for_pattern(subject, predicate, None)
        return {(quad.object.value, quad.graph_name) for quad in found}


def values(data, subject, predicate):
    return {value for value, _ in stated(data, subject, predicate)}


def test_a_claimed_date_says_how_precise_it_is(tmp_path):
    data = tmp_path / "data"
    run(data, CT, study(1))
    dates = {"startDateStruct": {"date": "2026-01"}, "completionDateStruct": {"date": "2027-05-03"}}
    run(data, "copied", study(1, statusModule={"overallStatus": "COMPLETED", **dates}))
    assert values(data, CLAIM, TKG.claimedStart) == {"2026-01-01"}
    assert values(data, CLAIM, TKG.claimedStartPrecision) == {TKG.Month.value}
    assert values(data, CLAIM, TKG.claimedCompletionPrecision) == {TKG.Day.value}
    with kg.open(data) as graph:
        (other,) = graph.trial("NCT00000001").other_records
    told = {claim.about: claim.value for claim in other.claims}
    assert (told["start"], told["completion"]) == ("2026-01", "2027-05-03")


def test_a_copy_makes_claims_beside_the_registrys_own_record(tmp_path):
    data = tmp_path / "data"
    run(data, CT, study(1))
    run(data, "copied", copied())
    assert values(data, TRIAL, TKG.recruitmentStatus) == {TKG.Recruiting.value}
    graph = source_graph("copied", "NCT00000001")
    assert stated(data, CLAIM, TKG.claimedStatus) == {(TKG.Completed.value, graph)}
    assert values(data, CLAIM, TKG.reportsOn) == {TRIAL.value}
    assert values(data, CLAIM, TKG.recordStanding) == {TKG.CopyOfRecord.value}


def test_a_copy_stands_in_until_the_registrys_own_record_comes(tmp_path):
    data, graph = tmp_path / "data", record_graph(CT, "NCT00000001")
    run(data, "copied", copied())
    assert values(data, TRIAL, TKG.recruitmentStatus) == {TKG.Completed.value}
    assert values(data, graph, TKG.recordStanding) == {TKG.CopyOfRecord.value}
    assert values(data, graph, TKG.takenFromCopy) == {CLAIM.value}
    run(data, CT, study(1))
    assert values(data, TRIAL, TKG.recruitmentStatus) == {TKG.Recruiting.value}
    assert values(data, graph, TKG.recordStanding) == {TKG.PrimaryRecord.value}
    assert values(data, graph, TKG.takenFromCopy) == set()
    assert values(data, CLAIM, TKG.claimedStatus) == {TKG.Completed.value}


def test_a_page_makes_claims_and_never_a_trial(tmp_path):
    data, claim = tmp_path / "data", source_iri("paged", "NCT00000001")
    assert run(data, "paged", copied()).snapshot is not None
    assert values(data, TRIAL, RDF.type) == set()
    assert values(data, claim, TKG.recordStanding) == {TKG.PageAboutTrial.value}
    assert values(data, claim, TKG.sourceFirstSeen) == {"2026-06-27"}
    with Store.read_only(current_snapshot(data)) as store:
        (statement,) = {
            quad.subject for quad in store.engine.quads_for_pattern(None, DCTERMS.source, claim)
        }
    assert values(data, statement, TKG.text) == {"It may not work."}
    assert values(data, statement, TKG.statementKind) == {TKG.CouldGoWrong.value}


def test_what_is_claimed_does_not_depend_on_the_order_of_arrival(tmp_path):
    dumps = []
    for name, order in (("a", (CT, "copied", "paged")), ("b", ("paged", "copied", CT))):
        data = tmp_path / name / "data"
        data.parent.mkdir()
        for loader in order:
            run(data, loader, study(1) if loader == CT else copied(**ABROAD))
        dumps.append(io.BytesIO())
        with Store.read_only(current_snapshot(data)) as store:
            store.dump(dumps[-1])
    assert dumps[0].getvalue() == dumps[1].getvalue()


def test_a_source_that_says_the_same_again_is_not_written_again(tmp_path):
    data = tmp_path / "data"
    first = run(data, "paged", copied())
    assert run(data, "paged", copied()).snapshot == first.snapshot


def test_the_claims_of_a_record_that_is_forgotten_leave(tmp_path):
    data = tmp_path / "data"
    run(data, CT, study(1), study(2))
    run(data, "copied", copied())
    with History.open(data / "history.sqlite") as history:
        history.delete(CT, "NCT00000001")
    build(data, [], READERS, settings=HERE)
    assert values(data, CLAIM, RDF.type) == set()


@pytest.mark.parametrize("sites", [[], [{"facility": "One", "city": "Ulm", "country": "Germany"}]])
def test_the_sites_of_a_source_are_claims_too(tmp_path, sites):
    data = tmp_path / "data"
    run(data, "copied", copied(contactsLocationsModule={"locations": sites}))
    found = values(data, CLAIM, TKG.claimedSite)
    assert len(found) == len(sites)
    assert {json.loads(f'"{one}"').rpartition("/site/")[2] for one in found} <= {"germany-ulm-one"}


def test_what_a_source_says_and_nobody_can_read_is_counted(tmp_path):
    phases = {"phases": ["PHASE1", "PHASE9"]}
    report = run(tmp_path / "data", "paged", copied(designModule=phases))
    assert report.fields_dropped == {"paged: /protocolSection/designModule/phases/*": 1}


def test_a_trial_is_read_with_what_other_sources_say_of_it(tmp_path):
    data = tmp_path / "data"
    run(data, CT, study(1))
    run(data, "copied", copied())
    with kg.open(data) as graph:
        (other,) = graph.trial("NCT00000001").other_records
    assert other.source == "copied"
    assert ("status", "completed") in {(one.about, one.value) for one in other.claims}
