"""The tables of the snapshot that is served, opened once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from kg.ask.meanings import Meanings
from kg.find.catalogue import Catalogue
from kg.query.snapshots import Snapshots


class Catalogues:
    """The tables of the snapshot for the next request; those of a new one take their place."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._known: tuple[str, Catalogue] | None = None
        self._meanings: tuple[Catalogue, Meanings] | None = None
        self._opening = asyncio.Lock()

    async def current(self) -> tuple[Catalogue, Path]:
        """Return the tables and the snapshot that they belong to.

        Raises StoreError where the snapshot has none, as that of a data set of somebody's own.
        """
        snapshot = self._snapshots.current()
        tag = self._snapshots.tag(snapshot)
        async with self._opening:
            if self._known is None or self._known[0] != tag:
                opened = await asyncio.to_thread(Catalogue, snapshot)
                self._known = (tag, opened)
            return self._known[1], snapshot

    async def meanings(self) -> Meanings:
        """Return what names mean in the current tables."""
        catalogue, _ = await self.current()
        async with self._opening:
            if self._meanings is None or self._meanings[0] is not catalogue:
                self._meanings = (catalogue, await asyncio.to_thread(Meanings, catalogue))
            return self._meanings[1]
