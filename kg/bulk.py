"""Brings many record graphs up to date at once.

Workers make shards, one process a core; while they do, threads load those that are complete in
large pieces, which the engine writes as sorted files. The ledger calls the graphs complete after
that, and only then the shards are removed.

The records of a loader go through in the order in which the engine keeps their graphs, so that half
of those files (the indexes that begin with the graph) do not overlap, and need not be merged
afterwards.
"""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from pathlib import Path

from kg.beside import Beside
from kg.changes import remove_empty_graph, remove_events
from kg.history import Shown
from kg.iris import record_graph
from kg.shards import Job, Shard, Text, complete_shards, left_beside, make_shard
from kg.store import in_key_order
from kg.update import Plan, Run, chunks, clear

# From so many graphs on, and where most of the ledger is new, this way is the faster one.
LARGE = 2000
FOLDER = "shards"

_RECORDS = 50
# The engine sorts a million quads at a time: a load of a few more would be two sets of files, and
# one graph would stand in both.
_QUADS = 1_000_000
_LOADERS = 2
# So many loads may wait for others before workers have to.
_WAITING = 3


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
    shown = {record_graph(one.registry, one.registry_id): one for one, _ in wanted.todo}
    todo = [shown[graph] for graph in in_key_order(shown, folder)]
    todo = [one for one in todo if (one.registry, one.registry_id) not in done]
    made = run.workers.map(make_shard, _jobs(run, todo, states, folder))
    with _Loading(run, len(wanted.todo)) as loading:
        for shard in chain(kept, made):
            run.meter.worker(shard.process, shard.peak)
            loading.take(shard)
    remove_empty_graph(run.store.engine)
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
    """Loads shards in threads, some at a time, and settles their records afterwards."""

    def __init__(self, run: Run, total: int) -> None:
        self.written = 0
        self._run = run
        self._total = total
        self._made = 0
        self._waiting: list[Shard] = []
        self._loads: deque[tuple[list[Shard], Future[float]]] = deque()
        self._threads = ThreadPoolExecutor(_LOADERS)

    def __enter__(self) -> _Loading:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._load()
            self._settle(0)
        self._threads.shutdown(cancel_futures=True)

    def take(self, shard: Shard) -> None:
        """Take a shard, which is loaded together with others."""
        if sum(one.quads for one in (*self._waiting, shard)) > _QUADS:
            self._load()
            self._settle(_LOADERS + _WAITING)
        self._waiting.append(shard)
        self._made += len(shard.outcomes)
        self._run.progress("extract and validate", self._made, self._total)

    def _load(self) -> None:
        """Load what waits as soon as a thread is free."""
        if self._waiting:
            shards, self._waiting = self._waiting, []
            keys = [one.key for shard in shards for one in shard.outcomes]
            self._run.history.unsettle(keys)
            self._loads.append((shards, self._threads.submit(_replace, self._run, keys, shards)))

    def _settle(self, most: int) -> None:
        """Tell the ledger what is complete; wait until no more loads than so many are under way."""
        while self._loads and (len(self._loads) > most or self._loads[0][1].done()):
            shards, loading = self._loads.popleft()
            with self._run.meter.stage("load, waited for"):
                seconds = loading.result()
            self._run.meter.add("load", seconds)
            self._complete(shards)

    def _complete(self, shards: list[Shard]) -> None:
        with self._run.history.transaction():
            for one in (outcome for shard in shards for outcome in shard.outcomes):
                self._run.history.settle(*one.key, one.state, one.rejection or one.notes)
                self.written += one.rejection is None
        for shard in shards:
            shard.path.unlink()
        self._run.progress("write graphs", self.written, self._total)


def _replace(run: Run, keys: list[tuple[str, str]], shards: list[Shard]) -> float:
    """Load some shards, and return the seconds that it took."""
    began = time.perf_counter()
    remove_events(run.store.engine, keys)
    run.store.load_many((record_graph(*key) for key in keys), Text(shards))
    return time.perf_counter() - began
