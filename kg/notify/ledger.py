"""The ledger of deliveries: which change went to whom, so that none goes twice.

A delivery is written down as under way before the last step of sending it and as sent after that.
One that is under way when a run begins was cut short in between: nobody knows whether it arrived.
It is in doubt, is told of, and is not sent again unless somebody says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

from kg.errors import StoreError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS deliveries (
    subscription TEXT NOT NULL, target TEXT NOT NULL, event TEXT NOT NULL,
    message TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (subscription, target, event)) WITHOUT ROWID
"""


class Deliveries:
    """The ledger of one data folder; one process sends at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    @classmethod
    def open(cls, data: Path) -> Self:
        """Open the ledger; make it where there is none. Raises StoreError while another run sends.

        The lock is held until the ledger is closed, or the process ends.
        """
        path = data / "deliveries.sqlite"
        try:
            connection = sqlite3.connect(path, isolation_level=None, timeout=0)
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_SCHEMA)
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise StoreError(f"{path}: another run is sending, or it cannot be opened") from error
        return cls(connection)

    @classmethod
    def preview(cls, data: Path) -> Self:
        """Return a copy of the ledger, in memory: what is done to it leaves no trace."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        path = data / "deliveries.sqlite"
        if path.is_file():
            with closing(sqlite3.connect(path, timeout=30)) as kept:
                kept.backup(connection)
        connection.execute(_SCHEMA)
        return cls(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def settled(self, subscription: str, target: str) -> set[str]:
        """Return the changes that are not to be sent: those sent, and those in doubt."""
        rows = self._db.execute(
            "SELECT event FROM deliveries WHERE (subscription, target) = (?, ?)",
            (subscription, target),
        )
        return {row[0] for row in rows}

    def begin(self, subscription: str, target: str, message: str, events: Sequence[str]) -> None:
        """Write down that a message is about to leave, with all its changes or none."""
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT INTO deliveries VALUES (?, ?, ?, ?, 'under way')",
            ((subscription, target, event, message) for event in events),
        )
        self._db.execute("COMMIT")

    def sent(self, message: str) -> None:
        """Write down that a message arrived."""
        self._db.execute("UPDATE deliveries SET state = 'sent' WHERE message = ?", (message,))

    def failed(self, message: str) -> None:
        """Write down that a message was refused: its changes go with the next one."""
        self._db.execute("DELETE FROM deliveries WHERE message = ?", (message,))

    def doubtful(self) -> list[tuple[str, str, str, int]]:
        """Return subscription, target, message and number of changes of what is in doubt."""
        rows = self._db.execute(
            "SELECT subscription, target, message, count(*) FROM deliveries "
            "WHERE state = 'under way' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        )
        return rows.fetchall()

    def take_for_sent(self) -> int:
        """Let what is in doubt count as sent, and return how many changes that are."""
        done = self._db.execute("UPDATE deliveries SET state = 'sent' WHERE state = 'under way'")
        return done.rowcount

    def send_again(self) -> int:
        """Let what is in doubt be sent again, and return how many changes that are."""
        done = self._db.execute("DELETE FROM deliveries WHERE state = 'under way'")
        return done.rowcount
