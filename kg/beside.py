"""What record graphs leave where they are made in bulk, so that they need not be read again."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from io import RawIOBase
from typing import NamedTuple

import pyoxigraph as ox

from kg.gathered import Gathered
from kg.shared import SHARED, Stated, pair_of
from kg.store import Store
from kg.vocab import TKG
from kg.void import Counts
from kg.void.numbers import CHANGES, is_registry, part_of


class Beside(NamedTuple):
    """Of all record graphs the keys, the counts, and what other graphs gather from them.

    `inferred` is what follows from them, as lines of N-Quads. `conforms` tells that it conforms to
    the shapes, and that their change events do.
    """

    keys: Collection[tuple[str, str]]
    counts: Counts
    gathered: Gathered
    inferred: RawIOBase
    conforms: bool


class Linked:
    """What other graphs link to and state, from what is left of records and from those beside."""

    def __init__(self, store: Store, left: Beside) -> None:
        self._engine = store.engine
        # Change events have been counted with the records.
        self._graphs = [
            one
            for one in store.graphs_beside()
            if not is_registry(part_of(one)) and part_of(one) != CHANGES
        ]
        self._gathered = left.gathered
        self._found: dict[str, set[str]] = {}
        for _, _, predicate, value in left.counts.statements:
            if value[0] == "<" and value[1] != "<":
                self._found.setdefault(predicate, set()).add(value)

    def to(
        self, predicate: ox.NamedNode, *, but: ox.NamedNode | None = None
    ) -> Iterator[ox.NamedNode]:
        """Yield each node to which a property links in all graphs `but` one, once."""
        found = {_node(token) for token in self._found.get(str(predicate), ())}
        for quad in self._beside(predicate, but):
            if isinstance(quad.object, ox.NamedNode):
                found.add(quad.object)
        yield from found

    def stated(self) -> Stated:
        """Return what is read of the other graphs for the shared one."""
        pairs = {_node(city): pair for city, pair in self._gathered.cities.items()}
        for link in self._beside(TKG.city):
            pair, city = pair_of(self._engine, link), link.object
            if pair is not None and isinstance(city, ox.NamedNode):
                pairs[city] = min(pair, pairs.get(city, pair))
        return Stated(partial(self.to, but=SHARED), self._classes, pairs.get)

    def _classes(self) -> Iterator[tuple[ox.NamedNode, ox.NamedNode]]:
        for organization, known in self._gathered.classes:
            yield _node(organization), _node(known)
        for link in self._beside(TKG.organization):
            about = link.subject, TKG.sponsorClass, None, link.graph_name
            for quad in self._engine.quads_for_pattern(*about):
                if isinstance(link.object, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                    yield link.object, quad.object

    def _beside(
        self, predicate: ox.NamedNode, but: ox.NamedNode | None = None
    ) -> Iterator[ox.Quad]:
        for graph in self._graphs:
            if graph != but:
                yield from self._engine.quads_for_pattern(None, predicate, None, graph)


def _node(token: str) -> ox.NamedNode:
    return ox.NamedNode(token[1:-1])
