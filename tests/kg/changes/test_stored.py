"""The events of one trial leave a store without a trace, also when they were half written."""

import datetime as dt

import pyoxigraph as ox

from kg.changes import remove_changes, remove_empty_graph, remove_events, remove_torn_changes
from kg.iris import trial_iri
from kg.quads.change import CHANGES, Event, change_quads
from kg.vocab import TKG

ONE, OTHER = ("clinicaltrials", "NCT00000001"), ("clinicaltrials", "NCT00000002")


def quads(key):
    trial = trial_iri(*key)
    event = Event(change_type="RecordAdded", subject=trial, seen=dt.date(2026, 1, 1))
    return change_quads(trial, [event])


def filled(*keys):
    store = ox.Store()
    store.extend(quad for key in keys for quad in quads(key))
    return store


def test_the_events_of_one_trial_go_and_those_of_others_stay():
    store = filled(ONE, OTHER)
    remove_changes(store, [ONE])
    assert set(store) == set(quads(OTHER))
    remove_changes(store, [OTHER])
    assert CHANGES not in list(store.named_graphs())


def test_the_graph_to_which_others_may_be_writing_stays_until_all_have_written():
    store = filled(ONE)
    remove_events(store, [ONE])
    assert list(store.named_graphs()) == [CHANGES]
    remove_empty_graph(store)
    assert not list(store.named_graphs())
    store = filled(OTHER)
    remove_empty_graph(store)
    assert set(store) == set(quads(OTHER))


def test_an_event_that_does_not_say_its_trial_any_more_is_found_by_its_name():
    store = filled(ONE, OTHER)
    for quad in list(store.quads_for_pattern(None, TKG.ofTrial, trial_iri(*ONE), CHANGES)):
        store.remove(quad)
    remove_changes(store, [ONE])
    assert len(store) > len(quads(OTHER))
    remove_torn_changes(store, {OTHER})
    assert set(store) == set(quads(OTHER))
