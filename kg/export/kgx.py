"""KGX TSV: nodes and edges in the words of the Biolink Model, one table each.

The format has no escapes: tabs and line breaks become spaces, and "|", which divides lists, becomes
a broken bar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import IO

from kg.export.biolink_rows import EDGE_COLUMNS, NODE_COLUMNS, Row, edge_rows, node_rows
from kg.export.files import Counts, Files
from kg.export.values import Value
from kg.store import Store

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def write(store: Store, files: Files) -> Counts:
    """Write nodes.tsv and edges.tsv."""
    engine = store.engine
    with files("nodes.tsv") as output:
        nodes = _write_table(output, NODE_COLUMNS, node_rows(engine))
    with files("edges.tsv") as output:
        return {"nodes": nodes, "edges": _write_table(output, EDGE_COLUMNS, edge_rows(engine))}


def _write_table(output: IO[bytes], columns: Sequence[str], rows: Iterable[Row]) -> int:
    count = 0
    output.write(_line(columns))
    for row in rows:
        output.write(_line([_cell(row.get(column, "")) for column in columns]))
        count += 1
    return count


def _line(cells: Iterable[str]) -> bytes:
    return ("\t".join(cells) + "\n").encode()


def _cell(value: Value | Sequence[str]) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return _text(str(value))
    return "|".join(map(_text, value))


def _text(value: str) -> str:
    return _BREAKS.sub(" ", value).replace("|", "¦")
