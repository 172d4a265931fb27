"""Counts of everything in a store, from one pass over it.

A part is the graphs of one kind, or the record graphs of one registry.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from kg.iris import concept_curie, iri_keys, record_key
from kg.store import Store
from kg.vocab import RDF

REGISTRY = "registry."
DESCRIPTION = "void"
_INFERRED = "inferred"
_NOT_RECORDS = frozenset(("user", "source"))


class Kind(NamedTuple):
    """What is the same of many nodes: their classes, and the part in which these are stated."""

    home: str
    classes: tuple[str, ...]


class Key(NamedTuple):
    """What is counted of a statement: all but which nodes it links.

    Of its value that is the kind; of a literal the datatype; of a node that the graph does not
    describe the prefix of its vocabulary, or nothing.
    """

    part: str
    subject: Kind | None
    predicate: str
    value: Kind | NamedNode | str


class Tally(NamedTuple):
    """Statements by key, and subjects by kind and by the parts in which they stand."""

    statements: Mapping[Key, int]
    subjects: Mapping[tuple[tuple[str, ...], Kind | None], int]


def tally(store: Store) -> Tally:
    """Return the counts over all graphs but the description itself."""
    parts = {graph: _part(graph) for graph in store.graphs()}
    kinds, numbers = _kinds(store, parts)
    statements: Counter[tuple[str, int, str, int | str]] = Counter()
    stands: dict[str, set[str]] = defaultdict(set)
    vocabularies = _Vocabularies()
    number = numbers.get
    for subject, predicate, value, graph in store.engine:
        part = parts[graph]
        if part == DESCRIPTION:
            continue
        name = subject.value
        if isinstance(value, Literal):
            met: int | str = value.datatype.value
        else:
            met = number(value.value, -1)
            if met < 0:
                met = vocabularies[value.value]
        statements[part, number(name, 0), predicate.value, met] += 1
        stands[name].add(part)
    return Tally(
        {
            Key(part, kinds[of], predicate, _met(kinds, met)): count
            for (part, of, predicate, met), count in statements.items()
        },
        Counter((tuple(sorted(found)), kinds[number(name, 0)]) for name, found in stands.items()),
    )


def _met(kinds: list[Kind | None], met: int | str) -> Kind | NamedNode | str:
    if isinstance(met, str):
        return NamedNode(met) if ":" in met else met
    return kinds[met] or ""


def is_registry(part: str) -> bool:
    """Return whether a part holds the records of one registry."""
    return part.startswith(REGISTRY)


def _part(graph: NamedNode) -> str:
    key = record_key(graph)
    if key and key[0] not in _NOT_RECORDS:
        return REGISTRY + key[0]
    return (*iri_keys(graph), "", "other")[1] or "other"


def _kinds(
    store: Store, parts: Mapping[NamedNode, str]
) -> tuple[list[Kind | None], dict[str, int]]:
    """Return all kinds, none being the first, and the number of the kind of each typed node."""
    classes: dict[str, set[str]] = defaultdict(set)
    homes: dict[str, str] = {}
    for subject, _, name, graph in store.engine.quads_for_pattern(None, RDF.type, None, None):
        part = parts[graph]
        if part == DESCRIPTION:
            continue
        classes[subject.value].add(name.value)
        # A node is at home where its class is stated, not where more was inferred.
        home = homes.get(subject.value)
        if home is None or home == _INFERRED or (part != _INFERRED and part < home):
            homes[subject.value] = part
    found: dict[Kind, int] = {}
    numbers = {
        node: found.setdefault(Kind(homes[node], tuple(sorted(names))), len(found) + 1)
        for node, names in classes.items()
    }
    return [None, *found], numbers


class _Vocabularies(dict[str, str]):
    """The prefix of the vocabulary of an IRI, empty for IRIs of none."""

    def __missing__(self, iri: str) -> str:
        curie = concept_curie(NamedNode(iri))
        prefix = curie.partition(":")[0] if curie else ""
        self[iri] = prefix
        return prefix
