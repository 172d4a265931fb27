"""The whole graph, as nodes and edges."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Store

from kg.export.edges import EDGE_KINDS, Edge, kind_edges
from kg.export.nodes import KINDS, Node, kind_nodes

OTHER = "other"


def all_nodes(engine: Store) -> Iterator[Node]:
    """Yield every node once, kind by kind, and last those that only an edge names.

    So no edge leads to a node that a reader of the file does not know.
    """
    seen = set()
    for kind in KINDS:
        for node in kind_nodes(engine, kind):
            if node.id not in seen:
                seen.add(node.id)
                yield node
    ends = {end for edge in all_edges(engine) for end in (edge.source, edge.target)}
    for end in sorted(ends - seen):
        yield Node(end, OTHER, end, {})


def all_edges(engine: Store) -> Iterator[Edge]:
    """Yield the edges of all kinds, kind by kind."""
    for kind in EDGE_KINDS:
        yield from kind_edges(engine, kind)
