"""A part of a graph: some trials, with everything that is said of them and what they lead to."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

import pyoxigraph as ox

from kg.iris import iri_keys, named_graph, record_graph, trial_iri
from kg.store import Store
from kg.vocab import PREFIXES

# Where a part is kept in memory, in trials; a larger one goes to a folder that is removed.
_IN_MEMORY = 200
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
    waiting = [node for trial in sorted(trials) for node in _starts(engine, trial)]
    seen = set(waiting)
    while waiting:
        for quad in engine.quads_for_pattern(waiting.pop(), None, None, None):
            if quad.graph_name in _LEFT_OUT:
                continue
            yield quad
            value = quad.object
            if isinstance(value, ox.NamedNode) and value not in seen and _belongs(value, trials):
                seen.add(value)
                waiting.append(value)


def _starts(engine: ox.Store, trial: Key) -> Iterable[ox.NamedNode]:
    """Return what the record of a trial describes, and what other graphs say of it."""
    stated = engine.quads_for_pattern(None, None, None, record_graph(*trial))
    linked = engine.quads_for_pattern(None, None, trial_iri(*trial), None)
    found = {quad.subject for quad in (*stated, *linked)}
    chosen = frozenset((trial,))
    nodes = (node for node in found if isinstance(node, ox.NamedNode) and _belongs(node, chosen))
    return sorted(nodes, key=str)


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
