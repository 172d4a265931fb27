"""Statements gathered by steps from node to node, without a query: what a page of ours needs.

Looking up a node takes microseconds where planning and joining a query takes tens of milliseconds.
Imports the standard library and the engine only: workers load it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pyoxigraph as ox

# The nodes that a walk begins with, those that are described in its graph, and all that anything
# gathered links to.
START, PARTS, LINKED = "start", "parts", "linked"


class Step(NamedTuple):
    """Statements of the nodes of a set, out of them or into them; what these lead to is `found`.

    Without `predicates` or `graphs` any will do.
    """

    of: str
    found: str
    predicates: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    inwards: bool = False


class Walk(NamedTuple):
    """All statements of a graph, and those of steps from a node, `without` graphs that begin so.

    An empty name of a graph is none.
    """

    start: str
    graph: str
    without: str
    steps: tuple[Step, ...]


def read_walk(told: list[Any]) -> Walk:
    """Return a walk that came as JSON."""
    start, graph, without, steps = told
    return Walk(start, graph, without, tuple(Step(*step) for step in steps))


def gathered(store: ox.Store, walk: Walk) -> Iterator[ox.Triple]:
    """Yield what a walk comes by, some of it more than once."""
    begin = ox.NamedNode(walk.start)
    parts: dict[ox.NamedNode, None] = {}
    linked: dict[ox.NamedNode, None] = {}
    sets = {START: {begin: None}, PARTS: parts, LINKED: linked}
    record = ox.NamedNode(walk.graph) if walk.graph else None
    before: object = None
    for quad in store.quads_for_pattern(None, None, None, record) if record else ():
        subject, value = quad.subject, quad.object
        # A graph is read subject by subject.
        if subject != before:
            before = subject
            _join(parts, subject)
        if isinstance(value, ox.NamedNode):
            linked[value] = None
        yield quad.triple
    for step in walk.steps:
        found = sets.setdefault(step.found, {})
        for quad in _quads(store, step, _nodes(sets, step.of), walk.without):
            node = quad.subject if step.inwards else quad.object
            _join(found, node)
            _join(linked, node)
            yield quad.triple


def _nodes(sets: dict[str, dict[ox.NamedNode, None]], name: str) -> list[ox.NamedNode]:
    chosen = sets.get(name, {})
    # What is described in the graph has been told whole.
    return [node for node in chosen if name != LINKED or node not in sets[PARTS]]


def _join(found: dict[ox.NamedNode, None], node: object) -> None:
    if isinstance(node, ox.NamedNode):
        found[node] = None


def _quads(
    store: ox.Store, step: Step, nodes: Iterable[ox.NamedNode], without: str
) -> Iterator[ox.Quad]:
    wanted: list[ox.NamedNode | None] = [*map(ox.NamedNode, step.predicates)] or [None]
    graphs = {ox.NamedNode(one) for one in step.graphs}
    # One graph is looked up, several are cheaper told apart afterwards.
    where = next(iter(graphs)) if len(graphs) == 1 else None
    for node in nodes:
        subject, value = (None, node) if step.inwards else (node, None)
        for predicate in wanted:
            for quad in store.quads_for_pattern(subject, predicate, value, where):
                graph = quad.graph_name
                if graph in graphs if graphs else not str(graph).startswith(f"<{without}"):
                    yield quad
