"""A part of a graph: some trials, with everything that is said of them and what they lead to."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from itertools import chain

import pyoxigraph as ox

from kg.iris import iri_keys, is_user_graph, named_graph, record_graph, trial_iri
from kg.store import Store
from kg.vocab import PREFIXES

# Where a part is kept in memory, in trials; a larger one goes to a folder that is removed.
_IN_MEMORY = 200
# Graphs that are made from records and speak of trials and constructs.
_MADE = (named_graph("inferred"), named_graph("studies"))
_LEFT_OUT = frozenset((named_graph("ontology"), named_graph("void")))
_TERMS = PREFIXES["tkg"]

Key = tuple[str, str]


@contextmanager
def subset(store: Store, trials: Collection[Key]) -> Iterator[Store]:
    """Yield a store that holds some trials, each given by registry and id, and what they lead to.

    That is: all that is stated of a trial and its parts in any graph, what other graphs say of it
    (changes, studies, other sources), and the antigens, products, concepts with those above them,
    places and organisations. Other trials, the ontology and the description of the data are left
    out.
    """
    quads = _quads(store.engine, frozenset(trials))
    if len(trials) <= _IN_MEMORY:
        with Store.in_memory() as part:
            part.engine.bulk_extend(quads)
            yield part
        return
    with tempfile.TemporaryDirectory() as folder:
        engine = ox.Store(folder)
        engine.bulk_extend(quads)
        with Store(engine, "the part that was chosen") as part:
            del engine
            yield part


def _quads(engine: ox.Store, trials: frozenset[Key]) -> Iterator[ox.Quad]:
    """Yield records as they stand, then, node by node, what else is said of what they name.

    Parts of a record are looked up in other graphs where these speak of such parts; everything
    that a trial or a part leads to is looked up in all.
    """
    told: set[ox.NamedNode] = set()
    waiting: set[ox.NamedNode] = set()
    for trial in sorted(trials):
        for quad in engine.quads_for_pattern(None, None, None, record_graph(*trial)):
            yield quad
            told |= _named(quad.subject)
            waiting |= _named(quad.object)
        for quad in engine.quads_for_pattern(None, None, trial_iri(*trial), None):
            waiting |= _named(quad.subject)
    waiting = {node for node in waiting - told if _belongs(node, trials)}
    yield from _said_elsewhere(engine, told, waiting)
    yield from _reached(engine, trials, told, waiting)


def _said_elsewhere(
    engine: ox.Store, told: set[ox.NamedNode], waiting: set[ox.NamedNode]
) -> Iterator[ox.Quad]:
    """Yield what other graphs say of the nodes of records, and note what that leads to."""
    spoken_of = sorted((node for node in told if _is_spoken_of(node)), key=str)
    found = chain.from_iterable(
        engine.quads_for_pattern(node, None, None, graph) for graph in _MADE for node in spoken_of
    )
    written = chain.from_iterable(
        engine.quads_for_pattern(None, None, None, graph)
        for graph in engine.named_graphs()
        if is_user_graph(graph.value)
    )
    for quad in chain(found, (quad for quad in written if quad.subject in told)):
        yield quad
        waiting |= _named(quad.object) - told


def _reached(
    engine: ox.Store,
    trials: frozenset[Key],
    told: set[ox.NamedNode],
    waiting: set[ox.NamedNode],
) -> Iterator[ox.Quad]:
    ahead = [node for node in waiting if _belongs(node, trials)]
    seen = told | set(ahead)
    while ahead:
        for quad in engine.quads_for_pattern(ahead.pop(), None, None, None):
            if quad.graph_name in _LEFT_OUT:
                continue
            yield quad
            new = {node for node in _named(quad.object) - seen if _belongs(node, trials)}
            seen |= new
            ahead.extend(new)


def _named(term: object) -> set[ox.NamedNode]:
    return {term} if isinstance(term, ox.NamedNode) else set()


def _is_spoken_of(node: ox.NamedNode) -> bool:
    match iri_keys(node):
        case ("trial", _, _) | ("trial", _, _, "construct", _):
            return True
        case _:
            return False


def _belongs(node: ox.NamedNode, trials: frozenset[Key]) -> bool:
    if node.value.startswith(_TERMS):
        return False
    match iri_keys(node):
        case ("trial", registry, registry_id, *_):
            return (registry, registry_id) in trials
        case ("graph", "source", *_):
            return True
        case ("graph", registry, registry_id):
            return (registry, registry_id) in trials
        case _:
            return True
