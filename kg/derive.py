"""The graphs that follow from the record graphs and the tables, made anew after every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from itertools import chain
from typing import cast

import pyoxigraph as ox

from kg import study, void
from kg.beside import Beside, Linked
from kg.difference import Difference
from kg.extract.lexicon import Lexicon
from kg.infer import INFERRED, concerned, inferred_quads, open_classes, properties_read
from kg.iris import concept_curie, named_graph
from kg.ontology import ontology_digest
from kg.quads import lexicon_quads, ontology_quads
from kg.report import Progress
from kg.shared import SHARED, shared_quads
from kg.shared_change import change_shared
from kg.store import Store
from kg.study import StudyGraph
from kg.vocab import RDF, TKG
from kg.void.numbers import is_registry, part_of

# Raised whenever one of the derived graphs is made in another way.
RELEASE = f"1 {study.RELEASE} {void.RELEASE}"

_CONCEPTS = (
    TKG.condition,
    TKG.concept,
    TKG.registryMesh,
    TKG.registryMeshAncestor,
    TKG.subjectNode,
)
LEXICON = named_graph("lexicon")
_EACH = "SELECT DISTINCT ?p ?o { GRAPH ?g { ?s ?p ?o } }"


def derive(
    store: Store,
    lexicon: Lexicon,
    studies: StudyGraph,
    progress: Progress,
    since: Difference | None = None,
    left: Beside | None = None,
) -> frozenset[ox.NamedNode]:
    """Make the graphs ontology, lexicon, shared, studies, inferred and void, in that order.

    Returns those that are known to conform to the shapes.
    Each is a function of the tables and of graphs before it. `since` is the difference that the
    store follows since they were last made of the same tables: then only what it touches is made.
    `left` gives what all record graphs leave, where they were made in bulk.
    """
    if since is not None and since.is_complete:
        steps, left = _steps_after(store, lexicon, studies, since), None
    else:
        steps = _steps(store, lexicon, studies, left)
    for number, step in enumerate(steps, start=1):
        step()
        progress("derive graphs", number, len(steps))
    sure = left is not None and left.conforms and not _follows_beside(store)
    return frozenset((INFERRED,)) if sure else frozenset()


def _steps(
    store: Store, lexicon: Lexicon, studies: StudyGraph, left: Beside | None
) -> list[Callable[[], object]]:
    links = None if left is None else Linked(store, left.counts)
    shared = None if links is None else partial(links.to, but=SHARED)
    made: dict[str, Callable[[], Iterable[ox.Quad]]] = {
        "ontology": lambda: _ontology(ontology_digest()),
        "lexicon": lambda: lexicon_quads(lexicon, concepts_in_use(store, links)),
        "shared": lambda: shared_quads(store, lexicon, shared),
    }
    return [
        *(partial(_set, store, name, quads) for name, quads in made.items()),
        partial(studies.make, store),
        lambda: _infer(store, left),
        lambda: _describe(store, left),
    ]


def _infer(store: Store, left: Beside | None) -> None:
    """Make the graph `inferred`, from what was concluded with the records where that is all."""
    if left is None or _follows_beside(store):
        _set(store, "inferred", lambda: inferred_quads(store))
    else:
        store.load_many([INFERRED], left.inferred)


def _follows_beside(store: Store) -> bool:
    """Tell whether something follows from other graphs than those of records."""
    beside = [graph for graph in store.engine.named_graphs() if not is_registry(part_of(graph))]
    read = (TKG.condition, TKG.targets, *properties_read())
    patterns = [(name, None) for name in read] + [(RDF.type, name) for name in open_classes()]
    return any(
        True
        for graph in beside
        if graph != INFERRED
        for name, value in patterns
        for _ in store.engine.quads_for_pattern(None, name, value, graph)
    )


def _steps_after(
    store: Store, lexicon: Lexicon, studies: StudyGraph, since: Difference
) -> list[Callable[[], object]]:
    return [
        lambda: _change_lexicon(store, lexicon, since),
        lambda: change_shared(store, lexicon.gazetteer, since.quads()),
        partial(studies.change, store),
        lambda: _change_inferred(store, since),
        partial(
            _set, store, "void", lambda: void.void_quads_after(store, since.removed, since.added)
        ),
    ]


def _set(store: Store, name: str, quads: Callable[[], Iterable[ox.Quad]]) -> None:
    store.set_graph(named_graph(name), quads())


def _describe(store: Store, left: Beside | None) -> None:
    if left is None or _follows_beside(store):
        _set(store, "void", lambda: void.void_quads(store))
    else:
        _set(store, "void", lambda: void.void_quads_counted(store, left.counts))


def _change_lexicon(store: Store, lexicon: Lexicon, since: Difference) -> None:
    if any(_matters(store, quad, new=quad in since.added) for quad in since.quads()):
        _set(store, "lexicon", lambda: lexicon_quads(lexicon, _concepts_after(store, since)))


def _matters(store: Store, quad: ox.Quad, *, new: bool) -> bool:
    """Tell whether a link that came or left may let a concept come or leave."""
    if quad.predicate not in _CONCEPTS or not isinstance(quad.object, ox.NamedNode):
        return False
    if concept_curie(quad.object) is None:
        return False
    if new:
        # One that is there is there with everything above it.
        return not any(store.engine.quads_for_pattern(quad.object, RDF.type, None, LEXICON))
    return not _is_linked(store, quad.object)


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


def concepts_in_use(store: Store, links: Linked | None = None) -> set[str]:
    """Return the CURIEs of all condition concepts that a record links to."""
    found = _linked(store) if links is None else chain.from_iterable(map(links.to, _CONCEPTS))
    return {curie for node in found if (curie := concept_curie(node))}


def _concepts_after(store: Store, since: Difference) -> set[str]:
    """Return the same after a change: of those in the lexicon and those that came, the linked."""
    held = store.engine.quads_for_pattern(None, RDF.type, None, LEXICON)
    known = {quad.subject for quad in held if isinstance(quad.subject, ox.NamedNode)}
    came = {quad.object for quad in since.added if isinstance(quad.object, ox.NamedNode)}
    found = ((node, concept_curie(node)) for node in known | came)
    return {curie for node, curie in found if curie and _is_linked(store, node)}


def _is_linked(store: Store, concept: ox.NamedNode) -> bool:
    links = (store.engine.quads_for_pattern(None, name, concept) for name in _CONCEPTS)
    return any(True for _ in chain.from_iterable(links))


def _linked(store: Store) -> Iterator[ox.NamedNode]:
    for predicate in _CONCEPTS:
        # The engine counts each once itself, which spares making a term of every link.
        found = store.engine.query(_EACH, substitutions={ox.Variable("p"): predicate})
        for solution in cast("ox.QuerySolutions", found):
            if isinstance(node := solution["o"], ox.NamedNode):
                yield node
