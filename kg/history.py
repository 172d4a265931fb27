"""The ledger: every version of every record, and what is known of its graph.

One SQLite file. What it holds depends on the versions seen, never on their order; the graph can be
built anew from it alone.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import msgspec
import zstandard

from kg.digests import Digests, make_table
from kg.doubts import OF_RECORDS, OF_SOURCES, Doubts, make_doubts
from kg.errors import StoreError
from kg.records import PRIMARY, Loader, Version
from kg.shown import DOUBTED, ORDERED, READS, SECONDARY, SHOWN
from kg.tallies import Tallies, make_tallies
from kg.versions import Earlier, Reads, Rejection, Shown

__all__ = [
    "Earlier",
    "History",
    "Reads",
    "Rejection",
    "Shown",
    "content_hash",
    "registry_of",
    "source_key",
]

_FORMAT = 2
_SHARED = "shared"
_SCHEMA = """
CREATE TABLE versions (
    registry TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL,
    loader TEXT NOT NULL, standing INTEGER NOT NULL,
    last_update TEXT, modules INTEGER NOT NULL, seen TEXT, content BLOB NOT NULL,
    PRIMARY KEY (registry, id, loader, hash));
CREATE TABLE graphs (
    registry TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, rejection BLOB, notes BLOB,
    PRIMARY KEY (registry, id));
CREATE TABLE unreadable (
    registry TEXT NOT NULL, digest TEXT NOT NULL, rejection BLOB NOT NULL,
    PRIMARY KEY (registry, digest));
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
_WITHDRAWN = """
CREATE TABLE IF NOT EXISTS withdrawn (
    registry TEXT NOT NULL, id TEXT NOT NULL, since TEXT NOT NULL, PRIMARY KEY (registry, id))
"""
# What is asked of every record is read from these alone, and not past its contents and notes.
_INDEXES = f"""
CREATE INDEX IF NOT EXISTS versions_by_day
    ON versions (registry, id, standing, last_update, modules, seen, hash, loader);
CREATE INDEX IF NOT EXISTS versions_of_others
    ON versions (registry, id, loader, last_update, modules, seen, hash, standing)
    WHERE standing > {PRIMARY};
CREATE INDEX IF NOT EXISTS graphs_by_state ON graphs (registry, id, state);
CREATE INDEX IF NOT EXISTS graphs_kept_aside ON graphs (registry, id) WHERE rejection IS NOT NULL;
"""
_SETTLED = f"""
SELECT (SELECT count(*) FROM graphs WHERE {OF_RECORDS}),
    (SELECT count(*) FROM graphs WHERE rejection IS NOT NULL AND {OF_RECORDS})
"""  # noqa: S608 - constants
_SOURCE = "source/"
_READS = "CREATE TEMP TABLE reads (registry TEXT, id TEXT, loader TEXT, hash TEXT)"
_UPSERT = """
INSERT INTO versions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET seen = min(ifnull(seen, excluded.seen), ifnull(excluded.seen, seen))
WHERE excluded.seen IS NOT NULL
"""


