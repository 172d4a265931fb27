"""The numbers after a change, from those before it and what was added and removed.

The work grows with the change: with its statements, and with those about nodes that it gives other
classes. Nothing else is read.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from kg.store import Store
from kg.vocab import RDF
from kg.void.numbers import (
    DESCRIPTION,
    Kind,
    Met,
    Numbers,
    Vocabularies,
    kind_of,
    part_of,
    statement_cells,
    subject_cells,
)

Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
# What is counted of one: its part, its subject, its property, and what its value is.
_Statement = tuple[str, object, str, Met]


def changed(
    store: Store, before: Numbers, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]
) -> Numbers:
    """Return the numbers of a store that has changed; it holds what was added already."""
    gone, new = set(removed), set(added)
    return _Change(store.engine, gone - new, new - gone).numbers(before)


class _Change:
    def __init__(self, engine: ox.Store, gone: set[ox.Quad], new: set[ox.Quad]) -> None:
        self.engine = engine
        self.parts: dict[Graph, str] = {}
        self.gone = {quad for quad in gone if self._part(quad) != DESCRIPTION}
        self.new = {quad for quad in new if self._part(quad) != DESCRIPTION}
        self.vocabularies = Vocabularies()
        self.now: dict[object, Kind | None] = {}
        self.was: dict[object, Kind | None] = {}
        self.turned = self._turned()

    def numbers(self, before: Numbers) -> Numbers:
        """Return the numbers after it."""
        found: Numbers = Counter(before)
        for statement, count in self._moved().items():
            # A value in place of another of its kind counts as it did, whatever it is said of.
            if count:
                for cell in self._cells(*statement, self.now):
                    found[cell] += count
        for quad in self._of_turned(self.gone):
            found.subtract(self._cells_of(quad, self.was))
        for quad in self._of_turned(self.new):
            found.update(self._cells_of(quad, self.now))
        for quad in self._touched() - self.new:
            found.subtract(self._cells_of(quad, self.was))
            found.update(self._cells_of(quad, self.now))
        self._count_subjects(found)
        return +found

    def _moved(self) -> Counter[_Statement]:
        """Return how many statements came of nodes that have the classes that they had."""
        moved: Counter[_Statement] = Counter()
        for quads, kinds, sign in ((self.gone, self.was, -1), (self.new, self.now, 1)):
            for quad in quads:
                if quad.subject not in self.turned:
                    moved[self._statement(quad, kinds)] += sign
        return moved

    def _of_turned(self, quads: set[ox.Quad]) -> Iterator[ox.Quad]:
        return (quad for quad in quads if quad.subject in self.turned)

    def _turned(self) -> set[object]:
        """Return the nodes that have other classes now, and take note of what they had."""
        gone, new = _by_subject(self.gone, RDF.type), _by_subject(self.new, RDF.type)
        turned = set()
        for node in {*gone, *new}:
            stated = set(self._quads(node, RDF.type))
            now = self._kind_of(stated)
            was = self._kind_of((stated - new[node]) | gone[node])
            self.now[node], self.was[node] = now, was
            if now != was:
                turned.add(node)
        return turned

    def _quads(self, node: object, predicate: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """Yield what is stated of a node outside the description."""
        if isinstance(node, ox.NamedNode | ox.BlankNode):
            for quad in self.engine.quads_for_pattern(node, predicate, None):
                if self._part(quad) != DESCRIPTION:
                    yield quad

    def _touched(self) -> set[ox.Quad]:
        """Return the statements about nodes that have other classes now."""
        found: set[ox.Quad] = set()
        for node in self.turned:
            found.update(self._quads(node))
            if isinstance(node, ox.NamedNode | ox.BlankNode):
                naming = self.engine.quads_for_pattern(None, None, node)
                found.update(quad for quad in naming if self._part(quad) != DESCRIPTION)
        return found

    def _cells_of(
        self, quad: ox.Quad, kinds: dict[object, Kind | None]
    ) -> Iterator[tuple[str, ...]]:
        return self._cells(*self._statement(quad, kinds), kinds)

    def _statement(self, quad: ox.Quad, kinds: dict[object, Kind | None]) -> _Statement:
        part, met = self._part(quad), self._met(quad.object, kinds)
        return part, quad.subject, quad.predicate.value, met

    def _cells(
        self,
        part: str,
        subject: object,
        predicate: str,
        met: Met,
        kinds: dict[object, Kind | None],
    ) -> Iterator[tuple[str, ...]]:
        return statement_cells(part, self._kind(subject, kinds), predicate, met)

    def _met(self, value: object, kinds: dict[object, Kind | None]) -> Met:
        if isinstance(value, ox.Literal):
            return value.datatype
        kind = self._kind(value, kinds)
        if kind is not None:
            return kind
        return self.vocabularies[value.value] if isinstance(value, ox.NamedNode) else ""

    def _kind(self, node: object, kinds: dict[object, Kind | None]) -> Kind | None:
        if node not in kinds:
            # It is none of those that changed, so that it is the same before and after.
            self.now[node] = self.was[node] = self._kind_of(self._quads(node, RDF.type))
        return kinds[node]

    def _kind_of(self, stated: Iterable[ox.Quad]) -> Kind | None:
        return kind_of(
            (self._part(quad), quad.object.value)
            for quad in stated
            if isinstance(quad.object, ox.NamedNode)
        )

    def _part(self, quad: ox.Quad) -> str:
        graph = quad.graph_name
        part = self.parts.get(graph)
        if part is None:
            part = self.parts[graph] = part_of_quad(quad)
        return part

    def _count_subjects(self, found: Numbers) -> None:
        gone, new = _by_subject(self.gone), _by_subject(self.new)
        for node in {*gone, *new, *self.turned}:
            if node not in self.turned and self._stays(node, gone[node], new[node]):
                continue
            stated = set(self._quads(node))
            before = (stated - new[node]) | gone[node]
            was, now = self._kind(node, self.was), self._kind(node, self.now)
            found.subtract(subject_cells(map(self._part, before), was))
            found.update(subject_cells(map(self._part, stated), now))

    def _stays(self, node: object, gone: set[ox.Quad], new: set[ox.Quad]) -> bool:
        """Tell whether a node is a subject in the same graphs as before, as most are."""
        left, came = ({quad.graph_name for quad in quads} for quads in (gone, new))
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            return False
        for graph in left ^ came:
            stated = self.engine.quads_for_pattern(node, None, None, graph)
            if all(quad in new for quad in stated):
                return False
        return True


def part_of_quad(quad: ox.Quad) -> str:
    """Return the part in which a statement stands."""
    graph = quad.graph_name
    return "other" if isinstance(graph, ox.DefaultGraph) else part_of(graph)


def _by_subject(
    quads: Iterable[ox.Quad], predicate: ox.NamedNode | None = None
) -> defaultdict[object, set[ox.Quad]]:
    found: defaultdict[object, set[ox.Quad]] = defaultdict(set)
    for quad in quads:
        if predicate is None or quad.predicate == predicate:
            found[quad.subject].add(quad)
    return found
