"""The ledger as it stood on a day."""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from kg.errors import StoreError
from kg.history import History
from kg.records import Record

_SEEN = """
SELECT registry, id, loader, hash, seen FROM versions WHERE seen <= :day
UNION ALL SELECT registry, id, '', '', since FROM withdrawn WHERE since <= :day ORDER BY 1, 2, 3, 4
"""
_RECORDS = "SELECT count(DISTINCT registry || ' ' || id) FROM versions WHERE seen <= :day"
_FIRST = "SELECT min(seen) FROM versions"
_COPIES = (
    "INSERT INTO copy.versions SELECT * FROM main.versions WHERE seen <= :day",
    "INSERT INTO copy.withdrawn SELECT * FROM main.withdrawn WHERE since <= :day",
)


class Past(Record, frozen=True):
    """What had been seen by a day: how many records, a digest of all their versions.

    `first_day` is that on which the first version of all was seen.
    """

    records: int
    versions: str
    first_day: str | None


def past(ledger: Path, day: dt.date) -> Past:
    """Return what a ledger knew on a day."""
    asked = {"day": day.isoformat()}
    with _opened(ledger) as connection:
        digest = hashlib.sha256()
        for row in connection.execute(_SEEN, asked):
            digest.update(msgspec.json.encode(row))
        return Past(
            records=connection.execute(_RECORDS, asked).fetchone()[0],
            versions=digest.hexdigest()[:16],
            first_day=connection.execute(_FIRST).fetchone()[0],
        )


def copy_past(ledger: Path, copy: Path, day: dt.date) -> None:
    """Write a ledger that holds what another one knew on a day."""
    with History.open(copy):
        pass
    with _opened(ledger) as connection:
        connection.execute("ATTACH ? AS copy", (str(copy),))
        for statement in _COPIES:
            connection.execute(statement, {"day": day.isoformat()})


@contextmanager
def _opened(ledger: Path) -> Iterator[sqlite3.Connection]:
    if not ledger.is_file():
        raise StoreError(
            f"{ledger.parent}: nothing has been built there; run `trialkg build` first"
        )
    with History.open(ledger):
        pass
    with closing(sqlite3.connect(ledger, timeout=30)) as connection, connection:
        yield connection
