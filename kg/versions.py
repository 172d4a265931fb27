"""What the ledger gives back: the versions of records, and why a record is not in the graph."""

from __future__ import annotations

import datetime as dt

from kg.records import PRIMARY, Record


class Shown(Record, frozen=True):
    """The version of a record that the graph shows; dates are None where none is known.

    `standing` says whose words they are, as that of the loader does. `withdrawn` is the day since
    which the registry does not give the record. `past` is a digest of the earlier versions in their
    order, "" where there is none, and `readers` are the loaders that read them.
    """

    registry: str
    registry_id: str
    loader: str
    hash: str
    first_seen: dt.date | None
    last_changed: dt.date | None
    standing: int = PRIMARY
    last_update: dt.date | None = None
    withdrawn: dt.date | None = None
    past: str = ""
    readers: tuple[str, ...] = ()


class Earlier(Record, frozen=True):
    """A version of a record before the one that is shown."""

    loader: str
    content: bytes
    last_update: dt.date | None
    seen: dt.date | None


class Rejection(Record, frozen=True):
    """Why a record is not in the graph.

    `registry_id` is empty where the record gives none; `length` counts the bytes of a record that
    could not be read, which is not kept, since contacts of people could not be removed from it.
    `report` says in words what a record that does not conform violates, `violations` counts that
    by shape.
    """

    registry: str
    registry_id: str
    reason: str
    field: str = ""
    remedy: str = ""
    origin: str = ""
    length: int | None = None
    report: tuple[str, ...] = ()
    violations: tuple[tuple[str, int], ...] = ()


class Reads(Record, frozen=True):
    """How the records of one run relate to what is shown."""

    read: int
    repeated: int
    superseded: int
