"""Shapes as checks that run at a glance over what a graph says.

They find the shapes and nodes about which pyshacl has to be asked, and overlook none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from rdflib import RDF, SH, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from kg.validate.checks import (
    NODE_CHECKS,
    TYPE,
    VALUE_CHECKS,
    Described,
    Inexpressible,
    NodeCheck,
    Properties,
    Values,
    each,
    one_of,
    qualified,
)
from kg.validate.paths import Path, compile_path, simple
from kg.validate.tokens import Token, is_iri, rdflib_token

Check = Callable[[Described, Token], bool]
Suspect = tuple[Node, Token]

_TARGETS = frozenset((SH.targetClass, SH.targetNode, SH.targetSubjectsOf))
_COUNTS = frozenset((SH.minCount, SH.maxCount))
_QUALIFIED = frozenset((SH.qualifiedValueShape, SH.qualifiedMinCount, SH.qualifiedMaxCount))
_SILENT = frozenset((RDF.type, SH.path, SH.message, SH.severity))
_KNOWN = _TARGETS | _COUNTS | _QUALIFIED | _SILENT | {SH["in"], SH.property}


class Rule(NamedTuple):
    """A shape of one property: how many values, and what is checked of them."""

    shape: Node
    least: int
    most: float
    values: Callable[[Values], bool]
    nodes: tuple[NodeCheck, ...]

    def passes(self, graph: Described, focus: Token, values: Values) -> bool:
        """Return whether a node surely conforms."""
        return (
            self.least <= len(values) <= self.most
            and self.values(values)
            and all(check(graph, focus, values) for check in self.nodes)
        )


class Plan:
    """What is checked of nodes of the same classes."""

    def __init__(self, shapes: Iterable[tuple[Token | None, Path, Rule]]) -> None:
        self.stated: dict[Token, list[tuple[int, float, Callable[[Values], bool], Node]]] = {}
        self.required: list[tuple[Token, Node]] = []
        self.related: list[tuple[Token, Rule]] = []
        self.along: list[tuple[Path, Rule]] = []
        for name, path, rule in shapes:
            if name is None:
                self.along.append((path, rule))
            elif rule.nodes:
                self.related.append((name, rule))
            else:
                counted = (rule.least, rule.most, rule.values, rule.shape)
                self.stated.setdefault(name, []).append(counted)
                if rule.least:
                    self.required.append((name, rule.shape))

    def suspects(self, graph: Described, focus: Token, properties: Properties) -> list[Suspect]:
        """Return the shapes to which a node may not conform."""
        found: list[Suspect] = []
        stated = self.stated
        for name, values in properties.items():
            for least, most, check, shape in stated.get(name, ()):
                if not (least <= len(values) <= most and check(values)):
                    found.append((shape, focus))
        for name, shape in self.required:
            if name not in properties:
                found.append((shape, focus))
        for name, rule in self.related:
            if not rule.passes(graph, focus, properties.get(name, ())):
                found.append((rule.shape, focus))
        for path, rule in self.along:
            if not rule.passes(graph, focus, path(graph, focus)):
                found.append((rule.shape, focus))
        return found


class Compiled:
    """The shapes of a graph of shapes; `inexpressible` are those that pyshacl has to check."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self._by_class: dict[Token, list[tuple[Token | None, Path, Rule]]] = {}
        self._by_node: list[tuple[Token, Path, Rule]] = []
        self._by_subject: dict[Token, list[tuple[Path, Rule]]] = {}
        self._plans: dict[tuple[Token, ...], Plan] = {}
        self.inexpressible: set[Node] = set()
        for shape in _targeting(shapes):
            try:
                self._place(shape)
            except Inexpressible:
                self.inexpressible.add(shape)

    def suspects(self, graph: Described) -> Iterator[Suspect]:
        """Yield shapes with the nodes that may not conform to them."""
        plans, by_subject = self._plans, self._by_subject
        for focus, properties in graph.items():
            types = properties.get(TYPE)
            if types:
                plan = plans.get(key := tuple(types)) or self._plan(key)
                yield from plan.suspects(graph, focus, properties)
            for name in by_subject.keys() & properties.keys():
                for path, rule in by_subject[name]:
                    if not rule.passes(graph, focus, path(graph, focus)):
                        yield rule.shape, focus
        for focus, path, rule in self._by_node:
            if not rule.passes(graph, focus, path(graph, focus)):
                yield rule.shape, focus

    def _plan(self, types: tuple[Token, ...]) -> Plan:
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        rules = {one[2].shape: one for name in types for one in self._by_class.get(name, ())}
        plan = self._plans[types] = Plan(rules.values())
        return plan

    def _place(self, shape: Node) -> None:
        path = compile_path(self._shapes, self._shapes.value(shape, SH.path))
        name = simple(self._shapes.value(shape, SH.path))
        rule = self._rule(shape)
        for one in self._shapes.objects(shape, SH.targetClass):
            self._by_class.setdefault(rdflib_token(one), []).append((name, path, rule))
        for one in self._shapes.objects(shape, SH.targetSubjectsOf):
            self._by_subject.setdefault(rdflib_token(one), []).append((path, rule))
        for one in self._shapes.objects(shape, SH.targetNode):
            self._by_node.append((rdflib_token(one), path, rule))

    def _rule(self, shape: Node) -> Rule:
        said = list(self._shapes.predicate_objects(shape))
        unknown = {name for name, _ in said} - _KNOWN - VALUE_CHECKS.keys() - NODE_CHECKS.keys()
        if unknown or set(self._shapes.objects(shape, RDF.type)) != {SH.PropertyShape}:
            raise Inexpressible(shape)
        values = [VALUE_CHECKS[name](value) for name, value in said if name in VALUE_CHECKS]
        values += [
            one_of(Collection(self._shapes, value)) for name, value in said if name == SH["in"]
        ]
        nodes = [NODE_CHECKS[name](value) for name, value in said if name in NODE_CHECKS]
        nodes += [self._nested(value) for name, value in said if name == SH.property]
        nodes += [self._qualified(shape, one) for name, one in said if name in _QUALIFIED_SHAPE]
        least, most = (self._count(shape, name) for name in (SH.minCount, SH.maxCount))
        return Rule(shape, least or 0, _ANY if most is None else most, each(values), tuple(nodes))

    def _count(self, shape: Node, name: Node) -> int | None:
        stated = list(self._shapes.objects(shape, name))
        if len(stated) > 1:
            raise Inexpressible(shape)
        return int(str(stated[0])) if stated else None

    def _nested(self, shape: Node) -> NodeCheck:
        if (shape, SH.property, None) in self._shapes:
            raise Inexpressible(shape)
        path = compile_path(self._shapes, self._shapes.value(shape, SH.path))
        rule = self._rule(shape)

        def check(graph: Described, _focus: Token, values: Values) -> bool:
            return all(rule.passes(graph, one, path(graph, one)) for one in values)

        return check

    def _qualified(self, shape: Node, inner: Node) -> NodeCheck:
        said = dict(self._shapes.predicate_objects(inner))
        if said.keys() != {SH["in"]}:
            raise Inexpressible(shape)
        members = frozenset(map(rdflib_token, Collection(self._shapes, said[SH["in"]])))
        # Of IRIs, and of nothing else, a token that differs is surely another term.
        if not all(map(is_iri, members)):
            raise Inexpressible(shape)
        least = self._count(shape, SH.qualifiedMinCount) or 0
        return qualified(members, least, self._count(shape, SH.qualifiedMaxCount))


_ANY = float("inf")
_MOST_PLANS = 1 << 12
_QUALIFIED_SHAPE = frozenset((SH.qualifiedValueShape,))


def _targeting(shapes: Graph) -> list[Node]:
    """Return every shape that says by itself what it is about; one that is a class does, too."""
    targets = {*_TARGETS, SH.targetObjectsOf, SH.target}
    stated = {shape for shape, name, _ in shapes if name in targets}
    kinds = SH.PropertyShape, SH.NodeShape
    typed = {shape for kind in kinds for shape in shapes.subjects(RDF.type, kind)}
    classes = {shape for shape in typed if set(shapes.objects(shape, RDF.type)) - {*kinds}}
    return sorted(stated | classes, key=str)
