"""The tables of many thousand rows, read without taking the rows apart.

Start-up has half a second for all tables; a row is split when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kg.errors import LexiconError


def table_lines(name: str, columns: Sequence[str], folders: Sequence[Path]) -> list[str]:
    """Return the rows of a table as lines, in the order of the folders.

    Raises LexiconError where a header is not exactly these columns, where a row has another
    number of cells, and where no folder has the table.
    """
    found = [path for folder in folders if (path := folder / f"{name}.tsv").is_file()]
    if not found:
        raise LexiconError(f"no folder has {name}.tsv: looked in {', '.join(map(str, folders))}")
    lines: list[str] = []
    for path in found:
        lines.extend(_lines(path, columns))
    return lines


def _lines(path: Path, columns: Sequence[str]) -> list[str]:
    header, *lines = path.read_text(encoding="utf-8").split("\n")
    if header != "\t".join(columns):
        raise LexiconError(f"{path}: the first line must be {', '.join(columns)}, tab-separated")
    if lines and not lines[-1]:
        lines.pop()
    tabs = len(columns) - 1
    for number, line in enumerate(lines, start=2):
        if line.count("\t") != tabs:
            raise LexiconError(
                f"{path} line {number}: {line.count(chr(9)) + 1} cells, the header has "
                f"{len(columns)}; separate cells by one tab and leave an empty cell empty"
            )
    return lines
