"""N-Quads, sorted: everything, byte for byte the same for the same graph."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kg.export.files import complete_file
from kg.store import Store


def write(store: Store, path: Path) -> Mapping[str, int]:
    """Write all quads of a store to one file."""
    with complete_file(path) as output:
        return {"statements": store.dump(output)}
