"""JSON-LD: everything, graph by graph, in the expanded form.

One graph at a time is sorted in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, serialize

from kg.export.files import Counts, Files
from kg.export.sorted_quads import quads_by_graph
from kg.store import Store


def write(store: Store, files: Files) -> Counts:
    """Write all quads of a store to one file."""
    counts = {"statements": 0}

    def counted(quads: Iterable[Quad]) -> Iterator[Quad]:
        for quad in quads:
            counts["statements"] += 1
            yield quad

    with files("trialkg.jsonld") as output:
        quads = counted(quads_by_graph(store.engine))
        serialize(quads, output, RdfFormat.JSON_LD)
    return counts
