"""Trials straight from registry records, for the commands that need no graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.errors import UsageError
from kg.records import Trial
from kg.sources import open_source, source_files
from loaders import LOADERS


def read_trials(sources: Sequence[Path], registry: str) -> Iterator[Trial]:
    """Yield the trials of some sources; raises UsageError for a registry without a loader."""
    if registry not in LOADERS:
        raise UsageError(f"no loader for {registry!r}; there are: {', '.join(LOADERS)}")
    loader = LOADERS[registry]
    for path in source_files(sources):
        for name, stream in open_source(path):
            for raw in loader.read(stream, name):
                yield loader.parse(loader.version(raw).content)
