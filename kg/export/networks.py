"""Networks of networkx, for Python users."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import networkx as nx
from pyoxigraph import Store

from kg.errors import UsageError
from kg.export.edges import Edge, kind_edges
from kg.export.network import all_edges, all_nodes
from kg.export.nodes import Node, kind_nodes

Network: TypeAlias = "nx.MultiDiGraph[str]"


def to_networkx(engine: Store, kind: str = "full") -> Network:
    """Return a graph as a network of networkx; nodes are named by their IRIs.

    "full" has what the GraphML export has. "bipartite" has the constructs (`bipartite` 0) and the
    antigens that they target (`bipartite` 1). "trials" has trials, the constructs that they
    investigate, and the antigens that these target.
    """
    if kind not in _KINDS:
        raise UsageError(f"no network of the kind {kind!r}: ask for {', '.join(_KINDS)}")
    return _KINDS[kind](engine)


def _full(engine: Store) -> Network:
    return _network(all_nodes(engine), all_edges(engine))


def _trials(engine: Store) -> Network:
    edges = [*kind_edges(engine, "investigates"), *kind_edges(engine, "targets")]
    ends = {end for edge in edges for end in (edge.source, edge.target)}
    constructs = (node for node in kind_nodes(engine, "construct") if node.id in ends)
    antigens = (node for node in kind_nodes(engine, "antigen") if node.id in ends)
    return _network((*kind_nodes(engine, "trial"), *constructs, *antigens), edges)


def _bipartite(engine: Store) -> Network:
    edges = list(kind_edges(engine, "targets"))
    targeted = {edge.target for edge in edges}
    antigens = (node for node in kind_nodes(engine, "antigen") if node.id in targeted)
    network = _network((*kind_nodes(engine, "construct"), *antigens), edges)
    for _, attributes in network.nodes(data=True):
        attributes["bipartite"] = int(attributes["kind"] == "antigen")
    return network


def _network(nodes: Iterable[Node], edges: Iterable[Edge]) -> Network:
    network: Network = nx.MultiDiGraph()
    for node in nodes:
        network.add_node(node.id, kind=node.kind, label=node.label, **node.attributes)
    for edge in edges:
        network.add_edge(edge.source, edge.target, kind=edge.kind, **edge.attributes)
    return network


_KINDS: Mapping[str, Callable[[Store], Network]] = {
    "full": _full,
    "bipartite": _bipartite,
    "trials": _trials,
}
