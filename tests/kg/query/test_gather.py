"""Statements gathered step by step, and the trial that is read off them."""

import pyoxigraph as ox
import pytest

from kg.errors import UsageError
from kg.iris import USER_GRAPHS, named_graph, record_graph, source_graph, source_iri, trial_iri
from kg.query.gather import LINKED, START, Step, Walk, gathered
from kg.query.reading import read_trial
from kg.query.trial_walk import trial_walk
from kg.vocab import RDF, RDFS, TKG

ONE, TWO = trial_iri("clinicaltrials", "NCT00000001"), trial_iri("ctis", "2024-500000-11-00")
GRAPH = record_graph("clinicaltrials", "NCT00000001")
DAY = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def stored(*quads):
    store = ox.Store()
    store.extend(ox.Quad(*quad) for quad in quads)
    return store


def read(store):
    walk = trial_walk("clinicaltrials", "NCT00000001")
    return read_trial(gathered(store, walk), "clinicaltrials", "NCT00000001")


def test_a_walk_goes_out_and_in_by_the_graphs_and_predicates_it_names():
    a, b, c, link, other = (ox.NamedNode(f"urn:{name}") for name in ("a", "b", "c", "link", "g"))
    store = stored(
        (a, link, b, GRAPH), (c, link, b, other), (c, RDFS.label, ox.Literal("c"), other)
    )
    steps = (
        Step(LINKED, "into", (link.value,), (other.value,), inwards=True),
        Step("into", "names", (RDFS.label.value,)),
    )
    found = list(gathered(store, Walk(a.value, GRAPH.value, USER_GRAPHS, steps)))
    assert found == [
        ox.Triple(a, link, b),
        ox.Triple(c, link, b),
        ox.Triple(c, RDFS.label, ox.Literal("c")),
    ]
    assert not list(
        gathered(store, Walk(a.value, "urn:none", USER_GRAPHS, (Step(START, "x", (), ("urn:n",)),)))
    )


def test_what_users_write_is_not_told_of_a_trial():
    forged = source_iri("forged", "NCT00000001")
    user = ox.NamedNode(f"{USER_GRAPHS}somebody")
    store = stored(
        (ONE, RDF.type, TKG.Trial, GRAPH),
        (forged, TKG.reportsOn, ONE, user),
        (forged, TKG.sourceName, ox.Literal("forged"), user),
    )
    assert read(store).other_records == ()


def test_a_trial_has_its_study_its_history_and_what_others_claim():
    studies, changes = named_graph("studies"), named_graph("changes")
    study, why, event = (ox.NamedNode(f"urn:{name}") for name in ("study", "why", "event"))
    record = source_iri("pages", "NCT00000001")
    page = source_graph("pages", "NCT00000001")
    store = stored(
        (ONE, RDF.type, TKG.Trial, GRAPH),
        (ONE, TKG.withdrawnSince, ox.Literal("2026-05-01", datatype=DAY), GRAPH),
        (GRAPH, TKG.recordOf, ONE, GRAPH),
        (GRAPH, TKG.recordStanding, TKG.CopyOfRecord, GRAPH),
        (TWO, TKG.briefTitle, ox.Literal("The same"), record_graph("ctis", "2024-500000-11-00")),
        (ONE, TKG.registrationOf, study, studies),
        (TWO, TKG.registrationOf, study, studies),
        (TWO, TKG.followUpOf, ONE, studies),
        (why, RDF.type, TKG.IdentityEvidence, studies),
        (why, TKG.member, ONE, studies),
        (why, TKG.member, TWO, studies),
        (why, TKG.reason, ox.Literal("each names the other"), studies),
        (event, TKG.ofTrial, ONE, changes),
        (event, TKG.seenDate, ox.Literal("2026-04-01", datatype=DAY), changes),
        (event, TKG.before, TKG.Recruiting, changes),
        (event, TKG.after, TKG.Completed, changes),
        (TKG.Completed, RDFS.label, ox.Literal("completed"), named_graph("ontology")),
        (record, TKG.reportsOn, ONE, page),
        (record, TKG.sourceName, ox.Literal("pages"), page),
        (record, TKG.claimedEnrollment, ox.Literal("40"), page),
    )
    trial = read(store)
    assert trial.withdrawn_since.isoformat() == "2026-05-01"
    assert trial.standing.curie == "tkg:CopyOfRecord"
    assert [one.label for one in trial.study.registrations] == ["2024-500000-11-00: The same"]
    assert [one.reason for one in trial.study.identity] == ["each names the other"]
    assert [(one.kind, one.trial.iri) for one in trial.links] == [("followed up by", TWO.value)]
    assert [(one.before, one.after) for one in trial.changes] == [("Recruiting", "completed")]
    (other,) = trial.other_records
    assert [(one.about, one.value) for one in other.claims] == [("enrolment", "40")]


@pytest.mark.parametrize("bad", ["NCT 1", "a/b", ""])
def test_what_cannot_be_an_id_is_refused(bad):
    with pytest.raises(UsageError):
        trial_walk("clinicaltrials", bad)
