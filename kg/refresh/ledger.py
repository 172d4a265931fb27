"""What the ledger remembers of refreshes: how far they are, and what the registry gave.

It stands in the settings of the ledger, so that a backup holds it. Every entry is written after
what it speaks of: a run that dies repeats a page, and loses none.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec

from kg.history import content_hash
from kg.records import PRIMARY, Record, Version


class Open(Record, frozen=True):
    """A refresh that is not finished: what it asks, and the token of the page that comes next.

    `asked_since` is the day that the user named. An `attempt` begins with the first page.
    """

    asked_since: dt.date | None
    since: dt.date | None
    data_version: dt.datetime
    token: str | None = None
    attempt: int = 1
    pages: int = 0
    complete: bool = False


class PageNote(Record, frozen=True):
    """What one page held: identifiers of all records, those that were news, and how many failed."""

    ids: tuple[str, ...]
    changed: tuple[str, ...]
    failed: int


class Marks:
    """The part of a ledger that is about the refreshes of one registry and query."""

    def __init__(self, connection: sqlite3.Connection, registry: str, query: str) -> None:
        self._db = connection
        self._registry = registry
        self._scope = msgspec.json.encode([registry, query]).decode()

    @classmethod
    def open(cls, data: Path, registry: str, query: str) -> Self:
        """Open the ledger of a data folder, which has one."""
        connection = sqlite3.connect(data / "history.sqlite", isolation_level=None, timeout=30)
        return cls(connection, registry, query)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def unfinished(self) -> Open | None:
        """Return the refresh that was broken off."""
        found = self._value("refresh-open")
        return msgspec.json.decode(found, type=Open) if found else None

    def go_on(self, state: Open) -> None:
        """Note how far the refresh is."""
        self._keep("refresh-open", msgspec.json.encode(state).decode())

    def note_page(self, state: Open, note: PageNote) -> None:
        """Note what a page held."""
        name = f"refresh-page {state.attempt:04d} {state.pages:06d}"
        self._keep(name, msgspec.json.encode(note).decode())

    def notes(self) -> Iterator[tuple[int, PageNote]]:
        """Yield what all pages held, each with its attempt."""
        for name, value in self._all("refresh-page "):
            yield int(name.split()[1]), msgspec.json.decode(value, type=PageNote)

    def last_version(self) -> dt.datetime | None:
        """Return the data version of the registry at the last refresh that was finished."""
        found = self._value("refresh-done")
        return dt.datetime.fromisoformat(found) if found else None

    def finish(self, version: dt.datetime, ids: set[str]) -> None:
        """Note that the refresh is done and published, and what answers its query."""
        self._keep("refresh-ids", " ".join(sorted(ids)))
        self._keep("refresh-done", version.isoformat())
        self.drop()

    def drop(self) -> None:
        """Forget the refresh that was broken off."""
        for name, _ in self._all("refresh-page "):
            self._forget(name)
        self._forget("refresh-open")
        self.note_published()

    def unpublished(self) -> bool:
        """Tell whether the ledger may hold what no build has seen."""
        return self._value("refresh-unpublished") is not None

    def note_unpublished(self) -> None:
        """Note that the ledger is about to hold what no build has seen."""
        self._keep("refresh-unpublished", "")

    def note_published(self) -> None:
        """Note that a build has seen all that the ledger holds."""
        self._forget("refresh-unpublished")

    def ids(self) -> set[str] | None:
        """Return what answered the query at the last refresh, None where that is not known."""
        found = self._value("refresh-ids")
        return None if found is None else set(found.split())

    def known(self) -> set[str]:
        """Return all records of the registry's own words."""
        rows = self._db.execute(
            "SELECT DISTINCT id FROM versions WHERE registry = ? AND standing = ?",
            (self._registry, PRIMARY),
        )
        return {row[0] for row in rows}

    def withdrawn(self) -> set[str]:
        """Return the records that are marked as withdrawn."""
        rows = self._db.execute("SELECT id FROM withdrawn WHERE registry = ?", (self._registry,))
        return {row[0] for row in rows}

    def updates(self, loader: str) -> dict[str, str]:
        """Return the day of the last update of every record that a loader read."""
        rows = self._db.execute(
            "SELECT id, max(last_update) FROM versions WHERE registry = ? AND loader = ? "
            "GROUP BY id",
            (self._registry, loader),
        )
        return dict(rows)

    def has(self, loader: str, version: Version) -> bool:
        """Tell whether the ledger has this version."""
        key = (self._registry, version.registry_id, loader, content_hash(version.content))
        found = self._db.execute(
            "SELECT 1 FROM versions WHERE (registry, id, loader, hash) = (?, ?, ?, ?)", key
        )
        return found.fetchone() is not None

    def _value(self, kind: str) -> str | None:
        row = self._db.execute(
            "SELECT value FROM settings WHERE name = ?", (f"{kind} {self._scope}",)
        ).fetchone()
        return None if row is None else str(row[0])

    def _keep(self, kind: str, value: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO settings VALUES (?, ?)", (f"{kind} {self._scope}", value)
        )

    def _forget(self, kind: str) -> None:
        self._db.execute("DELETE FROM settings WHERE name = ?", (f"{kind} {self._scope}",))

    def _all(self, beginning: str) -> Iterator[tuple[str, str]]:
        rows = self._db.execute(
            "SELECT name, value FROM settings WHERE substr(name, 1, ?) = ? "
            "AND substr(name, -?) = ? ORDER BY name",
            (len(beginning), beginning, len(self._scope) + 1, f" {self._scope}"),
        ).fetchall()
        end = -len(self._scope) - 1
        yield from ((name[:end], value) for name, value in rows)
