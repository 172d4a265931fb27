"""Records that a registry does not give any more: found, and marked; none is ever removed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from kg.errors import TokenExpired
from kg.history import History
from kg.refresh.ledger import Marks
from kg.refresh.report import RefreshReport
from kg.refresh.server import Server

# What may vanish at once and be believed: so many, or such a share of what is known.
_BELIEVED = 10
_SHARE = 0.02
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a query now, what the registry has not any more, and what was not fetched."""

    answering: set[str]
    gone: set[str]
    unfetched: int


def look_for_vanished(
    server: Server, query: str, before: set[str], fetched: set[str], *, whole: bool
) -> Found:
    """Return which records that answered before the registry does not give any more.

    Where everything was fetched, that is the listing. Else the registry is asked how many answer:
    as many as are known means that none vanished, since what is new was updated, and so fetched.
    If not, it is asked for their identifiers, or for each that is known where these are fewer. What
    is not listed is asked for by its identifier, since it may only have left the query.
    """
    kept = before | fetched
    if whole:
        listed: set[str] | None = fetched
    elif (total := server.count(query)) == len(kept):
        return Found(kept, set(), 0)
    else:
        listed = None if len(kept) * 2 < total else _listed(server, query)
    missing = kept - (fetched if listed is None else listed)
    gone = missing - server.given(sorted(missing))
    answering = kept - gone if listed is None else listed | fetched
    return Found(answering, gone, len(answering - kept))


def mark(
    history: History,
    marks: Marks,
    found: Found,
    fetched: set[str],
    day: dt.date,
    most: int | None,
    report: RefreshReport,
) -> None:
    """Mark the vanished as withdrawn since a day, and no longer what is given again.

    Where more vanished than can be believed, none is marked, and the report says how many.
    """
    registry, marked, known = report.registry, marks.withdrawn(), marks.known()
    gone = sorted((found.gone & known) - marked)
    returned = sorted(fetched & marked)
    report.unfetched = found.unfetched
    if len(gone) > (max(_BELIEVED, int(len(known) * _SHARE)) if most is None else most):
        report.doubtful, gone = len(gone), []
    if gone or returned:
        marks.note_unpublished()
    report.withdrawn = sum(history.mark_withdrawn(registry, one, day) for one in gone)
    report.returned = sum(history.mark_returned(registry, one) for one in returned)


def _listed(server: Server, query: str) -> set[str]:
    for left in range(_ATTEMPTS, 0, -1):
        try:
            return {one for page in server.ids(query) for one in page}
        except TokenExpired:
            if left == 1:
                raise
    return set()
