"""Class definitions of the ontology in a form that rules over a store can evaluate.

A definition is read in one direction: what meets the expression belongs to the class. The other
direction adds nothing to a record and is HermiT's to check.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import NamedNode
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import OntologyError


@dataclass(frozen=True, slots=True)
class Member:
    """Belongs to a class."""

    of: NamedNode


@dataclass(frozen=True, slots=True)
class HasValue:
    """Has this value of a property."""

    of: NamedNode
    value: NamedNode


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Has this many different values of a property."""

    of: NamedNode
    count: int


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Meets one of the expressions."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """Meets all of the expressions."""

    parts: tuple[Expression, ...]


Expression: TypeAlias = Member | HasValue | AtLeast | AnyOf | AllOf


def definitions(graph: Graph) -> dict[NamedNode, Expression]:
    """Return the defined classes of an ontology and what suffices to belong to them.

    Raises OntologyError for a form of expression that the rules cannot evaluate.
    """
    pairs = sorted(graph.subject_objects(OWL.equivalentClass), key=lambda pair: str(pair[0]))
    return {NamedNode(str(name)): _expression(graph, node, name) for name, node in pairs}


def superclasses(graph: Graph) -> dict[NamedNode, frozenset[NamedNode]]:
    """Return all classes above each class that has any, by the subclass triples of the graph."""
    found = {}
    for name in set(graph.subjects(RDFS.subClassOf)):
        above = graph.transitive_objects(name, RDFS.subClassOf)
        names = {NamedNode(str(one)) for one in above if isinstance(one, URIRef) and one != name}
        found[NamedNode(str(name))] = frozenset(names)
    return found


def parts(expression: Expression) -> Iterator[Expression]:
    """Yield the expression and everything inside it."""
    yield expression
    if isinstance(expression, AnyOf | AllOf):
        for part in expression.parts:
            yield from parts(part)


def _expression(graph: Graph, node: Node, name: Node) -> Expression:
    if isinstance(node, URIRef):
        return Member(NamedNode(str(node)))
    for predicate, make in ((OWL.unionOf, AnyOf), (OWL.intersectionOf, AllOf)):
        members = graph.value(node, predicate)
        if members is not None:
            inside = (_expression(graph, one, name) for one in Collection(graph, members))
            return make(tuple(inside))
    if (node, RDF.type, OWL.Restriction) in graph:
        return _restriction(graph, node, name)
    raise OntologyError(f"{name}: the rules know no expression of this form: {node.n3()}")


def _restriction(graph: Graph, node: Node, name: Node) -> Expression:
    prop = NamedNode(str(graph.value(node, OWL.onProperty)))
    value = graph.value(node, OWL.hasValue)
    if isinstance(value, URIRef):
        return HasValue(prop, NamedNode(str(value)))
    count = graph.value(node, OWL.minCardinality)
    if count is not None:
        return AtLeast(prop, int(str(count)))
    raise OntologyError(
        f"{name}: of restrictions on {prop.value}, the rules know owl:hasValue with a node and "
        "owl:minCardinality"
    )
