"""What changed: events from the versions of a record, and the answer to who follows what."""

from __future__ import annotations

from kg.changes.events import RELEASE, Seen, events
from kg.changes.ledgered import record_changes
from kg.changes.stored import (
    remove_changes,
    remove_empty_graph,
    remove_events,
    remove_torn_changes,
)

__all__ = [
    "RELEASE",
    "Seen",
    "events",
    "record_changes",
    "remove_changes",
    "remove_empty_graph",
    "remove_events",
    "remove_torn_changes",
]
