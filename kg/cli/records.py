"""Trials straight from registry records, for the commands that need no graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import RecordError, UsageError
from kg.forms import raw_records
from kg.records import Trial
from loaders import LOADERS


def read_trials(sources: Sequence[Path], registry: str | None) -> Iterator[Trial]:
    """Yield the trials of some sources; the first that cannot be read raises its error.

    Without a `registry` each file is read by the loader that recognises it; raises UsageError for
    one without a loader.
    """
    if registry is not None and registry not in LOADERS:
        raise UsageError(f"no loader for {registry!r}; there are: {', '.join(LOADERS)}")
    for loader, raw in raw_records(sources, LOADERS, registry):
        if isinstance(raw, RecordError) or loader is None:
            raise raw if isinstance(raw, RecordError) else UsageError(raw.origin)
        yield loader.parse(loader.version(raw).content)
