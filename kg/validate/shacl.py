"""SHACL: what is wrong with a record or with the store, in words.

pyshacl over an rdflib graph says what a violation is. Records are validated in batches, each
violation then handed to the record that its focus node belongs to.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import msgspec
import pyoxigraph as ox
from pyshacl import Validator
from pyshacl.graph_abstraction import DataGraph
from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node

from kg.errors import OntologyError
from kg.resources import SHAPES
from kg.validate.index import Index
from kg.validate.terms import rdflib_term

_WARNING = "Warning"


class Violation(msgspec.Struct, frozen=True, order=True):
    """One way in which a node is not as a shape says.

    `shape` and `component` are local names ("Trial-briefTitle", "MinCount"); `path` is the
    property, or "" where the node as a whole is meant.
    """

    focus_node: str
    path: str
    component: str
    value: str
    message: str
    shape: str
    severity: str


class Report(msgspec.Struct, frozen=True):
    """What is wrong with something named; warnings are told, and do not count against it."""

    name: str
    conforms: bool
    violations: tuple[Violation, ...] = ()
    warnings: tuple[Violation, ...] = ()


def validate_quads(
    batch: Sequence[tuple[str, Sequence[ox.Quad]]], folder: Path = SHAPES
) -> list[Report]:
    """Validate named sets of quads together and return a report for each, in order.

    No node may be described by two of the sets, as holds for the graphs of records.
    """
    owners: dict[str, int] = {}
    found: list[list[Violation]] = [[] for _ in batch]
    with without_collection():
        graph = empty_graph()
        for number, (_, quads) in enumerate(batch):
            subjects = {quad.subject for quad in quads}
            owners.update((str(rdflib_term(subject)), number) for subject in subjects)
            _add(graph, quads)
        for violation in graph_violations(graph, folder):
            found[owners[violation.focus_node]].append(violation)
    return [report_of(name, found[number]) for number, (name, _) in enumerate(batch)]


def validate_graph(name: str, graph: Graph, folder: Path = SHAPES) -> Report:
    """Validate an rdflib graph, such as a user's own."""
    return report_of(name, list(graph_violations(graph, folder)))


def validate_turtle(name: str, turtle: bytes, folder: Path = SHAPES) -> Report:
    """Validate a Turtle document; raises SyntaxError for what is none."""
    return validate_graph(name, graph_of(ox.parse(turtle, format=ox.RdfFormat.TURTLE)), folder)


def load_shapes(folder: Path = SHAPES) -> Graph:
    """Parse every Turtle file of shapes/ into one graph.

    Raises OntologyError, naming the file, for what is no Turtle and for an empty folder.
    """
    graph = Graph(bind_namespaces="none")
    paths = sorted(folder.glob("*.ttl"))
    if not paths:
        raise OntologyError(f"{folder} holds no Turtle file: reinstall, or name the folder")
    for path in paths:
        try:
            _add(graph, ox.parse(path=path, format=ox.RdfFormat.TURTLE))
        except (OSError, SyntaxError) as error:
            raise OntologyError(f"{path} is no Turtle: {error}") from error
    return graph


shapes_graph = cache(load_shapes)


def empty_graph() -> Graph:
    """Return a graph that pyshacl reads fast."""
    return Graph(store=Index(), bind_namespaces="none")


@contextmanager
def without_collection() -> Iterator[None]:
    """Make and read many objects that live as long as each other, without looking for garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def graph_of(quads: Iterable[ox.Quad | ox.Triple]) -> Graph:
    """Return a graph of triples."""
    graph = empty_graph()
    _add(graph, quads)
    return graph


def _add(graph: Graph, quads: Iterable[ox.Quad | ox.Triple]) -> None:
    """Add quads; a term that occurs again is the same object, which makes comparing it fast."""
    known: dict[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, Node] = {}

    def term(one: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
        made = known.get(one)
        if made is None:
            made = known[one] = rdflib_term(one)
        return made

    add = graph.store.add
    for quad in quads:
        add((term(quad.subject), term(quad.predicate), term(quad.object)), graph)


def graph_violations(graph: Graph, folder: Path = SHAPES) -> Iterator[Violation]:
    """Yield what pyshacl finds in a graph."""
    validator = Validator(
        DataGraph.from_rdflib_graph(graph),
        shacl_graph=shapes_graph(folder),
        options={"inplace": True},
    )
    _, results, _ = validator.run()  # type: ignore[no-untyped-call]
    yield from reported(results)


def reported(results: Graph) -> Iterator[Violation]:
    """Yield the violations that a report in RDF holds."""
    for result in results.subjects(RDF.type, SH.ValidationResult):
        yield _violation(results, result)


def _violation(results: Graph, result: Node) -> Violation:
    def told(predicate: URIRef) -> str:
        value = results.value(result, predicate)
        return "" if value is None else str(value)

    path = results.value(result, SH.resultPath)
    return Violation(
        focus_node=told(SH.focusNode),
        path=str(path) if isinstance(path, URIRef) else "",
        component=_local(told(SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
        value="" if told(SH.value) == told(SH.focusNode) else told(SH.value),
        message=" ".join(sorted(str(one) for one in results.objects(result, SH.resultMessage))),
        shape=_local(told(SH.sourceShape)),
        severity=_local(told(SH.resultSeverity)),
    )


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1]


def report_of(name: str, found: Sequence[Violation]) -> Report:
    """Return the report of violations in any order, also repeated ones."""
    ordered = sorted(set(found))
    warnings = tuple(one for one in ordered if one.severity == _WARNING)
    violations = tuple(one for one in ordered if one.severity != _WARNING)
    return Report(name, not violations, violations, warnings)
