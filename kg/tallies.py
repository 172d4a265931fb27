"""What the notes on records count, kept beside them: who adds it up need not read all notes.

Few records have anything to count, and only these have an entry. The ledger forgets an entry by
itself when the graph of the record is about to change.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import NamedTuple

import msgspec

_MISSING = "SELECT count(*) = 0 FROM sqlite_master WHERE (type, name) = ('table', 'tallies')"
# `told` is NULL as long as nobody has looked at the notes.
_TABLE = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS tallies (
    registry TEXT NOT NULL, id TEXT NOT NULL, told TEXT, PRIMARY KEY (registry, id))
    WITHOUT ROWID;
INSERT INTO tallies SELECT registry, id, NULL FROM graphs WHERE notes IS NOT NULL
    ON CONFLICT DO NOTHING;
CREATE TRIGGER IF NOT EXISTS tally_graphs_delete AFTER DELETE ON graphs BEGIN
    DELETE FROM tallies WHERE registry = OLD.registry AND id = OLD.id;
END;
CREATE TRIGGER IF NOT EXISTS tally_graphs_insert AFTER INSERT ON graphs BEGIN
    INSERT INTO tallies VALUES (NEW.registry, NEW.id, NULL) ON CONFLICT DO UPDATE SET told = NULL;
END;
COMMIT;
"""
_NEW = """
SELECT registry, id, notes FROM tallies CROSS JOIN graphs USING (registry, id)
WHERE told IS NULL AND notes IS NOT NULL
"""
_TOLD = "SELECT told, count(*) FROM tallies WHERE told IS NOT NULL GROUP BY told"


class Totals(NamedTuple):
    """How often fields could not be read, and how often there were warnings of a shape."""

    dropped: Counter[str]
    warnings: Counter[str]


class _Counted(msgspec.Struct, frozen=True):
    """Of the notes on a record what is counted; the rest is not made into anything."""

    dropped: tuple[str, ...]
    warnings: tuple[tuple[str, int], ...]


_NOTES = msgspec.json.Decoder(_Counted)


class Tallies:
    """What is counted of the records of a ledger; its transactions are those of the ledger."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def look(self) -> None:
        """Look at the notes that are new."""
        found = []
        for registry, registry_id, notes in self._db.execute(_NEW):
            counted = _NOTES.decode(notes)
            if counted.dropped or counted.warnings:
                found.append((registry, registry_id, msgspec.json.encode(counted).decode()))
        self._db.execute("DELETE FROM tallies WHERE told IS NULL")
        self._db.executemany("INSERT INTO tallies VALUES (?, ?, ?)", found)

    def totals(self) -> Totals:
        """Return what all records count that were looked at."""
        totals = Totals(Counter(), Counter())
        for told, records in self._db.execute(_TOLD):
            counted = _NOTES.decode(told)
            for field in counted.dropped:
                totals.dropped[field] += records
            for shape, count in counted.warnings:
                totals.warnings[shape] += count * records
        return totals


def make_tallies(connection: sqlite3.Connection) -> None:
    """Let a ledger keep what notes count, where it does not yet."""
    if connection.execute(_MISSING).fetchone()[0]:
        connection.executescript(_TABLE)
