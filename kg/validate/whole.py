"""SHACL for whole registries: checks at a glance, and pyshacl where these leave a doubt.

The report on a record is the one that pyshacl gives of its graph alone.
"""

from __future__ import annotations

import io
from collections.abc import Container, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from pyshacl import Validator
from pyshacl.graph_abstraction import DataGraph
from rdflib import RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.iris import named_graph
from kg.lines import NOTHING, Lines
from kg.resources import SHAPES
from kg.validate.compiled import Compiled
from kg.validate.described import Described
from kg.validate.shacl import (
    Report,
    Violation,
    empty_graph,
    graph_of,
    graph_violations,
    report_of,
    reported,
    shapes_graph,
    validate_quads,
    without_collection,
)
from kg.validate.terms import rdflib_term
from kg.validate.tokens import Token, TripleTokens, parse_term, parse_triples, rdflib_token

if TYPE_CHECKING:
    from kg.store import Store

Doubts = dict[Node, list[URIRef | BNode | Literal]]

# Says which instances a class has beyond those that name it.
_SUBCLASS = rdflib_token(RDFS.subClassOf)
# Graphs of which no statement bears on what is said of another subject of the same graph.
_OF_SUBJECTS = frozenset((named_graph("inferred"), named_graph("changes")))
# So many quads pyshacl reads in a second or two.
_SMALL = 5000


def validate_tokens(name: str, triples: Sequence[TripleTokens], folder: Path = SHAPES) -> Report:
    """Return the report on a graph of triples, of which each comes once."""
    with without_collection():
        return validate_described(name, Described(triples), folder)


def validate_described(name: str, described: Described, folder: Path = SHAPES) -> Report:
    """Return the report on what a graph says."""
    if any(_SUBCLASS in properties for properties in described.values()):
        return report_of(name, list(graph_violations(_graph(described), folder)))
    doubts: Doubts = {}
    for shape, focus in _compiled(folder).suspects(described):
        doubts.setdefault(shape, []).append(rdflib_term(parse_term(focus)))
    if not doubts and not _compiled(folder).inexpressible:
        return Report(name, True)
    with without_collection():
        read = _graph(described, _compiled(folder).read_by(doubts))
        return report_of(name, list(_asked(read, doubts, folder)))


def _graph(described: Described, only: Set[Token] | None = None) -> Graph:
    """Return what is described as a graph of rdflib; `only` with these properties."""
    # What is said of a blank node belongs to a report on it.
    whole = only is None or any(node[0] == "_" for node in described)
    return graph_of(
        parse_triples(
            (subject, predicate, value)
            for subject, properties in described.items()
            for predicate in (properties if whole or only is None else only & properties.keys())
            for value in properties[predicate]
        )
    )


def validate_store(
    store: Store,
    folder: Path = SHAPES,
    *,
    conforming: Container[ox.NamedNode] = (),
    touched: Mapping[ox.NamedNode, Set[ox.NamedNode]] | None = None,
    known: Lines = NOTHING,
) -> list[Report]:
    """Validate each graph that is no record's: lexicon, places, studies, changes and others.

    Small ones by pyshacl alone; what many records share is too much for it. Those `conforming` are
    known to, and left out; of those `known` the lines are not read from the store. With `touched`
    all graphs are left out that it does not name; of one that it names it holds the subjects of
    which something has changed.
    """
    if touched is None:
        graphs = [one for one in store.graphs_beside() if isinstance(one, ox.NamedNode)]
    else:
        present = filter(store.engine.contains_named_graph, touched)
        graphs = sorted(
            (graph for graph in present if not store.is_of_record(graph)), key=attrgetter("value")
        )
    return [
        _validate_lines(graph, known[graph], folder)
        if known.get(graph, b"").count(b"\n") > _SMALL
        else _validate_stored(store, graph, folder, None if touched is None else touched[graph])
        for graph in graphs
        if graph not in conforming
    ]


def _validate_stored(
    store: Store, graph: ox.NamedNode, folder: Path, subjects: Set[ox.NamedNode] | None
) -> Report:
    quads = list(islice(store.quads(graph), _SMALL + 1))
    if len(quads) <= _SMALL:
        return validate_quads([(graph.value, quads)], folder)[0]
    if subjects is not None and graph in _OF_SUBJECTS:
        said = (
            q for one in subjects for q in store.engine.quads_for_pattern(one, None, None, graph)
        )
        stated = ((str(q.subject), str(q.predicate), str(q.object)) for q in said)
        return validate_described(graph.value, Described(stated), folder)
    lines = io.BytesIO()
    store.engine.dump(lines, ox.RdfFormat.N_TRIPLES, from_graph=graph)
    return _validate_lines(graph, lines.getvalue(), folder)


def _validate_lines(graph: ox.NamedNode, lines: bytes, folder: Path) -> Report:
    stated = map(_tokens, io.BytesIO(lines))
    return validate_described(graph.value, Described(stated), folder)


def _tokens(line: bytes) -> TripleTokens:
    subject, predicate, rest = line.decode().split(" ", 2)
    return subject, predicate, rest[:-3]


def left_to_reference(folder: Path = SHAPES) -> list[str]:
    """Return the names of the shapes that pyshacl checks on every record."""
    return sorted(str(one).rsplit("#", 1)[-1] for one in _compiled(folder).inexpressible)


def _asked(graph: Graph, doubts: Doubts, folder: Path) -> Iterator[Violation]:
    """Yield what pyshacl finds of these shapes, those that have no checks among them."""
    validator = _validator(folder)
    data, results = DataGraph.from_rdflib_graph(graph), empty_graph()
    asked = [(shape, None) for shape in _compiled(folder).inexpressible]
    for shape, focus in (*asked, *doubts.items()):
        checked = validator.shacl_graph.lookup_shape_from_node(shape)
        _, found = checked.validate(validator.make_executor(), data, focus=focus)
        for _, _, triples in found:
            for subject, predicate, value in triples:
                # A value comes with the graph that describes it.
                said = value[1] if isinstance(value, tuple) else value
                results.add((subject, predicate, said))
    return reported(results)


@cache
def _validator(folder: Path) -> Validator:
    """Return a validator that has read the shapes."""
    nothing = DataGraph.from_rdflib_graph(empty_graph())
    validator = Validator(nothing, shacl_graph=shapes_graph(folder), options={"inplace": True})
    # The shapes are looked for when they are first asked for.
    _ = validator.shacl_graph.shapes
    return validator


@cache
def _compiled(folder: Path) -> Compiled:
    return Compiled(shapes_graph(folder))
