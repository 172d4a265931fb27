"""Lexicon tables: tab-separated files with a header, one fact a row, `source` and `as_of` last."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from kg.errors import LexiconError


def read_table(name: str, columns: Sequence[str], folders: Sequence[Path]) -> list[dict[str, str]]:
    """Read one table from every folder that has it, in the order of the folders.

    Raises LexiconError, naming file and line, for a missing column or a row of another width, and
    where no folder has the table.
    """
    rows: list[dict[str, str]] = []
    paths = [folder / f"{name}.tsv" for folder in folders]
    found = [path for path in paths if path.is_file()]
    if not found:
        raise LexiconError(f"no folder has {name}.tsv: looked in {', '.join(map(str, folders))}")
    for path in found:
        rows.extend(_rows(path, columns))
    return rows


def _rows(path: Path, columns: Sequence[str]) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, lineterminator="\n")
        header = next(reader, [])
        missing = [column for column in columns if column not in header]
        if missing:
            raise LexiconError(f"{path}: the first line lacks the columns {', '.join(missing)}")
        for number, cells in enumerate(reader, start=2):
            if len(cells) != len(header):
                raise LexiconError(
                    f"{path} line {number}: {len(cells)} cells, the header has {len(header)}; "
                    "separate cells by one tab and leave an empty cell empty"
                )
            yield dict(zip(header, cells, strict=True))


def split_list(cell: str) -> tuple[str, ...]:
    """Return the values of a cell that are divided by "|"."""
    return tuple(part for part in (piece.strip() for piece in cell.split("|")) if part)


def digest_tables(folders: Sequence[Path]) -> str:
    """Return a digest that changes with any byte of any table."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.glob("*.tsv")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]
