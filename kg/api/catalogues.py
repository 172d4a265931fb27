"""The tables of the snapshot that is served, opened once, in the background where that can be."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path

from kg.ask.meanings import Meanings
from kg.errors import KGError
from kg.find.catalogue import Catalogue
from kg.query.snapshots import Snapshots

_LOGGER = logging.getLogger(__name__)
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Opened:
    """The tables of a snapshot; what names mean in them is told apart for it takes longer."""

    tag: str
    snapshot: Path
    catalogue: asyncio.Task[Catalogue]
    meanings: asyncio.Task[Meanings]


class Catalogues:
    """The tables of the snapshot for the next request; those of a new one take their place.

    While those of a new one are being opened, requests are answered from the ones before.
    """

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._served: Opened | None = None
        self._next: Opened | None = None

    async def current(self) -> tuple[Catalogue, Path]:
        """Return the tables and the snapshot that they belong to.

        Raises StoreError where the snapshot has none, as that of a data set of somebody's own.
        """
        opened = self._opened()
        return await asyncio.shield(opened.catalogue), opened.snapshot

    async def meanings(self) -> Meanings:
        """Return what names mean in the current tables."""
        return await asyncio.shield(self._opened().meanings)

    async def keep_warm(self) -> None:
        """Open the tables of each snapshot as it is published, until cancelled."""
        known = ""
        while True:
            try:
                snapshot = self._snapshots.current()
                tag = self._snapshots.tag(snapshot)
                if tag != known:
                    known = tag
                    self._opened()
                    assert self._next is not None  # noqa: S101 - opened above
                    # Whatever keeps them from opening, those of the next snapshot may open.
                    await asyncio.wait({self._next.meanings})
            except (KGError, OSError) as error:
                # Whoever asks for them is told; here it is only not yet there.
                _LOGGER.debug("no tables: %s", error)
            await asyncio.sleep(_LOOK_SECONDS)

    def _opened(self) -> Opened:
        """Return the newest tables that are open, or those that are being opened if none are."""
        snapshot = self._snapshots.current()
        tag = self._snapshots.tag(snapshot)
        if self._next is None or self._next.tag != tag or _failed(self._next):
            self._next = _open(tag, snapshot)
        if self._served is None or _failed(self._served) or _ready(self._next):
            self._served = self._next
        return self._served


def _open(tag: str, snapshot: Path) -> Opened:
    catalogue = asyncio.create_task(asyncio.to_thread(Catalogue, snapshot))
    meanings = asyncio.create_task(_meanings(catalogue))
    for task in (catalogue, meanings):
        # Nobody may ever wait for it; then nobody need hear that it failed.
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    return Opened(tag, snapshot, catalogue, meanings)


async def _meanings(catalogue: asyncio.Task[Catalogue]) -> Meanings:
    return await asyncio.to_thread(Meanings, await asyncio.shield(catalogue))


def _ready(opened: Opened) -> bool:
    return opened.meanings.done() and not _failed(opened)


def _failed(opened: Opened) -> bool:
    ended = [one for one in (opened.catalogue, opened.meanings) if one.done()]
    return any(one.cancelled() or one.exception() is not None for one in ended)
