"""What qualifies a condition without naming one: stage, grade, line, status, severity, age, sex."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from kg.errors import LexiconError
from kg.extract.findings import Qualifier
from kg.extract.tables import read_table

_COLUMNS = ("pattern", "axis", "value", "source", "as_of")
_NO_DISEASE = "no disease"
_SILENT = "specificity"
_WEAK = "weak"
_ROMAN = re.compile(r"\b[ivx]+[a-d]?\d?\b")
# What means another thing, or nothing, in an expression that others are part of.
_NOT_JOINED = re.compile(r"\\[1-9]|\(\?(?:P|\(|[a-zA-Z]+\))")

MILD_AXES = frozenset({"line", "stage", "status", "age", "sex", "severity"})
_DETAIL_AXES = frozenset({"grade", "biomarker", "site", "histology"})
_LEVELS = (
    MILD_AXES,
    MILD_AXES | {_SILENT},
    MILD_AXES | {_SILENT, "response", "risk"},
    MILD_AXES | {_SILENT, "response", "risk"} | _DETAIL_AXES,
    MILD_AXES | {_SILENT, "response", "risk"} | _DETAIL_AXES | {_WEAK},
    MILD_AXES | {_SILENT, "response", "risk"} | _DETAIL_AXES | {_WEAK, "trigger"},
)
LEVELS = range(len(_LEVELS))
ALL_BUT_WEAK = LEVELS[-3]


class ConditionModifiers:
    r"""The rows of `condition_modifiers.tsv`, ready to be searched in a normal name.

    The pattern is a regular expression over the normal form and matches whole words; the value is
    what a match means, with `\1` for its first group. The axis "no disease" marks whole strings
    that name no disease; words of the axis "specificity" say nothing; "weak" ones (chronic,
    primary) belong to the names of many diseases and are split off where nothing else helps.
    """

    def __init__(self, rows: Sequence[tuple[str, str, str]]) -> None:
        compiled = [
            (re.compile(rf"(?<!\S)(?:{pattern})(?!\S)"), axis, value)
            for pattern, axis, value in rows
            if axis != _NO_DISEASE
        ]
        self._rows_of = [[row for row in compiled if row[1] in axes] for axes in _LEVELS]
        self._patterns = [pattern for pattern, axis, _ in rows if axis != _NO_DISEASE]
        whole = "|".join(pattern for pattern, axis, _ in rows if axis == _NO_DISEASE)
        self._no_disease = re.compile(whole or r"(?!)")

    @cached_property
    def _any(self) -> re.Pattern[str]:
        """All patterns in one: most names have nothing to split off, and one look tells."""
        return re.compile(rf"(?<!\S)(?:{'|'.join(f'(?:{one})' for one in self._patterns)})(?!\S)")

    def is_no_disease(self, name: str) -> bool:
        """Tell whether a normal name as a whole names no disease."""
        return not name or self._no_disease.fullmatch(name) is not None

    def has_any(self, name: str) -> bool:
        """Tell whether a normal name has anything that some level splits off."""
        return self._any.search(name) is not None

    def split(self, name: str, level: int = ALL_BUT_WEAK) -> tuple[str, tuple[Qualifier, ...]]:
        """Return what is left of a normal name, and the qualifiers in reading order.

        Each level splits off more: 0 only line, stage, status, age, sex and severity; the last two
        also words that are part of the names of many diseases, and what triggers an allergy.
        """
        if not self.has_any(name):
            return " ".join(name.split()), ()
        found: list[tuple[int, Qualifier]] = []
        for pattern, axis, value in self._rows_of[level]:
            if pattern.search(name) is None:
                continue
            for match in pattern.finditer(name):
                if axis != _SILENT:
                    said = match.expand(value) if "\\" in value else value
                    found.append((match.start(), _qualifier(axis, said)))
                name = name[: match.start()] + " " * len(match[0]) + name[match.end() :]
        qualifiers = tuple(qualifier for _, qualifier in sorted(found, key=_place))
        return " ".join(name.split()), qualifiers


def load_modifiers(folders: Sequence[Path]) -> ConditionModifiers:
    """Read `condition_modifiers.tsv`; raises LexiconError for a pattern that cannot be used."""
    rows = []
    for row in read_table("condition_modifiers", _COLUMNS, folders):
        try:
            re.compile(row["pattern"])
        except re.error as error:
            raise LexiconError(
                f"condition_modifiers.tsv: {row['pattern']!r} is no regular expression: {error}"
            ) from error
        if _NOT_JOINED.search(row["pattern"]):
            raise LexiconError(
                f"condition_modifiers.tsv: {row['pattern']!r} names or repeats a group, or sets a "
                "flag; all patterns are looked for as one: write the words out"
            )
        rows.append((row["pattern"], row["axis"], row["value"]))
    return ConditionModifiers(rows)


def _qualifier(axis: str, value: str) -> Qualifier:
    if axis in {"stage", "grade"}:
        value = _ROMAN.sub(lambda match: match[0].upper(), value)
    return Qualifier("course" if axis == _WEAK else axis, value)


def _place(item: tuple[int, Qualifier]) -> tuple[int, str, str]:
    return item[0], item[1].axis, item[1].value
