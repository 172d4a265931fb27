"""Records counted where they are made, with what follows from them.

A record says of its nodes all that there is to know of their kind. What else it names stands in the
counts by name until the whole store is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

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
        # By part and subject, then by property, then by value: most statements share the first two.
        self._of: dict[tuple[str, str], dict[str, dict[str, int]]] = {}
        self.subjects = Counter(subjects or {})
        self._add(statements or {})

    @property
    def statements(self) -> dict[Statement, int]:
        """Return how often each kind of statement stands there."""
        return {
            (part, key, predicate, met): count
            for (part, key), said in self._of.items()
            for predicate, found in said.items()
            for met, count in found.items()
        }

    def add(self, registry: str, described: Described, inferred: Sequence[Tokens]) -> None:
        """Count a record, and what follows from it for the graph `inferred`."""
        part = REGISTRY + registry
        more: dict[str, list[str]] = {}
        for subject, predicate, value in inferred:
            if predicate == _TYPE:
                more.setdefault(subject, []).append(value)
        keys = {
            node: _classes((*said.get(_TYPE, ()), *more.get(node, ()))) or node
            for node, said in described.items()
        }
        self.subjects.update([(part, key) for key in keys.values()])
        for key, said in zip(keys.values(), described.values(), strict=True):
            self._count((part, key), said, keys)
        follows = Counter((INFERRED, keys[one], name, value) for one, name, value in inferred)
        self._add(follows)
        self.subjects.update((INFERRED, keys[one]) for one in dict.fromkeys(t[0] for t in inferred))

    def update(self, other: Counts) -> None:
        """Add the counts of other records."""
        self._add(other.statements)
        self.subjects.update(other.subjects)

    def _count(
        self, kind: tuple[str, str], said: Mapping[str, Sequence[str]], keys: Mapping[str, str]
    ) -> None:
        counted, typed = self._of.setdefault(kind, {}), _typed
        for predicate, values in said.items():
            found = counted.get(predicate)
            if found is None:
                found = counted[predicate] = {}
            for value in values:
                if value[0] != '"':
                    met = keys.get(value, value)
                else:
                    met = _STRING if value[-1] == '"' else typed(value)
                found[met] = found.get(met, 0) + 1

    def _add(self, statements: Mapping[Statement, int]) -> None:
        for (part, key, predicate, met), count in statements.items():
            found = self._of.setdefault((part, key), {}).setdefault(predicate, {})
            found[met] = found.get(met, 0) + count


@lru_cache(maxsize=1 << 12)
def _classes(types: tuple[str, ...]) -> str:
    return CLASSES + " ".join(sorted(types)) if types else ""


def literal(value: str) -> str:
    """Return the key of a literal: its datatype."""
    if value[-1] == '"':
        return _STRING
    _, _, behind = value.rpartition('"')
    return DATATYPE + behind[2:] if behind.startswith("^^") else _LANGUAGE


# The same dates and numbers come again and again.
_typed = lru_cache(maxsize=1 << 14)(literal)
