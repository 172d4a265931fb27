"""The graphs that users write over HTTP: kept beside the store, so that every rebuild has them.

DATA/user.nq holds their statements as sorted N-Quads. A snapshot gets them when it is published;
the store of the builder never does, so that nothing is derived from them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError
from kg.iris import is_user_graph

_FILE = "user.nq"


def kept(data: Path) -> set[ox.Quad]:
    """Return what users have written."""
    path = data / _FILE
    if not path.is_file():
        return set()
    try:
        return set(ox.parse(path=path, format=ox.RdfFormat.N_QUADS))
    except (OSError, SyntaxError) as error:
        raise StoreError(
            f"{path} cannot be read: {error}; restore it from a backup, or move it away"
        ) from error


def keep(data: Path, quads: Iterable[ox.Quad]) -> None:
    """Let these be what users have written, in one step."""
    partial = data / f"{_FILE}.partial"
    with partial.open("w", encoding="utf-8") as file:
        file.writelines(sorted(f"{quad} .\n" for quad in quads))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(data / _FILE)


def stated(engine: ox.Store) -> set[ox.Quad]:
    """Return what stands in the graphs of users."""
    return {
        quad
        for graph in engine.named_graphs()
        if isinstance(graph, ox.NamedNode) and is_user_graph(graph.value)
        for quad in engine.quads_for_pattern(None, None, None, graph)
    }


def restate(engine: ox.Store, wanted: set[ox.Quad]) -> None:
    """Let the graphs of users hold exactly these quads."""
    present = stated(engine)
    engine.extend(wanted - present)
    for quad in present - wanted:
        engine.remove(quad)
    graphs = {quad.graph_name for quad in wanted}
    for graph in list(engine.named_graphs()):
        if isinstance(graph, ox.NamedNode) and is_user_graph(graph.value) and graph not in graphs:
            engine.remove_graph(graph)


def news(engine: ox.Store, quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return the quads whose triples no other graph states."""
    return {quad for quad in quads if repeated(engine, quad) is None}


def repeated(engine: ox.Store, quad: ox.Quad) -> str | None:
    """Return the graph that states the triple of a quad besides its own, if there is one."""
    for same in engine.quads_for_pattern(quad.subject, quad.predicate, quad.object):
        if same.graph_name != quad.graph_name:
            return str(same.graph_name)
    return None
