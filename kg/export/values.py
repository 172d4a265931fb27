"""What stands at a node, as plain Python values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from kg.vocab import PREFIXES, XSD

Value: TypeAlias = str | int | float | bool
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple
Statements: TypeAlias = Mapping[NamedNode, Sequence[Term]]
Link: TypeAlias = tuple[NamedNode, NamedNode]

_TERMS = PREFIXES["tkg"]


def statements(engine: Store, subject: NamedNode) -> Statements:
    """Return what is stated of a node in all graphs, the objects of each predicate sorted."""
    found: dict[NamedNode, list[Term]] = defaultdict(list)
    for quad in engine.quads_for_pattern(subject, None, None, None):
        found[quad.predicate].append(quad.object)
    return {predicate: sorted(terms, key=str) for predicate, terms in found.items()}


def members(engine: Store, kind: NamedNode, predicate: NamedNode) -> list[NamedNode]:
    """Return the nodes that have this object of a predicate, sorted."""
    quads = engine.quads_for_pattern(None, predicate, kind, None)
    found = {quad.subject for quad in quads if isinstance(quad.subject, NamedNode)}
    return sorted(found, key=lambda node: node.value)


def links(engine: Store, predicate: NamedNode) -> list[Link]:
    """Return the pairs of nodes that a predicate joins, sorted."""
    found = {
        (quad.subject, quad.object)
        for quad in engine.quads_for_pattern(None, predicate, None, None)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }
    return sorted(found, key=lambda pair: (pair[0].value, pair[1].value))


def nodes(stated: Statements, predicate: NamedNode) -> Iterator[NamedNode]:
    """Yield the nodes among the objects of a predicate."""
    for term in stated.get(predicate, ()):
        if isinstance(term, NamedNode):
            yield term


def values(stated: Statements, predicate: NamedNode) -> list[Value]:
    """Return the objects of a predicate as values: terms of the ontology by their local names."""
    return [_value(term) for term in stated.get(predicate, ())]


def joined(stated: Statements, predicate: NamedNode) -> Value | None:
    """Return the only value of a predicate, several as one text with " | ", None without any."""
    found = values(stated, predicate)
    return found[0] if len(found) == 1 else " | ".join(map(str, found)) or None


def _value(term: Term) -> Value:
    if isinstance(term, NamedNode):
        return term.value.removeprefix(_TERMS)
    if not isinstance(term, Literal):
        return str(term)
    if term.datatype == XSD.boolean:
        return term.value == "true"
    if term.datatype == XSD.integer:
        return int(term.value)
    if term.datatype in (XSD.decimal, XSD.double):
        return float(term.value)
    return term.value
