"""The change events of trials in a store: those of one trial leave before new ones come."""

from __future__ import annotations

from collections.abc import Iterable, Set

import pyoxigraph as ox

from kg.iris import iri_keys, trial_iri
from kg.quads.change import CHANGES
from kg.vocab import TKG

Key = tuple[str, str]


def remove_changes(engine: ox.Store, trials: Iterable[Key]) -> None:
    """Remove the change events of some trials, given by registry and id."""
    remove_events(engine, trials)
    remove_empty_graph(engine)


def remove_events(engine: ox.Store, trials: Iterable[Key]) -> None:
    """Do the same, and leave the graph even if it is empty: others may be writing to it."""
    if not engine.contains_named_graph(CHANGES):
        return
    for trial in trials:
        for link in list(engine.quads_for_pattern(None, TKG.ofTrial, trial_iri(*trial), CHANGES)):
            _remove(engine, engine.quads_for_pattern(link.subject, None, None, CHANGES))


def remove_empty_graph(engine: ox.Store) -> None:
    """Remove the graph of changes where it holds nothing; nobody else may be writing to it."""
    if not any(engine.quads_for_pattern(None, None, None, CHANGES)):
        engine.remove_graph(CHANGES)


def remove_torn_changes(engine: ox.Store, complete: Set[Key]) -> None:
    """Remove all that is said of the events of trials that are not complete.

    Of an event that was half written when a run died, what tells its trial may be missing; this
    reads the whole graph and goes by the names of the events.
    """
    stated = engine.quads_for_pattern(None, None, None, CHANGES)
    _remove(engine, (quad for quad in stated if _trial(quad) not in complete))
    remove_empty_graph(engine)


def _trial(quad: ox.Quad) -> Key | None:
    match iri_keys(quad.subject) if isinstance(quad.subject, ox.NamedNode) else ():
        case ("trial", registry, registry_id, *_):
            return registry, registry_id
        case _:
            return None


def _remove(engine: ox.Store, quads: Iterable[ox.Quad]) -> None:
    for quad in list(quads):
        engine.remove(quad)
