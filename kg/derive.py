"""The graphs that follow from the record graphs and the tables, made anew after every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import cast

import pyoxigraph as ox

from kg import study, void
from kg.difference import Difference
from kg.extract.lexicon import Lexicon
from kg.infer import INFERRED, concerned, inferred_quads
from kg.iris import concept_curie, named_graph
from kg.ontology import ontology_digest
from kg.quads import lexicon_quads, ontology_quads
from kg.report import Progress
from kg.shared import shared_quads
from kg.shared_change import change_shared
from kg.store import Store
from kg.study import Refusals, Registration, study_quads
from kg.vocab import TKG
from kg.void import Counts

# Raised whenever one of the derived graphs is made in another way.
RELEASE = f"1 {study.RELEASE} {void.RELEASE}"

_CONCEPTS = (
    TKG.condition,
    TKG.concept,
    TKG.registryMesh,
    TKG.registryMeshAncestor,
    TKG.subjectNode,
)
_EACH = "SELECT DISTINCT ?p ?o { GRAPH ?g { ?s ?p ?o } }"


def derive(
    store: Store,
    lexicon: Lexicon,
    registrations: Callable[[], Iterable[Registration]],
    refusals: Refusals,
    progress: Progress,
    since: Difference | None = None,
    counted: Callable[[], Counts | None] = lambda: None,
) -> None:
    """Make the graphs ontology, lexicon, shared, studies, inferred and void, in that order.

    Each is a function of the tables and of graphs before it. `since` is the difference that the
    store follows since they were last made of the same tables: then only what it touches is made.
    `counted` gives the counts of all records for the description, where these have been counted.
    """

    def studies() -> Iterable[ox.Quad]:
        return study_quads(registrations(), refusals)

    if since is not None and since.is_complete:
        steps = _steps_after(store, lexicon, studies, since)
    else:
        steps = _steps(store, lexicon, studies, counted)
    for number, step in enumerate(steps, start=1):
        step()
        progress("derive graphs", number, len(steps))


def _steps(
    store: Store,
    lexicon: Lexicon,
    studies: Callable[[], Iterable[ox.Quad]],
    counted: Callable[[], Counts | None],
) -> list[Callable[[], object]]:
    made: dict[str, Callable[[], Iterable[ox.Quad]]] = {
        "ontology": lambda: _ontology(ontology_digest()),
        "lexicon": lambda: lexicon_quads(lexicon, concepts_in_use(store)),
        "shared": lambda: shared_quads(store, lexicon),
        "studies": studies,
        "inferred": lambda: inferred_quads(store),
        "void": lambda: _description(store, counted()),
    }
    return [partial(_set, store, name, quads) for name, quads in made.items()]


def _steps_after(
    store: Store,
    lexicon: Lexicon,
    studies: Callable[[], Iterable[ox.Quad]],
    since: Difference,
) -> list[Callable[[], object]]:
    return [
        lambda: _change_lexicon(store, lexicon, since),
        lambda: change_shared(store, lexicon.gazetteer, since.quads()),
        partial(_set, store, "studies", studies),
        lambda: _change_inferred(store, since),
        partial(
            _set, store, "void", lambda: void.void_quads_after(store, since.removed, since.added)
        ),
    ]


def _set(store: Store, name: str, quads: Callable[[], Iterable[ox.Quad]]) -> None:
    store.set_graph(named_graph(name), quads())


def _description(store: Store, counts: Counts | None) -> list[ox.Quad]:
    return void.void_quads(store) if counts is None else void.void_quads_counted(store, counts)


def _change_lexicon(store: Store, lexicon: Lexicon, since: Difference) -> None:
    if any(quad.predicate in _CONCEPTS for quad in since.quads()):
        _set(store, "lexicon", lambda: lexicon_quads(lexicon, concepts_in_use(store)))


def _change_inferred(store: Store, since: Difference) -> None:
    subjects = concerned(since.quads())
    wanted = set(inferred_quads(store, subjects=subjects))
    present = {
        quad
        for subject in subjects
        for quad in store.engine.quads_for_pattern(subject, None, None, INFERRED)
    }
    store.change(present - wanted, wanted - present)


@lru_cache(maxsize=1)
def _ontology(_digest: str) -> list[ox.Quad]:
    return ontology_quads()


def concepts_in_use(store: Store) -> set[str]:
    """Return the CURIEs of all condition concepts that a record links to."""
    return {curie for node in _linked(store) if (curie := concept_curie(node))}


def _linked(store: Store) -> Iterator[ox.NamedNode]:
    for predicate in _CONCEPTS:
        # The engine counts each once itself, which spares making a term of every link.
        found = store.engine.query(_EACH, substitutions={ox.Variable("p"): predicate})
        for solution in cast("ox.QuerySolutions", found):
            if isinstance(node := solution["o"], ox.NamedNode):
                yield node