class History:
    """The ledger of one data folder; one process writes it at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._zip = zstandard.ZstdCompressor(level=3)
        self._unzip = zstandard.ZstdDecompressor()
        self.doubts = Doubts(connection)
        self.tallies = Tallies(connection)
        self.digests = Digests(connection)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the ledger; make it where there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            connection = sqlite3.connect(path, isolation_level=None, timeout=30)
            connection.execute("PRAGMA journal_mode=WAL")
            _require_format(connection, path)
        except sqlite3.Error as error:
            raise StoreError(f"{path}: the history cannot be opened: {error}") from error
        connection.execute(_READS)
        connection.execute(_WITHDRAWN)
        make_table(connection)
        connection.executescript(_INDEXES)
        make_doubts(connection)
        make_tallies(connection)
        return cls(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all writes of the block, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, loader: Loader, versions: Iterable[tuple[Version, dt.date | None]]) -> None:
        """Keep versions with their seen dates; a version that is known keeps the earlier date."""
        with self.transaction():
            for version, seen in versions:
                digest = content_hash(version.content)
                content = self._zip.compress(version.content)
                key = (registry_of(version, loader), version.registry_id)
                dated = (_text(version.last_update), version.modules, _text(seen), content)
                row = (*key, digest, loader.name, loader.standing, *dated)
                self._db.execute(_UPSERT, row)
                self._db.execute(
                    "INSERT INTO reads VALUES (?, ?, ?, ?)", (*key, loader.name, digest)
                )

    def reads(self) -> Reads:
        """Count what this process has added: all, the same again, and what is not shown."""
        if self._db.execute("SELECT 1 FROM reads LIMIT 1").fetchone() is None:
            return Reads(read=0, repeated=0, superseded=0)
        total, distinct, shown = self._db.execute(READS).fetchone()
        return Reads(read=total, repeated=total - distinct, superseded=distinct - shown)

    def shown(self) -> Iterator[Shown]:
        """Yield the shown version of every record, by registry and id.

        The registry's own records come before copies of them; of these it is the one with the
        latest last update; of equal ones the fuller, then the one seen
        last, then the one with the greater hash; a missing date is the smallest.
        """
        return self._versions(SHOWN)

    def doubted(self) -> Iterator[Shown]:
        """Yield the same of the records that are doubted."""
        return self._versions(DOUBTED)

    def secondary(self) -> Iterator[Shown]:
        """Yield the latest version of every record that is not the registry's own, by loader.

        One for each loader, registry and id; a copy also where it stands in for the registry's own.
        """
        return self._versions(SECONDARY)

    def _versions(self, query: str) -> Iterator[Shown]:
        for row in self._db.execute(query).fetchall():
            registry, registry_id, loader, digest, first, last, standing, *facts = row
            update, since, versions = facts
            key = (registry, registry_id, standing)
            past = self._db.execute(ORDERED, key).fetchall()[:-1] if versions > 1 else []
            yield Shown(
                registry=registry,
                registry_id=registry_id,
                loader=loader,
                hash=digest,
                first_seen=_date(first),
                last_changed=_date(last),
                standing=standing,
                last_update=_date(update),
                withdrawn=_date(since),
                past=content_hash(msgspec.json.encode(past)) if past else "",
                readers=tuple(sorted({one[0] for one in past})),
            )

    def earlier(self, shown: Shown) -> list[Earlier]:
        """Return the versions before the shown one, oldest first: of its standing, as it orders."""
        if not shown.past:
            return []
        key = (shown.registry, shown.registry_id)
        past = self._db.execute(ORDERED, (*key, shown.standing)).fetchall()[:-1]
        return [
            Earlier(
                loader=loader,
                content=self._content(*key, loader, digest),
                last_update=_date(update),
                seen=_date(seen),
            )
            for loader, digest, seen, update in past
        ]

    def content(self, shown: Shown) -> bytes:
        """Return the canonical content of a version."""
        return self._content(shown.registry, shown.registry_id, shown.loader, shown.hash)

    def _content(self, *key: str) -> bytes:
        row = self._db.execute(
            "SELECT content FROM versions WHERE (registry, id, loader, hash) = (?, ?, ?, ?)", key
        ).fetchone()
        if row is None:
            raise StoreError(f"the history has no version {' '.join(key)}")
        return self._unzip.decompress(row[0])

    def count(self) -> tuple[int, int]:
        """Return how many records and how many versions are kept."""
        records, versions = self._db.execute(
            "SELECT (SELECT count(*) FROM (SELECT DISTINCT registry, id FROM versions)), count(*) "
            "FROM versions"
        ).fetchone()
        return records, versions

    def is_empty(self) -> bool:
        """Return whether no version is kept."""
        return self._db.execute("SELECT 1 FROM versions LIMIT 1").fetchone() is None

    def mark_withdrawn(self, registry: str, registry_id: str, since: dt.date) -> bool:
        """Note that the registry does not give a record any more; return whether that is news.

        The record is kept, and shown as before with the day. Of several days the first counts.
        Raises StoreError for a record that is not known.
        """
        key = (registry, registry_id)
        known = "SELECT 1 FROM versions WHERE (registry, id) = (?, ?)"
        if self._db.execute(known, key).fetchone() is None:
            raise StoreError(f"the history has no record {registry} {registry_id}")
        done = self._db.execute(
            "INSERT INTO withdrawn VALUES (?, ?, ?) ON CONFLICT DO UPDATE "
            "SET since = excluded.since WHERE excluded.since < since",
            (*key, since.isoformat()),
        )
        return done.rowcount > 0

    def mark_returned(self, registry: str, registry_id: str) -> bool:
        """Take back that a record is withdrawn; return whether it was."""
        done = self._db.execute(
            "DELETE FROM withdrawn WHERE (registry, id) = (?, ?)", (registry, registry_id)
        )
        return done.rowcount > 0

    def delete(self, registry: str, registry_id: str) -> int:
        """Forget every version of a record; return how many there were."""
        self.mark_returned(registry, registry_id)
        done = self._db.execute(
            "DELETE FROM versions WHERE (registry, id) = (?, ?)", (registry, registry_id)
        )
        return done.rowcount

    def states(self) -> dict[tuple[str, str], str]:
        """Return what each record's graph was made from, for graphs that are complete."""
        return self._states(OF_RECORDS)

    def source_states(self) -> dict[tuple[str, str], str]:
        """Return the same for the graphs of secondary records, by the keys of `source_key`."""
        return self._states(OF_SOURCES)

    def _states(self, those: str) -> dict[tuple[str, str], str]:
        rows = self._db.execute(f"SELECT registry, id, state FROM graphs WHERE {those}")  # noqa: S608 - constants
        return {(registry, registry_id): state for registry, registry_id, state in rows}

    def settled(self) -> tuple[int, int]:
        """Return how many records are settled, and how many of these are kept aside."""
        settled, aside = self._db.execute(_SETTLED).fetchone()
        return settled, aside

    def settle(
        self, registry: str, registry_id: str, state: str, outcome: bytes | Rejection | None
    ) -> None:
        """Note that a record's graph is complete, or that the record is kept aside, and why.

        `outcome` is a rejection, or notes on the graph that `notes` gives back, or nothing.
        """
        kept = isinstance(outcome, Rejection)
        rejection = msgspec.json.encode(outcome) if kept else None
        notes = None if kept else outcome
        self._db.execute(
            "INSERT OR REPLACE INTO graphs VALUES (?, ?, ?, ?, ?)",
            (registry, registry_id, state, rejection, notes),
        )

    def unsettle(self, records: Iterable[tuple[str, str]]) -> None:
        """Note that these graphs are about to change: until settled again they count as absent."""
        keys = list(records)
        with self.transaction():
            self._db.executemany("DELETE FROM graphs WHERE (registry, id) = (?, ?)", keys)
            self.digests.forget(keys)

    def notes(self) -> Iterator[bytes]:
        """Yield the notes on every record that is in the graph, by registry and id."""
        rows = self._db.execute(
            "SELECT notes FROM graphs WHERE notes IS NOT NULL ORDER BY registry, id"
        )
        return (row[0] for row in rows)

    def notes_on(self, records: Iterable[tuple[str, str]]) -> Iterator[bytes]:
        """Yield the notes on those of some records that are in the graph."""
        for key in records:
            row = self._db.execute(
                "SELECT notes FROM graphs WHERE (registry, id) = (?, ?)", key
            ).fetchone()
            if row is not None and row[0] is not None:
                yield row[0]

    def kept_aside(self) -> set[tuple[str, str]]:
        """Return the records that are known and not in the graph, since they were rejected."""
        rows = self._db.execute("SELECT registry, id FROM graphs WHERE rejection IS NOT NULL")
        return set(rows)

    def keep_unreadable(self, content: bytes, rejection: Rejection) -> None:
        """Keep the reason why something in a source is no record; the same thing only once."""
        self._db.execute(
            "INSERT OR REPLACE INTO unreadable VALUES (?, ?, ?)",
            (rejection.registry, content_hash(content), msgspec.json.encode(rejection)),
        )

    def note_shared(self, rejections: Sequence[Rejection]) -> None:
        """Note what is wrong with the graphs that records share, in place of earlier notes."""
        self.remember(_SHARED, msgspec.json.encode(rejections).decode())

    def shared_rejections(self) -> list[Rejection]:
        """Return what is wrong with the graphs that records share."""
        return msgspec.json.decode(self.setting(_SHARED) or "[]", type=list[Rejection])

    def rejections(self) -> list[Rejection]:
        """Return all that was ever unreadable, and whatever does not conform now."""
        rows = self._db.execute(
            "SELECT rejection FROM unreadable UNION ALL "
            "SELECT rejection FROM graphs WHERE rejection IS NOT NULL"
        )
        found = [msgspec.json.decode(row[0], type=Rejection) for row in rows]
        found += self.shared_rejections()
        return sorted(found, key=lambda one: (one.registry, one.registry_id, one.origin))

    def setting(self, name: str) -> str | None:
        """Return a remembered value, None where there is none."""
        row = self._db.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Keep a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, value))


def source_key(secondary: Shown) -> tuple[str, str]:
    """Return under which key the state of the graph of a secondary record is kept."""
    return f"{_SOURCE}{secondary.loader}", secondary.registry_id


def registry_of(version: Version, loader: Loader) -> str:
    """Return the registry of a version; raises ValueError where it cannot be known."""
    registry = version.registry or loader.registry
    if registry is None:
        raise ValueError(f"{loader.name} read {version.registry_id} without saying its registry")
    return registry


def content_hash(content: bytes) -> str:
    """Return the hash by which a version is known."""
    return hashlib.sha256(content).hexdigest()


def _require_format(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == 0:
        connection.executescript(f"BEGIN;{_SCHEMA}PRAGMA user_version={_FORMAT};COMMIT;")
    elif found != _FORMAT:
        raise StoreError(
            f"{path}: written by another release (format {found}, this one writes {_FORMAT}); "
            "build from the sources into a new --data folder"
        )


def _text(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
