"""Condition concepts: labels, hierarchy, equivalents and the names that mean them.

A concept is a CURIE of MONDO, else MeSH, else NCIt. The big table is read line by line and a row
is only taken apart when its concept is asked for, so that start-up stays short.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kg.errors import LexiconError
from kg.extract.condition_modifiers import ConditionModifiers, load_modifiers
from kg.extract.condition_text import normal_name
from kg.extract.tables import read_table, split_list
from kg.records import Record

_COLUMNS = ("curie", "label", "parents", "exact", "names", "source", "as_of")
_NAME_COLUMNS = ("name", "curie", "source", "as_of")
_PADDED_DESCRIPTOR = re.compile(r"([DC])0000?(0\d{5}|[1-9]\d{5})")


class Concept(Record, frozen=True):
    """One condition concept; `parents` and `exact` are CURIEs."""

    curie: str
    label: str
    parents: tuple[str, ...]
    exact: tuple[str, ...]
    source: str
    as_of: str


class Concepts(Mapping[str, Concept]):
    """All condition concepts by CURIE, and the normal names that mean exactly one of them."""

    def __init__(
        self,
        rows: Mapping[str, tuple[str, ...]],
        names: Mapping[str, str],
        modifiers: ConditionModifiers,
        uncited: frozenset[str] = frozenset(),
    ) -> None:
        self._rows = rows
        self.names = names
        self.modifiers = modifiers
        self.uncited = uncited

    def __getitem__(self, curie: str) -> Concept:
        _, label, parents, exact, _, source, as_of = self._rows[curie]
        return Concept(curie, label, split_list(parents), split_list(exact), source, as_of)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def ancestors(self, curie: str) -> frozenset[str]:
        """Return every concept above this one."""
        found: set[str] = set()
        waiting = [curie]
        while waiting:
            row = self._rows.get(waiting.pop())
            for parent in split_list(row[2]) if row else ():
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return frozenset(found)


def load_concepts(folders: Sequence[Path]) -> Concepts:
    """Read `concepts.tsv` and `condition_names.tsv`; a later folder overrides an earlier one.

    Raises LexiconError for a parent or a name that points to no concept.
    """
    rows: dict[str, tuple[str, ...]] = {}
    names: dict[str, str] = {}
    uncited: set[str] = set()
    for row in read_table("concepts", _COLUMNS, folders):
        curie = row["curie"]
        rows[curie] = tuple(row[column] for column in _COLUMNS)
        for name in split_list(row["names"]):
            names[name] = curie
    for row in read_table("condition_names", _NAME_COLUMNS, folders):
        if row["curie"] not in rows:
            raise LexiconError(
                f"condition_names.tsv: {row['name']!r} means {row['curie']!r}, which "
                "concepts.tsv does not have; add the concept or correct the CURIE"
            )
        name = normal_name(row["name"])
        names[name] = row["curie"]
        if row["source"] == "uncited":
            uncited.add(name)
    return Concepts(rows, names, load_modifiers(folders), frozenset(uncited))


def mesh_curie(registry_id: str) -> str:
    """Return the CURIE of a MeSH id as a registry writes it (D000009369 -> MESH:D009369)."""
    padded = _PADDED_DESCRIPTOR.fullmatch(registry_id)
    return f"MESH:{padded[1]}{padded[2]}" if padded else f"MESH:{registry_id}"
