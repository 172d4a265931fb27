"""The quads of a store in a fixed order, sorted outside of memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator

from pyoxigraph import Quad, RdfFormat, Store, parse

from kg.sort import sort_lines


def quads_by_subject(engine: Store) -> Iterator[Quad]:
    """Yield all quads, subject by subject, each with its statements in order."""
    with tempfile.TemporaryFile() as ordered:
        sort_lines(lambda lines: engine.dump(lines, RdfFormat.N_QUADS), ordered)
        ordered.seek(0)
        yield from parse(ordered, format=RdfFormat.N_QUADS)


def quads_by_graph(engine: Store) -> Iterator[Quad]:
    """Yield all quads, graph by graph and in each subject by subject."""
    for graph in sorted(engine.named_graphs(), key=str):
        yield from sorted(engine.quads_for_pattern(None, None, None, graph), key=str)
