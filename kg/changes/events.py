"""The changes of a record: a pure function of its versions in their order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Final

from msgspec.structs import asdict, replace

from kg.changes.known import filled
from kg.changes.parts import part_changes
from kg.changes.readings import reading_changes
from kg.changes.side import Change, Side, depth, surface
from kg.changes.values import value_changes
from kg.extract.lexicon import Lexicon
from kg.iris import trial_iri
from kg.quads.change import Event
from kg.records import Record, Trial

RELEASE: Final = "1"
"""Raised whenever the events of the same versions change; they are then made anew."""

# What constructs and conditions are not read from.
_WORDLESS: Final = (
    "recruitment_status",
    "last_known_status",
    "status_verified",
    "start_date",
    "primary_completion_date",
    "completion_date",
    "first_submitted",
    "first_posted",
    "last_update_posted",
    "results_first_posted",
    "has_results",
    "enrollment",
    "enrollment_type",
    "sites",
    "references",
    "dropped",
)


class Seen(Record, frozen=True):
    """A version of a record as it was read: its own last update, and when it was retrieved."""

    trial: Trial
    last_update: dt.date | None
    seen: dt.date | None


def events(
    versions: Sequence[Seen],
    lexicon: Lexicon,
    *,
    first_seen: dt.date | None,
    withdrawn: dt.date | None = None,
) -> list[Event]:
    """Return the change events of a record, oldest first.

    `versions` are in their order, which is that of the ledger; `first_seen` is the earliest date at
    which any was retrieved, `withdrawn` the one since which the registry gives none. Each version
    is compared with what was known before it. What one of the two does not state, and a version of
    which no date is known, makes no event.
    """
    return list(_events(versions, lexicon, first_seen, withdrawn))


def _events(
    versions: Sequence[Seen],
    lexicon: Lexicon,
    first_seen: dt.date | None,
    withdrawn: dt.date | None,
) -> Iterator[Event]:
    first = versions[0]
    node = trial_iri(first.trial.registry, first.trial.registry_id)
    added = first_seen or first.seen
    if added is not None:
        posted = first.trial.first_posted
        yield Event(
            change_type="RecordAdded",
            subject=node,
            seen=added,
            registry_date=posted.day if posted else None,
        )
    known = first.trial
    for version in versions[1:]:
        now = filled(version.trial, known)
        if version.seen is not None:
            for change in changes(filled(known, now), now, lexicon):
                yield _dated(change, version)
        known = now
    if withdrawn is not None:
        yield Event(change_type="RecordWithdrawn", subject=node, seen=withdrawn)


def changes(before: Trial, after: Trial, lexicon: Lexicon) -> Iterator[Change]:
    """Yield what differs between two states of a trial of which neither is silent."""
    earlier, later = surface(before, lexicon), surface(after, lexicon)
    read = reading_changes(*_read(before, after, lexicon)) if _reworded(before, after) else ()
    yield from chain(value_changes(earlier, later), part_changes(earlier, later), read)


def _read(before: Trial, after: Trial, lexicon: Lexicon) -> tuple[Side, Side]:
    return depth(before, lexicon), depth(after, lexicon)


def _reworded(before: Trial, after: Trial) -> bool:
    wordless = {name: getattr(after, name) for name in _WORDLESS}
    return replace(before, **wordless) != after


def _dated(change: Change, version: Seen) -> Event:
    assert version.seen is not None  # noqa: S101 - asked before
    posted = version.trial.results_first_posted
    registry_date = version.last_update
    if change.change_type == "ResultsPosted" and posted is not None:
        registry_date = posted.day
    return Event(
        **{name: getattr(change, name) for name in asdict(change)},
        seen=version.seen,
        registry_date=registry_date,
    )
