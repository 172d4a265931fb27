"""The whole graph as nodes and edges, and these in batches of columns for writers of files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import NamedTuple, TypeAlias, TypeVar

from pyoxigraph import Store

from kg.errors import ExportError
from kg.export.edges import EDGE_ATTRIBUTES, EDGE_KINDS, Edge, kind_edges
from kg.export.nodes import KINDS, NODE_ATTRIBUTES, Node, kind_nodes
from kg.export.values import Value

OTHER = "other"
BATCH = 5_000

Row = TypeVar("Row", Node, Edge)
Columns: TypeAlias = "Mapping[str, Sequence[Value | None]]"


class Network(NamedTuple):
    """Nodes and edges as batches of columns, read anew at each call, and what they carry.

    Nodes have `id`, edges `source` and `target`, both `kind` and `label`, and any of the attributes
    with values of their types; None stands where there is no value.
    """

    nodes: Callable[[], Iterator[Columns]]
    edges: Callable[[], Iterator[Columns]]
    node_attributes: Mapping[str, type]
    edge_attributes: Mapping[str, type]


def network(engine: Store) -> Network:
    """Return the network of a store."""
    return Network(
        nodes=lambda: _node_batches(all_nodes(engine)),
        edges=lambda: _edge_batches(all_edges(engine)),
        node_attributes=NODE_ATTRIBUTES,
        edge_attributes=EDGE_ATTRIBUTES,
    )


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


def _node_batches(rows: Iterable[Node]) -> Iterator[Columns]:
    for nodes in _alike(rows):
        yield {
            "id": [node.id for node in nodes],
            "label": [node.label for node in nodes],
            "kind": [node.kind for node in nodes],
            **_attributes(
                [node.attributes for node in nodes], NODE_ATTRIBUTES, [node.id for node in nodes]
            ),
        }


def _edge_batches(rows: Iterable[Edge]) -> Iterator[Columns]:
    for edges in _alike(rows):
        yield {
            "source": [edge.source for edge in edges],
            "target": [edge.target for edge in edges],
            "label": [edge.kind for edge in edges],
            "kind": [edge.kind for edge in edges],
            **_attributes(
                [edge.attributes for edge in edges],
                EDGE_ATTRIBUTES,
                [edge.source for edge in edges],
            ),
        }


def _alike(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows of one kind together, so that a batch has few empty cells."""
    for _, kind in groupby(rows, key=attrgetter("kind")):
        while batch := list(islice(kind, BATCH)):
            yield batch


def _attributes(
    rows: Sequence[Mapping[str, Value]], types: Mapping[str, type], where: Sequence[str]
) -> Columns:
    present = {name for row in rows for name in row}
    return {
        name: [
            _typed(row.get(name), types[name], name, place)
            for row, place in zip(rows, where, strict=True)
        ]
        for name in types
        if name in present
    }


def _typed(value: Value | None, wanted: type, name: str, where: str) -> Value | None:
    if value is None or isinstance(value, wanted):
        return value
    if wanted is str:
        return str(value)
    raise ExportError(f"{where}: {name} is {value!r}, where one {wanted.__name__} is needed")
