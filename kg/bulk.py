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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from kg.beside import Beside
from kg.changes import remove_empty_graph, remove_events
from kg.history import Shown
from kg.iris import record_graph
from kg.loads import Loaded, Loads
from kg.shards import Job, Shard, Text, complete_shards, left_beside, make_shard
from kg.store import in_key_order
from kg.update import Plan, Run, chunks, clear

# From so many graphs on, and where most of the ledger is new, this way is the faster one.
LARGE = 2000
FOLDER = "shards"

_RECORDS = 50


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
    written = _load_all(run, chain(kept, made), len(wanted.todo))
    remove_empty_graph(run.store.engine)
    return written


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


def _load_all(run: Run, shards: Iterable[Shard], total: int) -> int:
    """Load shards as they come, and return how many graphs are written."""
    made, written = 0, 0
    with Loads(partial(_begin, run)) as loads:
        for shard in shards:
            run.meter.worker(shard.process, shard.peak)
            made += len(shard.outcomes)
            run.progress("extract and validate", made, total)
            if settled := _settle(run, loads.take(shard)):
                written += settled
                run.progress("write graphs", written, total)
        written += _settle(run, loads.finish())
    run.progress("write graphs", written, total)
    return written


def _begin(run: Run, shards: Sequence[Shard]) -> Callable[[], float]:
    """Tell the ledger what is about to be loaded, and return the work of doing so."""
    keys = [one.key for shard in shards for one in shard.outcomes]
    run.history.unsettle(keys)
    return partial(_replace, run, keys, shards)


def _settle(run: Run, loaded: Iterable[Loaded]) -> int:
    """Tell the ledger what is complete, and return how many graphs that are."""
    written = 0
    for shards, loading in loaded:
        with run.meter.stage("load, waited for"):
            seconds = loading.result()
        run.meter.add("load", seconds)
        with run.history.transaction():
            for one in (outcome for shard in shards for outcome in shard.outcomes):
                run.history.settle(*one.key, one.state, one.rejection or one.notes)
                run.history.digests.keep(one.key, one.state, one.digests)
                written += one.rejection is None
        for shard in shards:
            shard.path.unlink()
    return written


def _replace(run: Run, keys: list[tuple[str, str]], shards: Sequence[Shard]) -> float:
    """Load some shards, and return the seconds that it took."""
    began = time.perf_counter()
    remove_events(run.store.engine, keys)
    run.store.load_many((record_graph(*key) for key in keys), Text(shards))
    return time.perf_counter() - began
