"""The graphs that follow from the record graphs and the tables, made anew after every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import NamedTuple, cast

import pyoxigraph as ox

from kg import study, void
from kg.beside import Beside, Linked
from kg.difference import Difference
from kg.extract.lexicon import Lexicon
from kg.infer import INFERRED, concerned, inferred_quads, open_classes, properties_read
from kg.iris import concept_curie, named_graph
from kg.lines import Lines, as_lines
from kg.ontology import ontology_digest
from kg.quads import lexicon_quads, ontology_quads
from kg.quads.change import CHANGES
from kg.report import Progress
from kg.shared import shared_quads
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


class Derived(NamedTuple):
    """Graphs that are known to conform to the shapes, and the lines of those that were made."""

    conforming: frozenset[ox.NamedNode]
    lines: Lines


def derive(
    store: Store,
    lexicon: Lexicon,
    studies: StudyGraph,
    progress: Progress,
    since: Difference | None = None,
    left: Beside | None = None,
) -> Derived:
    """Make the graphs ontology, lexicon, shared, studies, inferred and void, in that order.

    Each is a function of the tables and of graphs before it. `since` is the difference that the
    store follows since they were last made of the same tables: then only what it touches is made.
    `left` gives what all record graphs leave, where they were made in bulk.
    """
    if since is not None and since.is_complete:
        _follow(_steps_after(store, lexicon, studies, since), progress)
        return Derived(frozenset(), {})
    made = _Made(store, left)
    _follow(_steps(made, lexicon, studies), progress)
    conform = left is not None and left.conforms and made.from_records_alone
    return Derived(frozenset((INFERRED, CHANGES)) if conform else frozenset(), made.lines)


def _follow(steps: Sequence[Callable[[], object]], progress: Progress) -> None:
    for number, step in enumerate(steps, start=1):
        step()
        progress("derive graphs", number, len(steps))


def _steps(made: _Made, lexicon: Lexicon, studies: StudyGraph) -> list[Callable[[], object]]:
    store, left = made.store, made.left
    links = None if left is None else Linked(store, left)
    quads: dict[str, Callable[[], Iterable[ox.Quad]]] = {
        "ontology": lambda: _ontology(ontology_digest()),
        "lexicon": lambda: lexicon_quads(lexicon, concepts_in_use(store, links)),
        "shared": lambda: shared_quads(store, lexicon, links.stated() if links else None),
        "studies": studies.quads,
    }
    return [*(partial(made.set, *one) for one in quads.items()), made.infer, made.describe]


class _Made:
    """Graphs that are made in a store, of what records left where they were made in bulk."""

    def __init__(self, store: Store, left: Beside | None) -> None:
        self.store = store
        self.left = left
        self.lines: dict[ox.NamedNode | ox.BlankNode, bytes] = {}

    @cached_property
    def from_records_alone(self) -> bool:
        """Tell whether nothing follows from other graphs than those of records."""
        return not _follows_beside(self.store)

    def set(self, name: str, quads: Callable[[], Iterable[ox.Quad]]) -> None:
        """Make a graph, and keep its lines for those who read it next."""
        graph, stated = named_graph(name), dict.fromkeys(quads())
        self.store.set_graph(graph, stated)
        self.lines[graph] = as_lines(stated)

    def infer(self) -> None:
        """Make the graph `inferred`, of what was concluded with the records where that is all."""
        if self.left is not None and self.from_records_alone:
            self.store.load_many([INFERRED], self.left.inferred)
        else:
            self.set("inferred", lambda: inferred_quads(self.store))

    def describe(self) -> None:
        """Make the graph `void`, of what was counted with the records where that is all."""
        if self.left is not None and self.from_records_alone:
            keys, counts, gathered = self.left.keys, self.left.counts, self.left.gathered
            quads = void.void_quads_counted(self.store, counts, gathered, keys, self.lines)
            self.set("void", lambda: quads)
        else:
            self.set("void", lambda: void.void_quads(self.store))


def _follows_beside(store: Store) -> bool:
    """Tell whether something follows from other graphs than those of records."""
    beside = [graph for graph in store.graphs_beside() if not is_registry(part_of(graph))]
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
