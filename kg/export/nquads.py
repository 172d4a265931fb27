"""N-Quads, sorted: everything, byte for byte the same for the same graph."""

from __future__ import annotations

from kg.export.files import Counts, Files
from kg.store import Store


def write(store: Store, files: Files) -> Counts:
    """Write all quads of a store to one file."""
    with files("trialkg.nq") as output:
        return {"statements": store.dump(output)}
