"""The graphs of records as N-Quads, and whether they conform: two ways to the same.

pyshacl and the engine's own writer are the reference; for whole registries there are checks at a
glance and text made from terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import pyoxigraph as ox

from kg.digests import Turned, described_among
from kg.quads.text import Nodes, nquads, quad_tokens, quads
from kg.validate import Described, Report, validate_described, validate_quads


class Stated(NamedTuple):
    """What a record states, in its own graph and as quads of other graphs; twice does no harm."""

    name: str
    graph: ox.NamedNode
    nodes: Nodes
    besides: Sequence[ox.Quad]


class Written(NamedTuple):
    """Its report, the number of triples of its graph, and all of it as N-Quads, on demand.

    These say of its own graph all, or what concerns some nodes. `described` is what its own graph
    says, where that has been sorted.
    """

    report: Report
    statements: int
    nquads: Callable[[Turned | None], bytes]
    described: Described | None = None


def by_reference(records: Sequence[Stated]) -> Iterator[Written]:
    """Validate with pyshacl, all records together."""
    whole = [[*quads(one.nodes, one.graph), *one.besides] for one in records]
    names = (one.name for one in records)
    reports = validate_quads(list(zip(names, whole, strict=True))) if records else []
    for report, one in zip(reports, records, strict=True):
        yield Written(report, _size(one.nodes), partial(_by_engine, one))


def at_a_glance(records: Sequence[Stated]) -> Iterator[Written]:
    """Validate by checks, one record after another."""
    for one in records:
        described = stated = Described.of(one.nodes)
        if one.besides:
            stated = _together(one.nodes, Described(dict.fromkeys(quad_tokens(one.besides))))
        report = validate_described(one.name, stated)
        yield Written(report, _size(one.nodes), partial(_text, one), described)


def _together(nodes: Nodes, others: Nodes) -> Described:
    """Return what both say, each value once."""
    both = Described.of({**nodes, **others})
    for node in nodes.keys() & others.keys():
        said, more = nodes[node], others[node]
        for name in said.keys() | more.keys():
            both[node][name] = list(dict.fromkeys((*said.get(name, ()), *more.get(name, ()))))
    return both


def _size(nodes: Nodes) -> int:
    return sum(len(values) for said in nodes.values() for values in said.values())


def _serialized(quads: Sequence[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""


def _by_engine(one: Stated, turned: Turned | None) -> bytes:
    return _serialized([*quads(described_among(one.nodes, turned), one.graph), *one.besides])


def _text(one: Stated, turned: Turned | None) -> bytes:
    own = nquads(described_among(one.nodes, turned), one.graph)
    return own + (_serialized(one.besides) if one.besides else b"")
