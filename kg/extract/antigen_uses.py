"""What antigens are for beside being bound: to bind by, to know cells by, to treat other ills."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kg.errors import LexiconError
from kg.extract.tables import read_table, split_list

_SOURCED = ("source", "as_of")
_MARKER, _REPORTER = "marker", "reporter"
_REACHES = ("before", "around")


class OtherUse(NamedTuple):
    """Words that tell an antibody given for another complaint from treatment of the disease."""

    name: str
    words: re.Pattern[str]
    around: bool


class AntigenUses(NamedTuple):
    """The rows of `antigen_parts.tsv` by part, and of `other_uses.tsv` by antigen."""

    markers: frozenset[str]
    reporters: frozenset[str]
    others: Mapping[str, tuple[OtherUse, ...]]


def load_antigen_uses(folders: Sequence[Path], antigens: Collection[str]) -> AntigenUses:
    """Read both tables; raises LexiconError for an unknown antigen, part or reach, or a pattern."""
    parts: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_table("antigen_parts", ("antigen", "part", *_SOURCED), folders):
        _check_antigen("antigen_parts", row["antigen"], row["antigen"], antigens)
        _check_code("antigen_parts", row["antigen"], row["part"], (_MARKER, _REPORTER))
        parts[row["part"]].add(row["antigen"])
    return AntigenUses(
        frozenset(parts[_MARKER]), frozenset(parts[_REPORTER]), _other_uses(folders, antigens)
    )


def _other_uses(
    folders: Sequence[Path], antigens: Collection[str]
) -> Mapping[str, tuple[OtherUse, ...]]:
    uses: defaultdict[str, tuple[OtherUse, ...]] = defaultdict(tuple)
    columns = ("use", "antigen", "words", "reach", *_SOURCED)
    for row in read_table("other_uses", columns, folders):
        _check_antigen("other_uses", row["use"], row["antigen"], antigens)
        _check_code("other_uses", row["use"], row["reach"], _REACHES)
        try:
            words = re.compile(row["words"])
        except re.error as error:
            raise LexiconError(f"other_uses.tsv: {row['use']} is no pattern: {error}") from None
        uses[row["antigen"]] += (OtherUse(row["use"], words, row["reach"] == "around"),)
    return dict(uses)


def load_ligands(folders: Sequence[Path], antigens: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Read by which ligands constructs bind which receptors; LexiconError for unknown antigens."""
    made = {}
    for row in read_table("binder_ligands", ("ligand", "receptors", *_SOURCED), folders):
        receptors = split_list(row["receptors"])
        for key in (row["ligand"], *receptors):
            _check_antigen("binder_ligands", row["ligand"], key, antigens)
        made[row["ligand"]] = receptors
    return made


def _check_antigen(table: str, row: str, key: str, antigens: Collection[str]) -> None:
    if key not in antigens:
        raise LexiconError(
            f"{table}.tsv: {row!r} names the antigen {key!r}, which antigens.tsv does not have; "
            "add the antigen or correct the key"
        )


def _check_code(table: str, row: str, code: str, known: Sequence[str]) -> None:
    if code not in known:
        raise LexiconError(f"{table}.tsv: {row!r} says {code!r}; use one of {', '.join(known)}")
