"""Joins the tables of a dump by study on disk, so that memory does not grow with the dump."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import PurePosixPath
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.aact.tables import ALWAYS_LEFT_OUT, NOT_READ, PEOPLE, READ, UNREAD
from loaders.clinicaltrials.versions import REGISTRY
from loaders.json_value import Json
from loaders.rows import rows

DELIMITER: Final = "|"
_ID = re.compile(r"NCT\d{8}", re.ASCII)
_SCHEMA = """
CREATE TABLE rows (nct_id TEXT NOT NULL, part TEXT NOT NULL, content BLOB NOT NULL);
CREATE TABLE unreadable (error BLOB NOT NULL);
"""


class Tables:
    """The tables of one dump, in a file that is gone when it is closed."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="trialkg-aact-")
        self._db = sqlite3.connect(f"{self._folder.name}/rows.sqlite", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.executescript(_SCHEMA)
        self._unknown: set[str] = set()
        self._place = ""

    def add(self, stream: BinaryIO, name: str) -> None:
        """Take in a table; raises RecordError for a file that is none of AACT."""
        table = table_of(name)
        if table in UNREAD:
            return
        if table not in READ and table not in PEOPLE:
            remedy = "give the pipe-delimited files as AACT names them: studies.txt, sponsors.txt"
            reason = f"{table!r} is no table of AACT"
            raise RecordError(REGISTRY, "", reason, origin=name, remedy=remedy)
        self._place = self._place or str(PurePosixPath(name).parent)
        self._db.execute("BEGIN")
        for number, row in rows(REGISTRY, "nct_id", stream, name, DELIMITER):
            if isinstance(row, RecordError):
                self._keep_error(row)
            elif _ID.fullmatch(row["nct_id"].strip()):
                self._keep(table, row)
            else:
                reason = f"{row['nct_id'][:40]!r} is no identifier of the form NCT01234567"
                origin, remedy = f"{name} row {number}", "correct the row"
                self._keep_error(
                    RecordError(REGISTRY, "", reason, field="nct_id", origin=origin, remedy=remedy)
                )
        self._db.execute("COMMIT")

    def records(self) -> Iterator[RawRecord | RecordError]:
        """Yield a record for each study, in the order of NCT numbers."""
        for (error,) in self._db.execute("SELECT error FROM unreadable ORDER BY rowid"):
            fields = msgspec.json.decode(error)
            yield RecordError(*fields[:3], field=fields[3], remedy=fields[4], origin=fields[5])
        unknown = sorted(self._unknown)
        listed = self._db.execute("SELECT * FROM rows ORDER BY nct_id, part, rowid")
        for nct_id, group in groupby(listed, key=itemgetter(0)):
            record: dict[str, Json] = {"unknownColumns": unknown}
            for _, part, content in group:
                record.setdefault(part, []).append(msgspec.Raw(content))
            yield _checked(nct_id, record, f"{self._place} {nct_id}")

    def close(self) -> None:
        """Remove the file."""
        self._db.close()
        self._folder.cleanup()

    def _keep(self, table: str, row: dict[str, str]) -> None:
        wanted = READ.get(table) or PEOPLE[table]
        for column in row.keys() - wanted - ALWAYS_LEFT_OUT:
            if f"{table}.{column}" not in NOT_READ and table not in PEOPLE:
                self._unknown.add(f"{table}.{column}")
        kept = {key: value for key, value in row.items() if key in wanted and value != ""}
        content = msgspec.json.encode(kept)
        self._db.execute(
            "INSERT INTO rows VALUES (?, ?, ?)", (row["nct_id"].strip(), table, content)
        )

    def _keep_error(self, error: RecordError) -> None:
        fields = (error.registry, error.registry_id, error.reason)
        rest = (error.field, error.remedy, error.origin)
        self._db.execute(
            "INSERT INTO unreadable VALUES (?)", (msgspec.json.encode((*fields, *rest)),)
        )


def table_of(name: str) -> str:
    """Return the table that a file holds, by its name."""
    return PurePosixPath(name).name.removesuffix(".gz").rpartition(".")[0].lower()


def _checked(nct_id: str, record: dict[str, Json], origin: str) -> RawRecord | RecordError:
    found = len(record.get("studies", ()))
    if found == 1:
        return RawRecord(content=msgspec.json.encode(record), origin=origin)
    if found:
        reason, remedy = f"stands {found} times in studies", "keep one row of it"
    else:
        reason, remedy = "has rows but none in studies", "give studies.txt of the same dump"
    return RecordError(REGISTRY, nct_id, reason, field="nct_id", origin=origin, remedy=remedy)
