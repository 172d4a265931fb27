"""A description in VoID, from counts.

A class partition of a part holds the statements of that part whose subjects are instances of the
class, wherever that is said; its entities are those subjects. So a COUNT query over the graphs of a
part gives the same numbers.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from kg.iris import BASE, LICENSE, named_graph, vocabulary_space, void_iri
from kg.store import Store
from kg.vocab import DCTERMS, PREFIXES, RDF, TKG, VOID, VOIDEXT, XSD
from kg.void.tally import REGISTRY, Key, Kind, Tally, is_registry, tally

# Raised whenever the same quads are described in another way.
RELEASE = "1"
GRAPH = named_graph("void")
WHOLE = "all"
RECORDS = "records"

_TITLES: Mapping[str, str] = {
    WHOLE: "trialkg: clinical trial registry records as a graph",
    RECORDS: "What records state, all record graphs together",
    "lexicon": "Antigens, products and condition concepts",
    "shared": "Facilities, cities, countries and organisations",
    "ontology": "Terms and code lists",
    "inferred": "What was inferred from the other graphs",
    "studies": "Studies, and which registrations are of the same one",
    "user": "What was written over HTTP",
    "source": "What other sources say of a trial",
}

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]
Holds = Callable[[str], bool]


def void_quads(store: Store) -> list[Quad]:
    """Return the description of all other graphs, sorted; without clock and blank nodes."""
    counted = tally(store)
    triples: set[Triple] = set(_provenance(store))
    for name, holds in _datasets(counted):
        triples.update(_dataset(name, holds, counted))
    triples.update(_linksets(counted))
    return sorted((Quad(*triple, GRAPH) for triple in triples), key=str)


def _datasets(counted: Tally) -> Iterator[tuple[str, Holds]]:
    parts = sorted({part for found, _ in counted.subjects for part in found})
    yield WHOLE, lambda _: True
    if any(map(is_registry, parts)):
        yield RECORDS, is_registry
    for part in parts:
        yield part, part.__eq__


def _provenance(store: Store) -> Iterator[Triple]:
    """Yield licence, vocabularies, and from which and how recent records all was made."""
    whole = void_iri(WHOLE)
    yield GRAPH, RDF.type, VOID.Dataset
    yield GRAPH, DCTERMS.subject, whole
    yield whole, DCTERMS.license, LICENSE
    yield whole, VOID.uriSpace, Literal(BASE)
    for prefix in ("tkg", "skos", "prov", "oa", "geosparql"):
        yield whole, VOID.vocabulary, NamedNode(PREFIXES[prefix])
    for predicate, dates in ((DCTERMS.issued, TKG.firstSeen), (DCTERMS.modified, TKG.lastChanged)):
        stated = (quad.object for quad in store.engine.quads_for_pattern(None, dates, None))
        found = [value.value for value in stated if isinstance(value, Literal)]
        if found:
            yield whole, predicate, Literal(max(found), datatype=XSD.date)


def _dataset(name: str, holds: Holds, counted: Tally) -> Iterator[Triple]:
    node = void_iri(name)
    statements = {key: count for key, count in counted.statements.items() if holds(key.part)}
    yield node, RDF.type, VOID.Dataset
    yield node, DCTERMS.title, Literal(_title(name))
    if name != WHOLE:
        above = RECORDS if is_registry(name) else WHOLE
        yield void_iri(above), VOID.subset, node
    by_property: Counter[str] = Counter()
    for key, count in statements.items():
        by_property[key.predicate] += count
    by_class = _by_class(statements)
    subjects = (count for (parts, _), count in counted.subjects.items() if any(map(holds, parts)))
    yield from _number(node, VOID.distinctSubjects, sum(subjects))
    yield from _number(node, VOID.triples, sum(statements.values()))
    yield from _number(node, VOID.properties, len(by_property))
    yield from _number(node, VOID.classes, len(by_class))
    for predicate, count in by_property.items():
        yield from _partition(node, VOID.property, predicate, VOID.triples, count)
    entities = _entities(counted, holds)
    for class_, of_class in by_class.items():
        yield from _class(node, class_, entities[class_], of_class)


def _title(name: str) -> str:
    if is_registry(name):
        return f"What records of {name.removeprefix(REGISTRY)} state"
    return _TITLES.get(name, name)


def _by_class(statements: Mapping[Key, int]) -> dict[str, dict[Key, int]]:
    found: dict[str, dict[Key, int]] = defaultdict(dict)
    for key, count in statements.items():
        for class_ in key.subject.classes if key.subject else ():
            found[class_][key] = count
    return found


def _entities(counted: Tally, holds: Holds) -> Counter[str]:
    found: Counter[str] = Counter()
    for (parts, kind), count in counted.subjects.items():
        if kind and any(map(holds, parts)):
            for class_ in kind.classes:
                found[class_] += count
    return found


def _class(
    node: NamedNode, class_: str, entities: int, statements: Mapping[Key, int]
) -> Iterator[Triple]:
    here = _below(node, "class", class_)
    yield from _partition(node, VOID.class_, class_, VOID.entities, entities)
    yield from _number(here, VOID.triples, sum(statements.values()))
    by_property: dict[str, Counter[Kind | NamedNode | str]] = defaultdict(Counter)
    for key, count in statements.items():
        by_property[key.predicate][key.value] += count
    for predicate, values in by_property.items():
        yield from _partition(here, VOID.property, predicate, VOID.triples, values.total())
        yield from _values(_below(here, "property", predicate), values)


def _values(node: NamedNode, values: Mapping[Kind | NamedNode | str, int]) -> Iterator[Triple]:
    classes, datatypes = Counter[str](), Counter[str]()
    for value, count in values.items():
        if isinstance(value, NamedNode):
            datatypes[value.value] += count
        elif isinstance(value, Kind):
            for class_ in value.classes:
                classes[class_] += count
    for class_, count in classes.items():
        yield from _partition(node, VOID.class_, class_, VOID.triples, count)
    for datatype, count in datatypes.items():
        yield from _partition(node, VOIDEXT.datatype, datatype, VOID.triples, count)


_PARTITIONS = {
    VOID.class_: ("class", VOID.classPartition),
    VOID.property: ("property", VOID.propertyPartition),
    VOIDEXT.datatype: ("datatype", VOIDEXT.datatypePartition),
}


def _partition(
    node: NamedNode, by: NamedNode, what: str, measure: NamedNode, count: int
) -> Iterator[Triple]:
    kind, link = _PARTITIONS[by]
    part = _below(node, kind, what)
    yield node, link, part
    yield part, by, NamedNode(what)
    yield from _number(part, measure, count)


def _linksets(counted: Tally) -> Iterator[Triple]:
    """Yield what links one part to another, or to a vocabulary elsewhere, by property."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for key, count in counted.statements.items():
        if isinstance(key.value, Kind) and key.value.home != key.part:
            counts[key.part, key.predicate, key.value.home] += count
        elif isinstance(key.value, str) and key.value:
            counts[key.part, key.predicate, f"vocabulary.{key.value.lower()}"] += count
            yield (
                void_iri(f"vocabulary.{key.value.lower()}"),
                VOID.uriSpace,
                Literal(vocabulary_space(key.value)),
            )
            yield void_iri(f"vocabulary.{key.value.lower()}"), RDF.type, VOID.Dataset
    for (source, predicate, target), count in counts.items():
        node = _below(void_iri(source), "linkset", f"{predicate} {target}")
        yield node, RDF.type, VOID.Linkset
        yield void_iri(WHOLE), VOID.subset, node
        yield node, VOID.subjectsTarget, void_iri(source)
        yield node, VOID.linkPredicate, NamedNode(predicate)
        yield node, VOID.objectsTarget, void_iri(target)
        yield from _number(node, VOID.triples, count)


def _below(node: NamedNode, kind: str, what: str) -> NamedNode:
    digest = hashlib.sha256(f"{node.value} {kind} {what}".encode()).hexdigest()[:16]
    return void_iri(f"{kind}-{digest}")


def _number(node: NamedNode, measure: NamedNode, count: int) -> Iterator[Triple]:
    yield node, measure, Literal(count)
