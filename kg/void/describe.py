"""A description in VoID, from numbers, and the numbers in a description.

A class partition of a part holds the statements of that part whose subjects are instances of the
class, wherever that is said; its entities are those subjects. So a COUNT query over the graphs of a
part gives the same numbers.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from kg.gathered import Gathered
from kg.iris import BASE, LICENSE, named_graph, vocabulary_space, void_iri
from kg.lines import Lines
from kg.store import Store
from kg.vocab import DCTERMS, PREFIXES, RDF, VOID, VOIDEXT
from kg.void.change import changed
from kg.void.counted import Counts
from kg.void.numbers import (
    CLASS,
    DESCRIPTION,
    ENTITIES,
    LINK,
    PROPERTY,
    RECORDS,
    REGISTRY,
    SUBJECTS,
    TO_CLASS,
    TO_DATATYPE,
    VOCABULARY,
    WHOLE,
    Numbers,
    is_registry,
)
from kg.void.provenance import Provenance, provenance, provenance_after, provenance_gathered
from kg.void.read import described
from kg.void.tally import tally
from kg.void.whole import numbers

# Raised whenever the same quads are described in another way.
RELEASE = "2"
GRAPH = named_graph(DESCRIPTION)
_DESCRIBED = f"SELECT (COUNT(*) AS ?statements) {{ GRAPH {GRAPH} {{ ?s ?p ?o }} }}"

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


def void_quads(store: Store) -> list[Quad]:
    """Return the description of all other graphs, sorted; without clock and blank nodes."""
    return _quads(provenance(store.engine), tally(store))


def void_quads_counted(
    store: Store,
    records: Counts,
    gathered: Gathered,
    keys: Collection[tuple[str, str]],
    known: Lines,
) -> list[Quad]:
    """Return the description of a store all of whose records have been counted already.

    Their registries and ids are `keys`. Of the `known` graphs the lines are not read again.
    """
    return _quads(provenance_gathered(store, gathered), numbers(store, records, keys, known))


def void_quads_after(store: Store, removed: Iterable[Quad], added: Iterable[Quad]) -> list[Quad]:
    """Return the description after a change, which the store holds already.

    `removed` and `added` are what the other graphs held and hold since the description in the
    store was made; a quad in both is no change. Equal to `void_quads`, without reading the rest.
    """
    before = list(store.quads(GRAPH))
    gone, new = set(removed), set(added)
    about = provenance_after(store.engine, before, gone - new, new - gone)
    return _quads(about, changed(store, described(before), gone, new))


def statements(store: Store) -> int:
    """Return how many statements a store holds, from its description where it has one.

    The engine would count them one by one.
    """
    (row,) = cast("QuerySolutions", store.engine.query(_DESCRIBED))
    described = int(cast("Literal", row["statements"]).value)
    told = store.engine.quads_for_pattern(void_iri(WHOLE), VOID.triples, None, GRAPH)
    for quad in told:
        return int(cast("Literal", quad.object).value) + described
    return len(store.engine)


def _quads(about: Provenance, numbers: Numbers) -> list[Quad]:
    triples = {*_constant(), *about.triples(), *_datasets(numbers), *_linksets(numbers)}
    return sorted((Quad(*triple, GRAPH) for triple in triples), key=str)


def _datasets(numbers: Numbers) -> Iterator[Triple]:
    by_part: dict[str, Numbers] = defaultdict(Counter)
    for cell, count in numbers.items():
        measure, part = cell[:2]
        levels = [part] if measure in {SUBJECTS, ENTITIES} else _levels(part)
        if measure != LINK:
            for level in levels:
                by_part[level][(measure, *cell[2:])] += count
    # What is empty is described as well: there is nothing in it.
    for part in {WHOLE, *by_part}:
        yield from _dataset(part, by_part[part])


def _levels(part: str) -> list[str]:
    return [part, WHOLE, RECORDS] if is_registry(part) else [part, WHOLE]


def _constant() -> Iterator[Triple]:
    """Yield what is said of the whole whatever it holds: licence, vocabularies."""
    whole = void_iri(WHOLE)
    yield GRAPH, RDF.type, VOID.Dataset
    yield GRAPH, DCTERMS.subject, whole
    yield whole, DCTERMS.license, LICENSE
    yield whole, VOID.uriSpace, Literal(BASE)
    for prefix in ("tkg", "skos", "prov", "oa", "geosparql"):
        yield whole, VOID.vocabulary, NamedNode(PREFIXES[prefix])


def _dataset(name: str, numbers: Numbers) -> Iterator[Triple]:
    node = void_iri(name)
    yield node, RDF.type, VOID.Dataset
    yield node, DCTERMS.title, Literal(_title(name))
    if name != WHOLE:
        yield void_iri(RECORDS if is_registry(name) else WHOLE), VOID.subset, node
    by_property = {cell[1]: count for cell, count in numbers.items() if cell[0] == PROPERTY}
    entities = {cell[1]: count for cell, count in numbers.items() if cell[0] == ENTITIES}
    classes = {cell[1] for cell in numbers if cell[0] == CLASS}
    yield node, VOID.distinctSubjects, Literal(numbers[(SUBJECTS,)])
    yield node, VOID.triples, Literal(sum(by_property.values()))
    yield node, VOID.properties, Literal(len(by_property))
    yield node, VOID.classes, Literal(len(classes))
    for predicate, count in by_property.items():
        yield from _partition(node, VOID.property, predicate, VOID.triples, count)
    for class_ in classes:
        yield from _partition(node, VOID.class_, class_, VOID.entities, entities[class_])
    yield from _classes(node, numbers)


def _title(name: str) -> str:
    if is_registry(name):
        return f"What records of {name.removeprefix(REGISTRY)} state"
    return _TITLES.get(name, name)


def _classes(node: NamedNode, numbers: Numbers) -> Iterator[Triple]:
    sums: Counter[str] = Counter()
    for cell, count in numbers.items():
        if cell[0] == CLASS:
            _, class_, predicate = cell
            sums[class_] += count
            here = _below(node, "class", class_)
            yield from _partition(here, VOID.property, predicate, VOID.triples, count)
        elif cell[0] in _VALUES:
            _, class_, predicate, what = cell
            there = _below(_below(node, "class", class_), "property", predicate)
            yield from _partition(there, _VALUES[cell[0]], what, VOID.triples, count)
    for class_, count in sums.items():
        yield _below(node, "class", class_), VOID.triples, Literal(count)


_VALUES = {TO_CLASS: VOID.class_, TO_DATATYPE: VOIDEXT.datatype}
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
    yield part, measure, Literal(count)


def _linksets(numbers: Numbers) -> Iterator[Triple]:
    """Yield what links one part to another, or to a vocabulary elsewhere, by property."""
    for cell, count in numbers.items():
        if cell[0] != LINK:
            continue
        _, source, predicate, target = cell
        if target.startswith(VOCABULARY):
            space = vocabulary_space(target.removeprefix(VOCABULARY).upper())
            yield void_iri(target), VOID.uriSpace, Literal(space)
            yield void_iri(target), RDF.type, VOID.Dataset
        node = _below(void_iri(source), "linkset", f"{predicate} {target}")
        yield node, RDF.type, VOID.Linkset
        yield void_iri(WHOLE), VOID.subset, node
        yield node, VOID.subjectsTarget, void_iri(source)
        yield node, VOID.linkPredicate, NamedNode(predicate)
        yield node, VOID.objectsTarget, void_iri(target)
        yield node, VOID.triples, Literal(count)


def _below(node: NamedNode, kind: str, what: str) -> NamedNode:
    digest = hashlib.sha256(f"{node.value} {kind} {what}".encode()).hexdigest()[:16]
    return void_iri(f"{kind}-{digest}")
