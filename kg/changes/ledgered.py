"""The change events of a record, from what the ledger keeps of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import Quad

from kg.changes.events import Seen, events
from kg.errors import KGError
from kg.extract.lexicon import Lexicon
from kg.iris import trial_iri
from kg.quads.change import change_quads
from kg.records import Loader, Trial
from kg.versions import Earlier, Shown


def record_changes(
    shown: Shown,
    trial: Trial,
    earlier: Sequence[Earlier],
    readers: Mapping[str, Loader],
    lexicon: Lexicon,
) -> tuple[list[Quad], int]:
    """Return the change events of a record as quads, and how many earlier versions are no trials.

    `trial` is what the shown version says. A version that its loader cannot read any more is passed
    over, as if it had never been seen.
    """
    before = list(_read(earlier, readers))
    now = Seen(trial=trial, last_update=shown.last_update, seen=shown.last_changed)
    found = events([*before, now], lexicon, first_seen=shown.first_seen, withdrawn=shown.withdrawn)
    quads = change_quads(trial_iri(shown.registry, shown.registry_id), found)
    return quads, len(earlier) - len(before)


def _read(earlier: Sequence[Earlier], readers: Mapping[str, Loader]) -> Iterator[Seen]:
    for version in earlier:
        try:
            trial = readers[version.loader].parse(version.content)
        except (KGError, ValueError):
            continue
        yield Seen(trial=trial, last_update=version.last_update, seen=version.seen)
