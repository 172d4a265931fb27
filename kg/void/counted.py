"""The numbers of a store whose records were counted where they were made.

A record says of most of its nodes all that there is to know of their kind. What else it names,
and nodes of which more may follow, stand in the counts by name until the whole store is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import IO, cast

import pyoxigraph as ox

from kg.iris import iri_keys
from kg.store import Store
from kg.vocab import RDF, XSD
from kg.void.change import part_of_quad
from kg.void.numbers import (
    DESCRIPTION,
    ENTITIES,
    REGISTRY,
    SUBJECTS,
    Kind,
    Met,
    Numbers,
    Vocabularies,
    is_registry,
    kind_of,
    part_of,
    statement_cells,
    subject_cells,
)

Described = Mapping[str, Mapping[str, Sequence[str]]]
Statement = tuple[str, str, str, str]
"""A part, and keys of a subject, a property and a value."""

_TYPE = str(RDF.type)
# Keys that are no tokens: classes that are all those of a node, and the datatype of a literal.
_CLASSES, _DATATYPE = "=", "^"
_STRING = _DATATYPE + str(XSD.string)
_LANGUAGE = _DATATYPE + str(RDF.langString)


class Counts:
    """How often each kind of statement and of subject stands in the graphs of some records."""

    def __init__(
        self,
        statements: Mapping[Statement, int] | None = None,
        subjects: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.statements = Counter(statements or {})
        self.subjects = Counter(subjects or {})

    def add(self, registry: str, described: Described, open_classes: Set[str]) -> None:
        """Count a record; of members of the open classes other classes may follow."""
        part = REGISTRY + registry
        keys = {node: _key(node, said, open_classes) for node, said in described.items()}
        statements = self.statements
        for node, said in described.items():
            subject = keys[node]
            self.subjects[part, subject] += 1
            for predicate, values in said.items():
                for value in values:
                    met = _literal(value) if value[0] == '"' else keys.get(value, value)
                    statements[part, subject, predicate, met] += 1

    def update(self, other: Counts) -> None:
        """Add the counts of other records."""
        self.statements.update(other.statements)
        self.subjects.update(other.subjects)


def _key(node: str, said: Mapping[str, Sequence[str]], open_classes: Set[str]) -> str:
    types = said.get(_TYPE)
    if not types or not open_classes.isdisjoint(types):
        return node
    return _CLASSES + " ".join(sorted(types))


def _literal(value: str) -> str:
    if value[-1] == '"':
        return _STRING
    _, _, behind = value.rpartition('"')
    return _DATATYPE + behind[2:] if behind.startswith("^^") else _LANGUAGE


def numbers(store: Store, records: Counts) -> Numbers:
    """Return the numbers over all graphs but the description; `records` counts all records."""
    return _Whole(store).numbers(records)


class _Whole:
    def __init__(self, store: Store) -> None:
        self.store = store
        self.kinds: dict[str, Kind | None] = {}
        self.vocabularies = Vocabularies()

    def numbers(self, records: Counts) -> Numbers:
        """Return the numbers of records and of the graphs beside them."""
        found: Numbers = Counter()
        beside = _Beside(self.store)
        for counted in (records.statements, beside.statements):
            for (part, subject, predicate, value), count in counted.items():
                kind, met = self._kind(part, subject), self._met(part, value)
                for cell in statement_cells(part, kind, predicate[1:-1], met):
                    found[cell] += count
        for (part, subject), count in records.subjects.items():
            for cell in subject_cells((part,), self._kind(part, subject)):
                found[cell] += count
        for subject, parts in beside.stands.items():
            for cell in self._stands(subject, parts):
                found[cell] += 1
        return found

    def _stands(self, subject: str, parts: Set[str]) -> Iterator[tuple[str, ...]]:
        """Yield the cells of a subject beside the records; it may stand in one, too."""
        kind = self._kind("", subject)
        if not self._in_record(subject):
            yield from subject_cells(parts, kind)
            return
        for part in parts:
            yield SUBJECTS, part
            for name in kind.classes if kind else ():
                yield ENTITIES, part, name

    def _in_record(self, subject: str) -> bool:
        node = _term(subject)
        if not isinstance(node, ox.NamedNode) or iri_keys(node)[:1] not in _OF_RECORDS:
            return False
        stated = self.store.engine.quads_for_pattern(node, None, None, None)
        return any(is_registry(part_of_quad(quad)) for quad in stated)

    def _kind(self, part: str, key: str) -> Kind | None:
        """Return the kind of a node, from its classes in the record or by its name."""
        if key[0] == _CLASSES:
            return Kind(part, tuple(sorted(name[1:-1] for name in key[1:].split(" "))))
        if key not in self.kinds:
            node = _term(key)
            stated = self.store.engine.quads_for_pattern(node, RDF.type, None, None)
            parts = [
                (part_of_quad(quad), quad.object.value)
                for quad in stated
                if isinstance(quad.object, ox.NamedNode)
            ]
            self.kinds[key] = kind_of(one for one in parts if one[0] != DESCRIPTION)
        return self.kinds[key]

    def _met(self, part: str, key: str) -> Met:
        if key[0] == _DATATYPE:
            return ox.NamedNode(key[2:-1])
        return self._kind(part, key) or (self.vocabularies[key[1:-1]] if _is_iri(key) else "")


# The first segments of IRIs of nodes that records describe.
_OF_RECORDS = frozenset((("trial",), ("graph",)))


class _Beside:
    """Counts the graphs that are no records', as lines of N-Triples."""

    def __init__(self, store: Store) -> None:
        self.statements: Counter[Statement] = Counter()
        self.stands: dict[str, set[str]] = {}
        for graph in store.engine.named_graphs():
            part = part_of(graph)
            if not is_registry(part) and part != DESCRIPTION:
                lines = _Lines(self, part)
                store.engine.dump(
                    cast("IO[bytes]", lines), ox.RdfFormat.N_TRIPLES, from_graph=graph
                )

    def count(self, part: str, line: str) -> None:
        """Count a statement."""
        subject, predicate, rest = line.split(" ", 2)
        value = rest[:-2]
        met = _literal(value) if value[0] == '"' else value
        self.statements[part, subject, predicate, met] += 1
        self.stands.setdefault(subject, set()).add(part)


class _Lines:
    """Takes the lines of one graph in pieces."""

    def __init__(self, beside: _Beside, part: str) -> None:
        self.beside = beside
        self.part = part
        self.rest = b""

    def write(self, data: bytes) -> int:
        """Count the lines that are complete."""
        *lines, self.rest = (self.rest + data).split(b"\n")
        for line in lines:
            self.beside.count(self.part, line.decode())
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is counted is counted."""


def _term(token: str) -> ox.NamedNode | ox.BlankNode | None:
    if _is_iri(token):
        return ox.NamedNode(token[1:-1])
    return ox.BlankNode(token[2:]) if token.startswith("_:") else None


def _is_iri(token: str) -> bool:
    return token[0] == "<" and token[1] != "<"
