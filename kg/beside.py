"""What record graphs leave where they are made in bulk, so that they need not be read again."""

from __future__ import annotations

from collections.abc import Iterator
from io import RawIOBase
from typing import NamedTuple

import pyoxigraph as ox

from kg.store import Store
from kg.void import Counts
from kg.void.numbers import is_registry, part_of


class Beside(NamedTuple):
    """The counts of all record graphs, and what follows from them as lines of N-Quads.

    `conforms` tells that what follows conforms to the shapes.
    """

    counts: Counts
    inferred: RawIOBase
    conforms: bool


class Linked:
    """The nodes to which properties link, from the counts of records and the graphs beside them."""

    def __init__(self, store: Store, counts: Counts) -> None:
        self._engine = store.engine
        named = store.engine.named_graphs()
        self._graphs = [graph for graph in named if not is_registry(part_of(graph))]
        self._found: dict[str, set[str]] = {}
        for _, _, predicate, value in counts.statements:
            if value[0] == "<" and value[1] != "<":
                self._found.setdefault(predicate, set()).add(value)

    def to(
        self, predicate: ox.NamedNode, *, but: ox.NamedNode | None = None
    ) -> Iterator[ox.NamedNode]:
        """Yield each node to which a property links in all graphs `but` one, once."""
        found = {ox.NamedNode(token[1:-1]) for token in self._found.get(str(predicate), ())}
        for graph in self._graphs:
            if graph != but:
                for quad in self._engine.quads_for_pattern(None, predicate, None, graph):
                    if isinstance(quad.object, ox.NamedNode):
                        found.add(quad.object)
        yield from found
