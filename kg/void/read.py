"""The numbers that a description in VoID states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.iris import void_iri
from kg.vocab import DCTERMS, VOID, VOIDEXT
from kg.void.numbers import (
    CLASS,
    ENTITIES,
    LINK,
    PROPERTY,
    RECORDS,
    SUBJECTS,
    TO_CLASS,
    TO_DATATYPE,
    WHOLE,
    Cell,
    Numbers,
)

_Values = dict[tuple[str, NamedNode], list[str]]


def described(quads: Iterable[Quad]) -> Numbers:
    """Return the numbers of which a description was made."""
    stated: _Values = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            key = (quad.subject.value, quad.predicate)
            stated.setdefault(key, []).append(quad.object.value)
    found: Numbers = Counter()
    # Only what is described in itself has a title.
    for node, predicate in stated:
        if predicate == DCTERMS.title:
            found.update(dict(_dataset(_Node(stated, node))))
        elif predicate == VOID.linkPredicate:
            found.update(dict([_linkset(_Node(stated, node))]))
    return found


class _Node:
    def __init__(self, stated: _Values, iri: str) -> None:
        self.stated = stated
        self.iri = iri

    def one(self, predicate: NamedNode) -> str:
        (value,) = self.stated[self.iri, predicate]
        return value

    def each(self, predicate: NamedNode) -> Iterator[_Node]:
        for iri in self.stated.get((self.iri, predicate), ()):
            yield _Node(self.stated, iri)

    def part(self) -> str:
        return self.iri.removeprefix(void_iri("x").value[:-1])


def _dataset(node: _Node) -> Iterator[tuple[Cell, int]]:
    part = node.part()
    yield (SUBJECTS, part), int(node.one(VOID.distinctSubjects))
    for class_ in node.each(VOID.classPartition):
        yield (ENTITIES, part, class_.one(VOID.class_)), int(class_.one(VOID.entities))
    # The others of these two are sums of those of the parts.
    if part in {WHOLE, RECORDS}:
        return
    for with_ in node.each(VOID.propertyPartition):
        yield (PROPERTY, part, with_.one(VOID.property)), int(with_.one(VOID.triples))
    for class_ in node.each(VOID.classPartition):
        for with_ in class_.each(VOID.propertyPartition):
            yield from _values(with_, part, class_.one(VOID.class_), with_.one(VOID.property))


def _values(node: _Node, *about: str) -> Iterator[tuple[Cell, int]]:
    yield (CLASS, *about), int(node.one(VOID.triples))
    for other in node.each(VOID.classPartition):
        yield (TO_CLASS, *about, other.one(VOID.class_)), int(other.one(VOID.triples))
    for other in node.each(VOIDEXT.datatypePartition):
        yield (TO_DATATYPE, *about, other.one(VOIDEXT.datatype)), int(other.one(VOID.triples))


def _linkset(node: _Node) -> tuple[Cell, int]:
    (source,), (target,) = node.each(VOID.subjectsTarget), node.each(VOID.objectsTarget)
    cell = LINK, source.part(), node.one(VOID.linkPredicate), target.part()
    return cell, int(node.one(VOID.triples))
