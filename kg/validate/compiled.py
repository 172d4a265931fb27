"""Shapes as checks that run at a glance over what a graph says.

They find the shapes and nodes about which pyshacl has to be asked, and overlook none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.validate.checks import (
    NODE_CHECKS,
    VALUE_CHECKS,
    Each,
    Inexpressible,
    NodeCheck,
    ValueCheck,
    one_of,
    qualified,
)
from kg.validate.described import TYPE, Described, Properties, Values
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
    values: Each
    nodes: tuple[NodeCheck, ...]

    def passes(self, graph: Described, focus: Token, values: Values) -> bool:
        """Return whether a node surely conforms."""
        if not (self.least <= len(values) <= self.most and self.values(values)):
            return False
        for check in self.nodes:  # noqa: SIM110 - a generator costs more than what it looks at
            if not check(graph, focus, values):
                return False
        return True


class Triggers(NamedTuple):
    """What is checked of every node that states a property, and of some of its values."""

    of_subject: list[tuple[Path, Rule]]
    of_value: dict[Token, list[Rule]]

    def suspects(self, graph: Described, focus: Token, values: Values) -> Iterator[Suspect]:
        """Yield the shapes to which a node that states these values, or one of them, may not."""
        for path, rule in self.of_subject:
            if not rule.passes(graph, focus, path(graph, focus)):
                yield rule.shape, focus
        for value in values:
            for rule in self.of_value.get(value, ()):
                if not rule.passes(graph, value, (focus,)):
                    yield rule.shape, value


class Stated(NamedTuple):
    """What is checked of nodes that state a property.

    Of one value that `surely` passes nothing further is checked.
    """

    surely: ValueCheck
    rules: Sequence[Rule]
    triggers: Triggers | None


class Plan:
    """What is checked of nodes of the same classes."""

    def __init__(
        self,
        shapes: Iterable[tuple[Token | None, Path, Rule]],
        triggers: Mapping[Token, Triggers],
    ) -> None:
        rules: dict[Token, list[Rule]] = {name: [] for name in triggers}
        self.along: list[tuple[Path, Rule]] = []
        for name, path, rule in shapes:
            if name is not None and _silent_of_nothing(rule):
                rules.setdefault(name, []).append(rule)
            else:
                self.along.append((path, rule))
        for name, trigger in triggers.items():
            for rule in rules[name]:
                rule.values.apart = trigger.of_value
        self.stated = {
            name: Stated(_surely(found, triggers.get(name)), found, triggers.get(name))
            for name, found in rules.items()
        }
        self.required = {
            name: [rule.shape for rule in found if rule.least]
            for name, found in rules.items()
            if any(rule.least for rule in found)
        }

    def suspects(self, graph: Described, focus: Token, properties: Properties) -> list[Suspect]:
        """Return the shapes to which a node may not conform."""
        found: list[Suspect] = []
        stated = self.stated
        for name, values in properties.items():
            looked_at = stated.get(name)
            if looked_at is None or (len(values) == 1 and looked_at[0](values[0])):
                continue
            _, rules, triggers = looked_at
            for rule in rules:
                if not rule.passes(graph, focus, values):
                    found.append((rule.shape, focus))  # noqa: PERF401 - mostly there is one rule
            if triggers is not None:
                found += triggers.suspects(graph, focus, values)
        if not self.required.keys() <= properties.keys():
            absent = self.required.keys() - properties.keys()
            found += [(shape, focus) for name in sorted(absent) for shape in self.required[name]]
        for path, rule in self.along:
            if not rule.passes(graph, focus, path(graph, focus)):
                found.append((rule.shape, focus))
        return found


def _silent_of_nothing(rule: Rule) -> bool:
    """Return whether a rule finds nothing but their number where there are no values."""
    nothing = Described(())
    return all(check(nothing, "", ()) for check in rule.nodes)


def _surely(rules: Sequence[Rule], triggers: Triggers | None) -> ValueCheck:
    """Return a check that tells, now or later, of one value that it needs no further look."""
    match rules:
        case [rule] if not rule.nodes and rule.least <= 1 <= rule.most:
            if triggers is None:
                return rule.values.surely
            if not triggers.of_subject:
                return rule.values.passed.__contains__
    return _never


def _never(_value: Token) -> bool:
    return False


class Compiled:
    """The shapes of a graph of shapes; `inexpressible` are those that pyshacl has to check."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self._by_class: dict[Token, list[tuple[Token | None, Path, Rule]]] = {}
        self._by_node: list[tuple[Token, Path, Rule]] = []
        self._triggers: dict[Token, Triggers] = {}
        self._plans: dict[tuple[Token, ...], Plan] = {}
        self._reads: dict[Node, Set[Token]] = {}
        self.inexpressible: set[Node] = set()
        for shape in _targeting(shapes):
            try:
                self._place(shape)
            except Inexpressible:
                self.inexpressible.add(shape)

    def suspects(self, graph: Described) -> Iterator[Suspect]:
        """Yield shapes with the nodes that may not conform to them."""
        plans = self._plans
        for focus, properties in graph.items():
            types = tuple(properties.get(TYPE, ()))
            plan = plans.get(types) or self._plan(types)
            if found := plan.suspects(graph, focus, properties):
                yield from found
        for focus, path, rule in self._by_node:
            if not rule.passes(graph, focus, path(graph, focus)):
                yield rule.shape, focus

    def read_by(self, shapes: Iterable[Node]) -> Set[Token] | None:
        """Return the properties that pyshacl may read for these shapes, None for all there are."""
        if self.inexpressible:
            return None
        return frozenset().union(*map(self._read_by, shapes))

    def _read_by(self, shape: Node) -> Set[Token]:
        if shape not in self._reads:
            named = RDF.type, RDFS.subClassOf, *self._shapes.transitive_objects(shape, None)
            self._reads[shape] = {rdflib_token(one) for one in named if isinstance(one, URIRef)}
        return self._reads[shape]

    def _plan(self, types: tuple[Token, ...]) -> Plan:
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        rules = {one[2].shape: one for name in types for one in self._by_class.get(name, ())}
        plan = self._plans[types] = Plan(rules.values(), self._triggers)
        return plan

    def _place(self, shape: Node) -> None:
        path = compile_path(self._shapes, self._shapes.value(shape, SH.path))
        name = simple(self._shapes.value(shape, SH.path))
        rule = self._rule(shape)
        for one in self._shapes.objects(shape, SH.targetClass):
            self._by_class.setdefault(rdflib_token(one), []).append((name, path, rule))
        for one in self._shapes.objects(shape, SH.targetSubjectsOf):
            self._triggered(rdflib_token(one)).of_subject.append((path, rule))
        backwards = self._backwards(shape, rule)
        for one in self._shapes.objects(shape, SH.targetNode):
            if backwards is None:
                self._by_node.append((rdflib_token(one), path, rule))
            else:
                of_value = self._triggered(backwards).of_value
                of_value.setdefault(rdflib_token(one), []).append(rule)

    def _triggered(self, name: Token) -> Triggers:
        return self._triggers.setdefault(name, Triggers([], {}))

    def _backwards(self, shape: Node, rule: Rule) -> Token | None:
        """Return the property that leads to the target of a shape of each such node for itself."""
        inverse = self._shapes.value(self._shapes.value(shape, SH.path), SH.inversePath)
        alone = set(self._shapes.predicates(shape)) <= _SILENT | _TARGETS | {SH.property}
        return simple(inverse) if alone and not rule.least and rule.most == _ANY else None

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
        return Rule(shape, least or 0, _ANY if most is None else most, Each(values), tuple(nodes))

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
