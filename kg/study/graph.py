"""The graph of studies in a store, made from all registrations or after a change of some."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import polars as pl
from pyoxigraph import Quad

from kg.iris import named_graph
from kg.store import Store
from kg.study.blocks import Key, identity_table, read_identity, write_identity
from kg.study.change import Read, Turned, study_difference
from kg.study.merging import Refusals
from kg.study.quads import study_quads
from kg.study.registration import Registration

STUDIES = named_graph("studies")


class StudyGraph:
    """What the graph is made from: `every` registration, those that `read` gives, the refusals.

    `turned` are the records whose registration has changed since the snapshot `before`.
    """

    def __init__(
        self,
        every: Callable[[], Iterable[Registration]],
        read: Read,
        refusals: Refusals,
        turned: Mapping[Key, Turned],
        before: Path | None,
    ) -> None:
        self._every = every
        self._read = read
        self._refusals = refusals
        self._turned = turned
        self._before = before
        self._table: pl.DataFrame | None = None

    def quads(self) -> list[Quad]:
        """Return the graph made from all registrations."""
        known = list(self._every())
        self._table = identity_table(known)
        return study_quads(known, self._refusals)

    def change(self, store: Store) -> None:
        """Let the graph follow the change, where the table of the snapshot before can be read."""
        self._table = None if self._before is None else read_identity(self._before)
        if self._table is None:
            store.set_graph(STUDIES, self.quads())
        elif self._turned:
            found = study_difference(self._table, self._turned, self._read, self._refusals)
            self._table = found.table
            store.change(found.removed, found.added)
            if not any(True for _ in store.quads(STUDIES)):
                store.remove(STUDIES)

    def write(self, folder: Path) -> None:
        """Write the table beside a snapshot, for the next change."""
        if self._table is not None:
            write_identity(self._table, folder)
