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
    TYPE,
    VALUE_CHECKS,
    Described,
    Each,
    Inexpressible,
    NodeCheck,
    Properties,
    Values,
    one_of,
    qualified,
)
from kg.validate.paths import Path, compile_path, simple
from kg.validate.tokens import Token, is_iri, rdflib_token

Check = Callable[[Described, Token], bool]
Suspect = tuple[Node, Token]
Triggered = Callable[[Described, Token, Values], list[Suspect]]

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


class Stated(NamedTuple):
    """What is checked of nodes that state a property.

    Of one value that has `passed` nothing further is checked.
    """

    passed: set[Token]
    rules: Sequence[Rule]
    triggered: Sequence[Triggered]


class Plan:
    """What is checked of nodes of the same classes."""

    def __init__(
        self,
        shapes: Iterable[tuple[Token | None, Path, Rule]],
        triggers: Mapping[Token, Sequence[Triggered]],
    ) -> None:
        rules: dict[Token, list[Rule]] = {name: [] for name in triggers}
        self.along: list[tuple[Path, Rule]] = []
        for name, path, rule in shapes:
            if name is not None and _silent_of_nothing(rule):
                rules.setdefault(name, []).append(rule)
            else:
                self.along.append((path, rule))
        self.stated = {
            name: Stated(_passed(found, triggers.get(name, ())), found, triggers.get(name, ()))
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
            if looked_at is None or (values[0] in looked_at[0] and len(values) == 1):
                continue
            _, rules, triggered = looked_at
            for rule in rules:
                if not rule.passes(graph, focus, values):
                    found.append((rule.shape, focus))  # noqa: PERF401 - mostly there is one rule
            for trigger in triggered:
                found += trigger(graph, focus, values)
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


def _passed(rules: Sequence[Rule], triggered: Sequence[Triggered]) -> set[Token]:
    """Return the values, now and later, of which one alone needs no further look."""
    match rules:
        case [rule] if not triggered and not rule.nodes and rule.least <= 1 <= rule.most:
            return rule.values.passed
    return set()


def _of_subject(path: Path, rule: Rule) -> Triggered:
    """Check a rule on every node that states the property."""

    def suspects(graph: Described, focus: Token, _values: Values) -> list[Suspect]:
        conforms = rule.passes(graph, focus, path(graph, focus))
        return [] if conforms else [(rule.shape, focus)]

    return suspects


def _of_value(target: Token, rule: Rule) -> Triggered:
    """Check on every node that has the target for a value what a rule asks of each such node."""

    def suspects(graph: Described, focus: Token, values: Values) -> list[Suspect]:
        conforms = target not in values or rule.passes(graph, target, (focus,))
        return [] if conforms else [(rule.shape, target)]

    return suspects


class Compiled:
    """The shapes of a graph of shapes; `inexpressible` are those that pyshacl has to check."""

    def __init__(self, shapes: Graph) -> None:
        self._shapes = shapes
        self._by_class: dict[Token, list[tuple[Token | None, Path, Rule]]] = {}
        self._by_node: list[tuple[Token, Path, Rule]] = []
        self._triggers: dict[Token, list[Triggered]] = {}
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
            yield from plan.suspects(graph, focus, properties)
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
            self._triggers.setdefault(rdflib_token(one), []).append(_of_subject(path, rule))
        backwards = self._backwards(shape, rule)
        for one in self._shapes.objects(shape, SH.targetNode):
            if backwards is None:
                self._by_node.append((rdflib_token(one), path, rule))
            else:
                self._triggers.setdefault(backwards, []).append(_of_value(rdflib_token(one), rule))

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
