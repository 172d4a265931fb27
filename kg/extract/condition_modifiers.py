"""What qualifies a condition without naming one: stage, grade, line, status, site, age, sex."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from kg.errors import LexiconError
from kg.extract.findings import Qualifier
from kg.extract.tables import read_table

_COLUMNS = ("pattern", "axis", "value", "source", "as_of")
_NO_DISEASE = "no disease"


class ConditionModifiers:
    """The rows of `condition_modifiers.tsv`, ready to be searched in a normal name.

    The pattern is a regular expression over the normal form; the value is what a match means, with
    `\\1` for its first group. The axis "no disease" marks whole strings that name no disease.
    """

    def __init__(self, rows: Sequence[tuple[str, str, str]]) -> None:
        split = [(p, a, v) for p, a, v in rows if a != _NO_DISEASE]
        self._rows = [(re.compile(rf"(?<!\S)(?:{p})(?!\S)"), a, v) for p, a, v in split]
        self._any = re.compile("|".join(rf"(?<!\S)(?:{_bare(p)})(?!\S)" for p, _, _ in split))
        whole = "|".join(p for p, a, _ in rows if a == _NO_DISEASE)
        self._no_disease = re.compile(whole or r"(?!)")

    def is_no_disease(self, name: str) -> bool:
        """Tell whether a normal name as a whole names no disease."""
        return not name or self._no_disease.fullmatch(name) is not None

    def split(self, name: str) -> tuple[str, tuple[Qualifier, ...]]:
        """Return what is left of a normal name, and the qualifiers in reading order."""
        found: list[tuple[int, Qualifier]] = []
        while self._any.search(name):
            for pattern, axis, value in self._rows:
                match = pattern.search(name)
                if match is not None:
                    found.append((match.start(), Qualifier(axis, match.expand(value))))
                    name = name[: match.start()] + " " * len(match[0]) + name[match.end() :]
        core = " ".join(name.split())
        return core, tuple(qualifier for _, qualifier in sorted(found, key=_place))


def load_modifiers(folders: Sequence[Path]) -> ConditionModifiers:
    """Read `condition_modifiers.tsv`; raises LexiconError for a pattern that is no expression."""
    rows = []
    for row in read_table("condition_modifiers", _COLUMNS, folders):
        try:
            re.compile(row["pattern"])
        except re.error as error:
            raise LexiconError(
                f"condition_modifiers.tsv: {row['pattern']!r} is no regular expression: {error}"
            ) from error
        rows.append((row["pattern"], row["axis"], row["value"]))
    return ConditionModifiers(rows)


def _bare(pattern: str) -> str:
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)


def _place(item: tuple[int, Qualifier]) -> tuple[int, str, str]:
    return item[0], item[1].axis, item[1].value
