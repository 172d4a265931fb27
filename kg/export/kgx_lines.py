"""KGX JSON Lines: nodes and edges in the words of the Biolink Model, texts as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO

import msgspec

from kg.export.biolink_rows import Row, edge_rows, node_rows
from kg.export.files import Counts, Files
from kg.store import Store

_ENCODER = msgspec.json.Encoder()


def write(store: Store, files: Files) -> Counts:
    """Write nodes.jsonl and edges.jsonl."""
    with files("nodes.jsonl") as output:
        nodes = _write_lines(output, node_rows(store.engine))
    with files("edges.jsonl") as output:
        return {"nodes": nodes, "edges": _write_lines(output, edge_rows(store.engine))}


def _write_lines(output: IO[bytes], rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        stated = {name: value for name, value in row.items() if value not in ("", [])}
        output.write(_ENCODER.encode(stated) + b"\n")
        count += 1
    return count
