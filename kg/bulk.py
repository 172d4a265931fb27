"""Brings many record graphs up to date at once.

Workers make shards, one process a core; while they do, a thread loads those that are complete in
large pieces, which the engine writes as sorted files. The ledger calls the graphs complete after
that, and only then the shards are removed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from kg.beside import Beside
from kg.changes import remove_changes
from kg.history import Shown
from kg.iris import record_graph
from kg.shards import Job, Shard, Text, complete_shards, left_beside, make_shard
from kg.update import Plan, Run, chunks, clear

# From so many graphs on, and where most of the ledger is new, this way is the faster one.
LARGE = 2000
FOLDER = "shards"

_RECORDS = 50
# What is loaded at once: so much as soon as nothing is being loaded, and never much more. The
# engine sorts a million quads at a time, however many it is given.
_LEAST_BYTES, _MOST_BYTES = 192 << 20, 640 << 20


def is_large(wanted: Plan, large: int = LARGE) -> bool:
    """Return whether a plan is for the way of this module: so many records, and most of all."""
    return len(wanted.todo) >= max(large, wanted.unchanged)


def write_many(run: Run, wanted: Plan, data: Path) -> int:
    """Let the record graphs be what the plan wants, and return how many were written.

    It reuses the shards that a killed build has left in the data folder.
    """
    clear(run, wanted)
    folder = data / FOLDER
    folder.mkdir(exist_ok=True)
    states = {(one.registry, one.registry_id): digest for one, digest in wanted.todo}
    kept = list(_kept(folder, states))
    done = {one.key for shard in kept for one in shard.outcomes}
    todo = [one for one, _ in wanted.todo if (one.registry, one.registry_id) not in done]
    made = run.workers.map(make_shard, _jobs(run, todo, states, folder))
    with _Loading(run, len(wanted.todo)) as loading:
        for shard in chain(kept, made):
            run.meter.worker(shard.process, shard.peak)
            loading.take(shard)
    return loading.written


def beside_records(run: Run, data: Path) -> Beside | None:
    """Return what all record graphs leave, None where some were not made by way of shards."""
    aside = run.history.kept_aside()
    states = {key: state for key, state in run.history.states().items() if key not in aside}
    return left_beside(data / FOLDER, states)


def remove_shards(data: Path) -> None:
    """Remove what shards leave until publication."""
    shutil.rmtree(data / FOLDER, ignore_errors=True)


def _kept(folder: Path, states: Mapping[tuple[str, str], str]) -> Iterator[Shard]:
    """Yield the shards of which every graph is still wanted as it is; remove the others."""
    for shard in complete_shards(folder):
        if all(states.get(one.key) == one.state for one in shard.outcomes):
            yield shard
        else:
            shard.path.unlink()


def _jobs(
    run: Run, todo: list[Shown], states: Mapping[tuple[str, str], str], folder: Path
) -> Iterator[Job]:
    for chunk in chunks(run, todo, _RECORDS, whole=True):
        keys = ((task.shown.registry, task.shown.registry_id) for task in chunk.tasks)
        yield Job(chunk=chunk, states=tuple(states[key] for key in keys), folder=folder)


class _Loading:
    """Loads shards in a thread, some at a time, and settles their records afterwards."""

    def __init__(self, run: Run, total: int) -> None:
        self.written = 0
        self._run = run
        self._total = total
        self._made = 0
        self._waiting: list[Shard] = []
        self._loaded: tuple[list[Shard], Future[None]] | None = None
        self._thread = ThreadPoolExecutor(1)

    def __enter__(self) -> _Loading:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._load()
            self._settle()
        self._thread.shutdown(cancel_futures=True)

    def take(self, shard: Shard) -> None:
        """Take a shard, which is loaded together with others."""
        self._waiting.append(shard)
        self._made += len(shard.outcomes)
        self._run.progress("extract and validate", self._made, self._total)
        waiting = sum(one.length for one in self._waiting)
        idle = self._loaded is None or self._loaded[1].done()
        if waiting >= (_LEAST_BYTES if idle else _MOST_BYTES):
            self._load()

    def _load(self) -> None:
        """Start to load what waits, when what was being loaded is."""
        self._settle()
        if self._waiting:
            shards, self._waiting = self._waiting, []
            keys = [one.key for shard in shards for one in shard.outcomes]
            self._run.history.unsettle(keys)
            self._loaded = (shards, self._thread.submit(_replace, self._run, keys, shards))

    def _settle(self) -> None:
        """Wait for the thread, and tell the ledger what is complete."""
        if self._loaded is None:
            return
        (shards, loading), self._loaded = self._loaded, None
        with self._run.meter.stage("load, waited for"):
            loading.result()
        with self._run.history.transaction():
            for one in (outcome for shard in shards for outcome in shard.outcomes):
                self._run.history.settle(*one.key, one.state, one.rejection or one.notes)
                self.written += one.rejection is None
        for shard in shards:
            shard.path.unlink()
        self._run.progress("write graphs", self.written, self._total)


def _replace(run: Run, keys: list[tuple[str, str]], shards: list[Shard]) -> None:
    with run.meter.stage("load"):
        remove_changes(run.store.engine, keys)
        run.store.load_many((record_graph(*key) for key in keys), Text(shards))
