"""Which snapshot queries run on: the published one, or the last good one where that is damaged."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from kg.errors import StoreError

_LOGGER = logging.getLogger(__name__)


class DamagedSnapshotError(StoreError):
    """The engine cannot open or read a snapshot that is there."""


class Snapshots:
    """The published snapshot as `locate` names it, and its neighbours to fall back to.

    A snapshot that turned out to be damaged is passed over until its files change. Where the
    pointer cannot be read any more, what was served last goes on being served.
    """

    def __init__(self, locate: Callable[[], Path]) -> None:
        self.locate = locate
        self.damaged: dict[str, str] = {}
        self._tags: dict[Path, str] = {}
        self._last: Path | None = None
        self._lost = ""

    def current(self) -> Path:
        """Return the snapshot for the next query; raises StoreError where there is none."""
        published = self._located()
        if not self.damaged or self.tag(published) not in self.damaged:
            return published
        for older in _older(published):
            if self.tag(older) not in self.damaged:
                return older
        raise DamagedSnapshotError(self.damaged[self.tag(published)])

    def _located(self) -> Path:
        try:
            self._last, self._lost = self.locate(), ""
        except (StoreError, OSError) as error:
            if self._last is None or not self._last.is_dir():
                raise
            if not self._lost:
                _LOGGER.exception("serving %s on", self._last)
            self._lost = str(error)
        return self._last

    def troubles(self) -> list[str]:
        """Return what is wrong with what is published, in words."""
        return [*self.damaged.values(), *filter(None, [self._lost])]

    def tag(self, snapshot: Path) -> str:
        """Return what identifies the content of a snapshot, for as long as its files stay."""
        known = self._tags.get(snapshot) or _tag(snapshot)
        if known:
            self._tags[snapshot] = known
        return known

    def spoil(self, snapshot: Path, reason: str) -> bool:
        """Pass over a snapshot from now on; return whether there is another one to serve.

        One that is gone was not damaged: others have been published and took its place.
        """
        self._tags.pop(snapshot, None)
        if not snapshot.is_dir():
            return self.current() != snapshot
        self.damaged[self.tag(snapshot)] = reason
        try:
            other = self.current()
        except StoreError:
            _LOGGER.exception("%s is damaged and there is no other snapshot", snapshot)
            return False
        _LOGGER.error("%s; serving %s instead", reason, other)
        return True


def _older(published: Path) -> list[Path]:
    """Return the snapshots beside the published one that were made before it, newest first."""
    if not published.name.isdecimal() or not published.parent.is_dir():
        return []
    others = [path for path in published.parent.iterdir() if path.name.isdecimal()]
    earlier = [path for path in others if int(path.name) < int(published.name)]
    return sorted(earlier, key=lambda path: int(path.name), reverse=True)


def _tag(snapshot: Path) -> str:
    """Digest names, sizes and times of the files; nothing writes to a snapshot once it is there."""
    digest = hashlib.sha256(str(snapshot).encode())
    try:
        files = sorted(snapshot.iterdir())
        for file in files:
            if file.name != "LOCK" and not file.name.startswith("LOG"):
                facts = file.stat()
                digest.update(f"{file.name}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    except OSError:
        return ""
    return digest.hexdigest()[:16]
