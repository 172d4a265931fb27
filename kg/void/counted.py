"""Records counted where they are made, with what follows from them.

A record says of its nodes all that there is to know of their kind. What else it names stands in the
counts by name until the whole store is there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from kg.vocab import RDF, XSD
from kg.void.numbers import CHANGES, INFERRED, REGISTRY

Described = Mapping[str, Mapping[str, Sequence[str]]]
Tokens = tuple[str, str, str]
Statement = tuple[str, str, str, str]
"""A part, and keys of a subject, a property and a value."""

_TYPE = str(RDF.type)
# Keys that are no tokens: classes that are all those of a node, the same with the part of the
# record that states them, and the datatype of a literal.
CLASSES, OF, DATATYPE = "=", "@", "^"
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
        self._add((statements or {}).items())

    @property
    def statements(self) -> dict[Statement, int]:
        """Return how often each kind of statement stands there."""
        return {
            (part, key, predicate, met): count
            for (part, key), said in self._of.items()
            for predicate, found in said.items()
            for met, count in found.items()
        }

    def add(
        self,
        registry: str,
        described: Described,
        inferred: Sequence[Tokens],
        changes: Described | None = None,
    ) -> None:
        """Count a record, what follows from it for the graph `inferred`, and its change events."""
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
        self._add(follows.items())
        self.subjects.update((INFERRED, keys[one]) for one in dict.fromkeys(t[0] for t in inferred))
        if changes:
            self._add_changes(part, changes, keys)

    def _add_changes(self, part: str, described: Described, record: Mapping[str, str]) -> None:
        """Count events, which nothing else describes, by the keys of nodes of the record."""
        own = {
            node: _classes(tuple(said[_TYPE])) if _TYPE in said else node
            for node, said in described.items()
        }
        named = {one for said in described.values() for values in said.values() for one in values}
        keys = {
            one: f"{OF}{part} {record[one]}"
            for one in named & record.keys()
            if record[one][0] == CLASSES
        }
        for node, said in described.items():
            self.subjects[CHANGES, own[node]] += 1
            self._count((CHANGES, own[node]), said, keys | own)

    def update(
        self,
        statements: Iterable[tuple[Statement, int]],
        subjects: Iterable[tuple[tuple[str, str], int]],
    ) -> None:
        """Add the counts of other records."""
        self._add(statements)
        self.subjects.update(dict(subjects))

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

    def _add(self, statements: Iterable[tuple[Statement, int]]) -> None:
        kind, said = ("", ""), dict[str, dict[str, int]]()
        for (part, key, predicate, met), count in statements:
            # Statements of one kind of subject mostly come one after another.
            if kind != (part, key):
                kind = part, key
                said = self._of.setdefault(kind, {})
            found = said.get(predicate)
            if found is None:
                found = said[predicate] = {}
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
