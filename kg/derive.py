"""The graphs that follow from the record graphs and the tables, made anew after every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from kg import study, void
from kg.extract.lexicon import Lexicon
from kg.infer import inferred_quads
from kg.iris import concept_curie, named_graph
from kg.ontology import ontology_digest
from kg.quads import lexicon_quads, ontology_quads
from kg.report import Progress
from kg.shared import shared_quads
from kg.store import Store
from kg.study import Refusals, Registration, study_quads
from kg.vocab import TKG

# Raised whenever one of the derived graphs is made in another way.
RELEASE = f"1 {study.RELEASE} {void.RELEASE}"

_CONCEPTS = (
    TKG.condition,
    TKG.concept,
    TKG.registryMesh,
    TKG.registryMeshAncestor,
    TKG.subjectNode,
)


def derive(
    store: Store,
    lexicon: Lexicon,
    registrations: Callable[[], Iterable[Registration]],
    refusals: Refusals,
    progress: Progress,
) -> None:
    """Make the graphs ontology, lexicon, shared, studies, inferred and void, in that order.

    Each is a function of the tables and of graphs before it.
    """
    steps: dict[str, Callable[[], Iterable[ox.Quad]]] = {
        "ontology": lambda: _ontology(ontology_digest()),
        "lexicon": lambda: lexicon_quads(lexicon, concepts_in_use(store)),
        "shared": lambda: shared_quads(store, lexicon),
        "studies": lambda: study_quads(registrations(), refusals),
        "inferred": lambda: inferred_quads(store),
        "void": lambda: void.void_quads(store),
    }
    for number, (name, quads) in enumerate(steps.items(), start=1):
        store.set_graph(named_graph(name), quads())
        progress("derive graphs", number, len(steps))


@lru_cache(maxsize=1)
def _ontology(_digest: str) -> list[ox.Quad]:
    return ontology_quads()


def concepts_in_use(store: Store) -> set[str]:
    """Return the CURIEs of all condition concepts that a record links to."""
    return {curie for node in set(_linked(store)) if (curie := concept_curie(node))}


def _linked(store: Store) -> Iterator[ox.NamedNode]:
    for predicate in _CONCEPTS:
        for quad in store.engine.quads_for_pattern(None, predicate, None):
            if isinstance(quad.object, ox.NamedNode):
                yield quad.object
