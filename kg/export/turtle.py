"""Turtle: every statement once, subject by subject; in which graph it stands is not said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from kg.export.files import Counts, Files
from kg.export.sorted_quads import quads_by_subject
from kg.store import Store
from kg.vocab import PREFIXES


def write(store: Store, files: Files) -> Counts:
    """Write the statements of all graphs of a store to one file."""
    counts = {"statements": 0}

    def counted(quads: Iterable[Quad]) -> Iterator[Triple]:
        for quad in quads:
            counts["statements"] += 1
            yield quad.triple

    with files("trialkg.ttl") as output:
        triples = counted(quads_by_subject(store.engine))
        serialize(triples, output, RdfFormat.TURTLE, prefixes=dict(PREFIXES))
    return counts
