"""What follows from what records state: rules over a store, for the graph `inferred`.

Types of constructs follow from the definitions of the ontology; a condition implies the concepts
above it; a target implies the antigens of which it is a variant. Families and complexes are no
variants: what binds the NKG2D ligands is not said to bind MICA. Every rule reads a property once
and nothing rests on what is absent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeAlias, assert_never, cast

from pyoxigraph import NamedNode, Quad, Store

from kg.iris import named_graph
from kg.ontology import load_classified, load_ontology, ontology_digest
from kg.ontology.definitions import (
    AllOf,
    AnyOf,
    AtLeast,
    Expression,
    HasValue,
    Member,
    definitions,
    parts,
    superclasses,
)
from kg.resources import ONTOLOGY
from kg.vocab import RDF, SKOS, TKG

INFERRED = named_graph("inferred")

Triple: TypeAlias = tuple[NamedNode, NamedNode, NamedNode]
Links: TypeAlias = Mapping[NamedNode, Set[NamedNode]]


class HasEngine(Protocol):
    """Whatever holds the quads."""

    @property
    def engine(self) -> Store:
        """Return the store itself."""
        ...


def inferred_quads(
    store: HasEngine, ontology: Path = ONTOLOGY, subjects: Iterable[NamedNode] | None = None
) -> list[Quad]:
    """Return the quads of the graph `inferred`, sorted: none of them stands in another graph.

    A function of the other graphs: the records, and the hierarchies in the graph `lexicon`. With
    `subjects`, those alone that say something of one of these.
    """
    about = None if subjects is None else list(subjects)
    engine = store.engine
    triples = {
        *_types(engine, ontology, about),
        *_closure(engine, TKG.condition, SKOS.broader, TKG.conditionOrBroader, about),
        *_closure(engine, TKG.targets, TKG.variantOf, TKG.targetsOrVariant, about),
    }
    return sorted((Quad(s, p, o, INFERRED) for s, p, o in triples), key=str)


def properties_read(ontology: Path = ONTOLOGY) -> set[NamedNode]:
    """Return the properties on which the definitions of classes rest."""
    return _properties(rules(ontology)[0].values())


def open_classes(ontology: Path = ONTOLOGY) -> set[NamedNode]:
    """Return the classes of whose members other classes may follow."""
    defined, above = rules(ontology)
    return {*above, *defined}.union(*above.values())


def concerned(quads: Iterable[Quad], ontology: Path = ONTOLOGY) -> set[NamedNode]:
    """Return the subjects of which something else may follow when these quads come or leave."""
    defined, _ = rules(ontology)
    classes = open_classes(ontology)
    read = {TKG.condition, TKG.targets, *_properties(defined.values())}
    return {
        quad.subject
        for quad in quads
        if isinstance(quad.subject, NamedNode)
        and quad.graph_name != INFERRED
        and (quad.object in classes if quad.predicate == RDF.type else quad.predicate in read)
    }


def _types(engine: Store, ontology: Path, about: Sequence[NamedNode] | None) -> Iterator[Triple]:
    defined, above = rules(ontology)
    values = {name: _links(engine, name, about) for name in _properties(defined.values())}
    classes = open_classes(ontology)
    for subject, stated in _members(engine, classes, about).items():
        known = all_types(subject, stated, defined, above, values)
        for name in known - stated:
            yield subject, RDF.type, name


def rules(
    ontology: Path = ONTOLOGY,
) -> tuple[Mapping[NamedNode, Expression], Mapping[NamedNode, Set[NamedNode]]]:
    """Return the definitions of classes, and the classes above each."""
    return _read_rules(ontology, ontology_digest(ontology))


@lru_cache(maxsize=2)
def _read_rules(
    ontology: Path, _digest: str
) -> tuple[Mapping[NamedNode, Expression], Mapping[NamedNode, Set[NamedNode]]]:
    stated_terms = load_ontology(ontology)
    return definitions(stated_terms), superclasses(stated_terms + load_classified(ontology))


def all_types(
    subject: NamedNode,
    stated: Set[NamedNode],
    defined: Mapping[NamedNode, Expression],
    above: Mapping[NamedNode, Set[NamedNode]],
    values: Mapping[NamedNode, Links],
) -> Set[NamedNode]:
    """Return every class of a construct: those stated, those above them, those whose rule it meets.

    `values` holds, by property, the values of each construct.
    """
    known: set[NamedNode] = set()
    new = set(stated)
    while new:
        known |= new
        known |= {name for one in new for name in above.get(one, ())}
        met = (name for name, rule in defined.items() if _meets(rule, subject, known, values))
        new = {*met} - known
    return known


def _meets(
    rule: Expression, subject: NamedNode, types: Set[NamedNode], values: Mapping[NamedNode, Links]
) -> bool:
    match rule:
        case Member(name):
            return name in types
        case HasValue(name, value):
            return value in values[name].get(subject, ())
        case AtLeast(name, count):
            return len(values[name].get(subject, ())) >= count
        case AnyOf(inside):
            return any(_meets(part, subject, types, values) for part in inside)
        case AllOf(inside):
            return all(_meets(part, subject, types, values) for part in inside)
        case _:
            assert_never(rule)


def _properties(rules: Iterable[Expression]) -> set[NamedNode]:
    inside = (part for rule in rules for part in parts(rule))
    return {part.of for part in inside if isinstance(part, HasValue | AtLeast)}


def _members(
    engine: Store, classes: Set[NamedNode], about: Sequence[NamedNode] | None
) -> dict[NamedNode, set[NamedNode]]:
    members: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in _typed(engine, classes, about):
        if quad.graph_name != INFERRED and isinstance(quad.subject, NamedNode):
            members[quad.subject].add(cast("NamedNode", quad.object))
    return members


def _typed(
    engine: Store, classes: Set[NamedNode], about: Sequence[NamedNode] | None
) -> Iterator[Quad]:
    if about is None:
        for name in classes:
            yield from engine.quads_for_pattern(None, RDF.type, name, None)
    else:
        for subject in about:
            for quad in engine.quads_for_pattern(subject, RDF.type, None, None):
                if quad.object in classes:
                    yield quad


def _closure(
    engine: Store,
    stated: NamedNode,
    upwards: NamedNode,
    inferred: NamedNode,
    about: Sequence[NamedNode] | None,
) -> Iterator[Triple]:
    """Yield `inferred` for each object of `stated` and for everything above it."""
    steps = _links(engine, upwards, None)
    reached: dict[NamedNode, Set[NamedNode]] = {}
    for subject, values in _links(engine, stated, about).items():
        for value in values:
            if value not in reached:
                reached[value] = _reach(value, steps)
            for one in reached[value]:
                yield subject, inferred, one


def _reach(start: NamedNode, steps: Links) -> Set[NamedNode]:
    found, waiting = {start}, [start]
    while waiting:
        for one in steps.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found


def _links(engine: Store, predicate: NamedNode, about: Sequence[NamedNode] | None) -> Links:
    """Return the values of a property of some nodes, or of all, without what was inferred."""
    links: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for start in (None,) if about is None else about:
        for quad in engine.quads_for_pattern(start, predicate, None, None):
            if quad.graph_name == INFERRED:
                continue
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
                links[quad.subject].add(quad.object)
    return links
