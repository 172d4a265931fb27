"""Graphs as lines of N-Triples, from where they were just made or else from the store.

What the store has to look up for each statement of a large graph costs more than to make it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import IO, Final, cast

import pyoxigraph as ox

from kg.store import Store

Lines = Mapping[ox.NamedNode | ox.BlankNode, bytes]
"""What some graphs say, each statement once, a line each."""

NOTHING: Final[Lines] = {}


def as_lines(quads: Iterable[ox.Quad]) -> bytes:
    """Return what quads of one graph say as lines."""
    triples = (quad.triple for quad in quads)
    return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""


def read_lines(
    store: Store,
    graph: ox.NamedNode | ox.BlankNode,
    known: Lines,
    take: Callable[[str], None],
) -> None:
    """Give the lines of a graph one after another, from those that are `known` if it is there."""
    lines = _Taken(take)
    if graph in known:
        lines.write(known[graph])
    else:
        output = cast("IO[bytes]", lines)
        store.engine.dump(output, ox.RdfFormat.N_TRIPLES, from_graph=graph)


class _Taken:
    """Takes lines in pieces."""

    def __init__(self, take: Callable[[str], None]) -> None:
        self.take = take
        self.rest = b""

    def write(self, data: bytes) -> int:
        """Take the lines that are complete."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.take(line.decode())
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is complete was taken."""
