"""Builds that are killed at random moments: what was published must stay, the next must work."""

import io
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kg import bulk
from kg.publish import current_snapshot
from kg.store import Store
from tests.kg.registry_records import versions, write_lines

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()")
# Who waits longer waits for something that will not happen.
LONGEST = 600
MOST_TRIES = 5
# Any number of records goes the way of a whole registry, in many shards and several loads.
BY_SHARDS = """
import sys
from pathlib import Path
from kg import bulk, loads
from kg.pipeline import Settings, build
for module, name, value in (bulk, "_RECORDS", 3), (loads, "_MOST", 5_000), (loads, "_FIRST", 5_000):
    assert hasattr(module, name), name
    setattr(module, name, value)
from loaders import LOADERS
data, *sources = map(Path, sys.argv[1:])
build(data, sources, LOADERS, settings=Settings(processes=2, many=1))
"""


@dataclass(frozen=True)
class Scene:
    """A folder with a published graph, a source that changes it, and both dumps."""

    data: Path
    source: Path
    before: bytes
    after: bytes
    seconds: float


@dataclass(frozen=True)
class Kill:
    """What became of one run that was killed after so many seconds, or ended before that.

    `took` is how long it ran, `left` counts the shards that it left to the next. The delay of a
    build by shards counts from when there is one.
    """

    delay: float
    took: float
    finished: bool
    published: str
    mended: bool
    left: int = 0

    @property
    def bad(self) -> bool:
        return self.published not in {"before", "after"} or not self.mended


def build_command(data: Path, *sources: Path, by_shards: bool = False) -> list[str]:
    if by_shards:
        return [sys.executable, "-c", BY_SHARDS, str(data), *map(str, sources)]
    return [*COMMAND, "build", "--data", str(data), "--processes", "2", *map(str, sources)]


def build(data: Path, *sources: Path, by_shards: bool = False) -> None:
    command = build_command(data, *sources, by_shards=by_shards)
    subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)


def dumped(data: Path) -> bytes:
    output = io.BytesIO()
    with Store.read_only(current_snapshot(data)) as store:
        store.dump(output)
    return output.getvalue()


def scene(folder: Path, records: int, *, by_shards: bool = False) -> Scene:
    """Publish half of the versions of some records; the source holds the other half.

    Of what goes by shards all graphs have to be written: the store is away.
    """
    made = versions(records)
    first = write_lines(folder / "first.jsonl", made[::2])
    second = write_lines(folder / "second.jsonl", made[1::2])
    build(folder / "data", first)
    before = dumped(folder / "data")
    if by_shards:
        shutil.rmtree(folder / "data" / "store")
    shutil.copytree(folder / "data", folder / "changed")
    process = started(folder / "changed", second, by_shards=by_shards)
    seconds = kill_after(process, LONGEST)
    if process.returncode != 0:
        raise AssertionError(f"the build to be killed ended with {process.returncode}")
    return Scene(folder / "data", second, before, dumped(folder / "changed"), seconds)


def started(data: Path, source: Path, *, by_shards: bool) -> subprocess.Popen[bytes]:
    """Start a build; return it at once, or when there is a shard, or it ended."""
    command = build_command(data, source, by_shards=by_shards)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    folder = data / bulk.FOLDER
    while by_shards and not any(folder.glob("*.shard")) and process.poll() is None:
        time.sleep(0.002)
    return process


def kill_one(made: Scene, data: Path, delay: float, *, by_shards: bool = False) -> Kill:
    """Kill one build after a delay, look at what is published, and build again."""
    shutil.copytree(made.data, data)
    with Store.read_only(current_snapshot(data)) as served:
        process = started(data, made.source, by_shards=by_shards)
        took = kill_after(process, delay)
        still_served = io.BytesIO()
        served.dump(still_served)
    shards = len(list((data / bulk.FOLDER).glob("*.shard")))
    published = {made.before: "before", made.after: "after"}.get(dumped(data), "something else")
    if still_served.getvalue() != made.before:
        published = "a snapshot that changed under its readers"
    build(data, made.source, by_shards=by_shards)
    mended = dumped(data) == made.after
    shutil.rmtree(data)
    return Kill(delay, took, process.returncode == 0, published, mended, shards)


def kill_after(process: subprocess.Popen[bytes], delay: float) -> float:
    """Kill a process after so many seconds, unless it has ended; return how long it ran."""
    began = time.perf_counter()
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    return time.perf_counter() - began


def at_random_moments(
    count: int, seed: int, seconds: float, one: Callable[[float], Kill], *, early: bool = False
) -> Iterator[Kill]:
    """Yield kills until so many runs were killed; those that ended before their moment besides.

    The length of a run is that of the quickest seen, since the machine may be busy at the first.
    Of `early` moments half lie in the first eighth of it.
    """
    chance = random.Random(seed)
    killed = tried = 0
    while killed < count:
        if (tried := tried + 1) > MOST_TRIES * count:
            raise AssertionError(f"only {killed} of {tried} runs were still there to be killed")
        kill = one(seconds * chance.random() ** (3 if early else 1))
        killed += not kill.finished
        seconds = min(seconds, kill.took) if kill.finished else seconds
        yield kill


def kills(
    folder: Path, count: int, seed: int, records: int = 90, *, by_shards: bool = False
) -> Iterator[Kill]:
    """Kill so many builds, each at a moment drawn from the whole length of a build."""
    made = scene(folder, records, by_shards=by_shards)
    if made.before == made.after:
        raise AssertionError("the second half of the versions changes nothing")
    one = partial(kill_one, made, folder / "killed", by_shards=by_shards)
    return at_random_moments(count, seed, made.seconds, one, early=by_shards)
