"""Condition concepts: labels, hierarchy, equivalents and the names that mean them.

A concept is a CURIE of MONDO, else MeSH, else NCIt. The big table is read line by line and a row
is only taken apart when its concept is asked for, so that start-up stays short.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar, cast

from kg.errors import LexiconError
from kg.extract.condition_modifiers import ConditionModifiers, load_modifiers
from kg.extract.condition_text import normal_name
from kg.extract.glosses import Glossary, load_glossary
from kg.extract.long_tables import table_lines
from kg.extract.tables import read_table, split_list
from kg.records import Record

_COLUMNS = ("curie", "label", "parents", "exact", "names", "source", "as_of")
_NAME_COLUMNS = ("name", "curie", "source", "as_of")
_PADDED = re.compile(r"([DC])000(\d{6})")
_FIRST_LONG = {"D": 66388, "C": 588000}
_MEMO = 20_000

Answer = TypeVar("Answer")


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
        rows: Mapping[str, str],
        names: Mapping[str, str],
        modifiers: ConditionModifiers,
        uncited: frozenset[str] = frozenset(),
        no_disease: frozenset[str] = frozenset(),
        glossary: Glossary | None = None,
    ) -> None:
        self.glossary = glossary or Glossary({})
        self._rows = rows
        self.names = names
        self.modifiers = modifiers
        self.uncited = uncited
        self._no_disease = no_disease
        self._memo: dict[str, object] = {}

    def __getitem__(self, curie: str) -> Concept:
        _, label, parents, exact, _, source, as_of = self._rows[curie].split("\t")
        return Concept(curie, label, split_list(parents), split_list(exact), source, as_of)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def is_no_disease(self, name: str) -> bool:
        """Tell whether a normal name names something that is no disease."""
        return name in self._no_disease or self.modifiers.is_no_disease(name)

    def memo(self, listed: str, read: Callable[[str, Concepts], Answer]) -> Answer:
        """Return what `read` makes of a string; registrants use the same strings often."""
        if listed in self._memo:
            return cast("Answer", self._memo[listed])
        answer = read(listed, self)
        if len(self._memo) < _MEMO:
            self._memo[listed] = answer
        return answer

    def ancestors(self, curie: str) -> frozenset[str]:
        """Return every concept above this one."""
        found: set[str] = set()
        waiting = [curie]
        while waiting:
            line = self._rows.get(waiting.pop())
            for parent in split_list(line.split("\t", 3)[2]) if line else ():
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return frozenset(found)


def load_concepts(folders: Sequence[Path]) -> Concepts:
    """Read `concepts.tsv` and `condition_names.tsv`; a later folder overrides an earlier one.

    A name without CURIE names no disease.

    Raises LexiconError for a parent or a name that points to no concept.
    """
    rows: dict[str, str] = {}
    names: dict[str, str] = {}
    uncited: set[str] = set()
    no_disease: set[str] = set()
    for line in table_lines("concepts", _COLUMNS, folders):
        curie, _, _, _, listed, _, _ = line.split("\t")
        rows[curie] = line
        if listed:
            names.update(dict.fromkeys(listed.split("|"), curie))
    for row in read_table("condition_names", _NAME_COLUMNS, folders):
        if not row["curie"]:
            no_disease.add(normal_name(row["name"]))
            continue
        if row["curie"] not in rows:
            raise LexiconError(
                f"condition_names.tsv: {row['name']!r} means {row['curie']!r}, which "
                "concepts.tsv does not have; add the concept or correct the CURIE"
            )
        name = normal_name(row["name"])
        names[name] = row["curie"]
        if row["source"] == "uncited":
            uncited.add(name)
    return Concepts(
        rows,
        names,
        load_modifiers(folders),
        frozenset(uncited),
        frozenset(no_disease),
        load_glossary(folders),
    )


def mesh_curie(registry_id: str) -> str:
    """Return the CURIE of a MeSH id as a registry writes it (D000009369 -> MESH:D009369).

    Ids have six digits up to a number of their series and nine from there on; registries write
    nine throughout.
    """
    padded = _PADDED.fullmatch(registry_id)
    if padded and int(padded[2]) < _FIRST_LONG[padded[1]]:
        return f"MESH:{padded[1]}{padded[2]}"
    return f"MESH:{registry_id}"
