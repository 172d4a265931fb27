"""Records whose graphs may not be what the ledger shows; all others need not be looked at.

The ledger keeps note by itself. A record is doubted as soon as one of its versions comes, changes
or leaves, it is marked or no longer marked as withdrawn, or its graph is about to change; until its
graph is settled in the very state that a plan has found to be wanted. Whoever writes the ledger
without knowing of this raises doubts all the same, and settles none wrongly.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from kg.records import REPORT

Key = tuple[str, str]

# The setting that says by which knowledge those not in doubt were found right.
_RELIED_ON = "relied on"
# Graphs of secondary records are compared one by one.
OF_RECORDS = "registry NOT GLOB 'source/*'"
OF_SOURCES = "registry GLOB 'source/*'"
_TABLE = """
CREATE TABLE IF NOT EXISTS doubts (
    registry TEXT NOT NULL, id TEXT NOT NULL, wanted TEXT, PRIMARY KEY (registry, id))
    WITHOUT ROWID;
"""
# Table, event and the row that it is about, and where it says nothing of what is shown.
_EVENTS = (
    ("versions", "INSERT", "NEW", f"NEW.standing < {REPORT}"),
    ("versions", "UPDATE", "NEW", f"NEW.standing < {REPORT} AND NEW.seen IS NOT OLD.seen"),
    ("versions", "DELETE", "OLD", f"OLD.standing < {REPORT}"),
    ("withdrawn", "INSERT", "NEW", "TRUE"),
    ("withdrawn", "UPDATE", "NEW", "TRUE"),
    ("withdrawn", "DELETE", "OLD", "TRUE"),
)
_DOUBT = """
CREATE TRIGGER IF NOT EXISTS doubt_{table}_{event} AFTER {event} ON {table} WHEN {where} BEGIN
    INSERT INTO doubts VALUES ({row}.registry, {row}.id, NULL)
        ON CONFLICT DO UPDATE SET wanted = NULL;
END;
"""
_SETTLED = f"""
CREATE TRIGGER IF NOT EXISTS doubt_graphs_delete AFTER DELETE ON graphs WHEN OLD.{OF_RECORDS} BEGIN
    INSERT INTO doubts VALUES (OLD.registry, OLD.id, NULL) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER IF NOT EXISTS doubt_graphs_insert AFTER INSERT ON graphs WHEN NEW.{OF_RECORDS} BEGIN
    INSERT INTO doubts VALUES (NEW.registry, NEW.id, NULL) ON CONFLICT DO NOTHING;
    DELETE FROM doubts
        WHERE registry = NEW.registry AND id = NEW.id AND wanted = NEW.state;
END;
"""  # noqa: S608 - constants
_ALL = f"""
INSERT INTO doubts SELECT registry, id, NULL FROM versions WHERE standing < {REPORT}
    UNION SELECT registry, id, NULL FROM graphs WHERE {OF_RECORDS}
"""  # noqa: S608 - constants
# The indexes hold all that is asked, so that no notes are read.
_STATES = """
SELECT registry, id, state FROM doubts CROSS JOIN graphs INDEXED BY graphs_by_state
    USING (registry, id)
"""
_CERTAIN = f"""
SELECT (SELECT count(*) FROM graphs WHERE {OF_RECORDS})
    - (SELECT count(*) FROM graphs WHERE rejection IS NOT NULL AND {OF_RECORDS})
    - (SELECT count(*) FROM ({_STATES}))
    + (SELECT count(*) FROM graphs CROSS JOIN doubts USING (registry, id)
        WHERE rejection IS NOT NULL)
"""  # noqa: S608 - constants


class Doubts:
    """The doubted records of a ledger; its transactions are those of the ledger."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def rely_on(self, knowledge: str) -> None:
        """Doubt all records, unless those that are not in doubt were judged by this knowledge."""
        found = self._db.execute("SELECT value FROM settings WHERE name = ?", (_RELIED_ON,))
        if found.fetchone() != (knowledge,):
            self._db.execute("DELETE FROM doubts")
            self._db.execute(_ALL)
            self._db.execute("REPLACE INTO settings VALUES (?, ?)", (_RELIED_ON, knowledge))

    def records(self) -> set[Key]:
        """Return the doubted records."""
        return set(self._db.execute("SELECT registry, id FROM doubts"))

    def states(self) -> dict[Key, str]:
        """Return what their graphs were made from, for those that are settled."""
        rows = self._db.execute(_STATES)
        return {(registry, registry_id): state for registry, registry_id, state in rows}

    def certain(self) -> int:
        """Return how many records that are not doubted are in the graph, as the ledger says."""
        return int(self._db.execute(_CERTAIN).fetchone()[0])

    def add(self, records: Iterable[Key]) -> None:
        """Doubt some more records."""
        self._db.executemany(
            "INSERT INTO doubts VALUES (?, ?, NULL) ON CONFLICT DO UPDATE SET wanted = NULL",
            records,
        )

    def keep(self, wanted: Iterable[tuple[str, str, str | None]]) -> None:
        """Doubt these records alone, each until it is settled in the state that is wanted."""
        self._db.execute("DELETE FROM doubts")
        self._db.executemany("INSERT INTO doubts VALUES (?, ?, ?)", wanted)


def make_doubts(connection: sqlite3.Connection) -> None:
    """Let a ledger keep note of doubts, where it does not yet."""
    made = (
        _DOUBT.format(table=table, event=event, row=row, where=where)
        for table, event, row, where in _EVENTS
    )
    connection.executescript("".join((_TABLE, *made, _SETTLED)))
