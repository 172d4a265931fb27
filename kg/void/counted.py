"""Records counted where they are made, with what follows from them.

A record says of its nodes all that there is to know of their kind. What else it names stands in the
counts by name until the whole store is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from kg.vocab import RDF, XSD
from kg.void.numbers import INFERRED, REGISTRY

Described = Mapping[str, Mapping[str, Sequence[str]]]
Tokens = tuple[str, str, str]
Statement = tuple[str, str, str, str]
"""A part, and keys of a subject, a property and a value."""

_TYPE = str(RDF.type)
# Keys that are no tokens: classes that are all those of a node, and the datatype of a literal.
CLASSES, DATATYPE = "=", "^"
_STRING = DATATYPE + str(XSD.string)
_LANGUAGE = DATATYPE + str(RDF.langString)


class Counts:
    """How often each kind of statement and of subject stands in the graphs of some records."""

    def __init__(
        self,
        statements: Mapping[Statement, int] | None = None,
        subjects: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.statements = Counter(statements or {})
        self.subjects = Counter(subjects or {})

    def add(self, registry: str, described: Described, inferred: Sequence[Tokens]) -> None:
        """Count a record, and what follows from it for the graph `inferred`."""
        part = REGISTRY + registry
        more: dict[str, list[str]] = {}
        for subject, predicate, value in inferred:
            if predicate == _TYPE:
                more.setdefault(subject, []).append(value)
        keys = {node: _key(node, said, more.get(node, ())) for node, said in described.items()}
        statements = self.statements
        for node, said in described.items():
            key = keys[node]
            self.subjects[part, key] += 1
            for predicate, values in said.items():
                for value in values:
                    met = literal(value) if value[0] == '"' else keys.get(value, value)
                    statements[part, key, predicate, met] += 1
        for subject, predicate, value in inferred:
            statements[INFERRED, keys[subject], predicate, value] += 1
        for subject in dict.fromkeys(subject for subject, _, _ in inferred):
            self.subjects[INFERRED, keys[subject]] += 1

    def update(self, other: Counts) -> None:
        """Add the counts of other records."""
        self.statements.update(other.statements)
        self.subjects.update(other.subjects)


def _key(node: str, said: Mapping[str, Sequence[str]], more: Sequence[str]) -> str:
    types = said.get(_TYPE)
    if not types and not more:
        return node
    return CLASSES + " ".join(sorted((*(types or ()), *more)))


def literal(value: str) -> str:
    """Return the key of a literal: its datatype."""
    if value[-1] == '"':
        return _STRING
    _, _, behind = value.rpartition('"')
    return DATATYPE + behind[2:] if behind.startswith("^^") else _LANGUAGE
