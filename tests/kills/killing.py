"""Builds that are killed at random moments: what was published must stay, the next must work."""

import io
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from kg.publish import current_snapshot
from kg.store import Store
from tests.kg.registry_records import versions, write_lines

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()")
# Any number of records goes the way of a whole registry.
BY_SHARDS = """
import sys
from pathlib import Path
from kg.pipeline import Settings, build
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
    """What became of one build that was killed after so many seconds."""

    delay: float
    finished: bool
    published: str
    mended: bool


def build_command(data: Path, *sources: Path, by_shards: bool = False) -> list[str]:
    if by_shards:
        return [sys.executable, "-c", BY_SHARDS, str(data), *map(str, sources)]
    return [*COMMAND, "build", "--data", str(data), "--processes", "2", *map(str, sources)]


def build(data: Path, *sources: Path, by_shards: bool = False) -> None:
    command = build_command(data, *sources, by_shards=by_shards)
    subprocess.run(command, check=True, capture_output=True)


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
    began = time.perf_counter()
    build(folder / "changed", second, by_shards=by_shards)
    seconds = time.perf_counter() - began
    return Scene(folder / "data", second, before, dumped(folder / "changed"), seconds)


def kill_one(made: Scene, folder: Path, delay: float, *, by_shards: bool = False) -> Kill:
    """Kill one build after a delay, look at what is published, and build again."""
    data = folder / "data"
    shutil.copytree(made.data, data)
    with Store.read_only(current_snapshot(data)) as served:
        process = subprocess.Popen(
            build_command(data, made.source, by_shards=by_shards),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        still_served = io.BytesIO()
        served.dump(still_served)
    left = dumped(data)
    published = {made.before: "before", made.after: "after"}.get(left, "something else")
    if still_served.getvalue() != made.before:
        published = "a snapshot that changed under its readers"
    build(data, made.source, by_shards=by_shards)
    mended = dumped(data) == made.after
    shutil.rmtree(data)
    return Kill(delay, process.returncode == 0, published, mended)


def kills(
    folder: Path, count: int, seed: int, records: int = 90, *, by_shards: bool = False
) -> list[Kill]:
    """Kill so many builds, each at a moment drawn from the whole length of a build."""
    made = scene(folder, records, by_shards=by_shards)
    if made.before == made.after:
        raise AssertionError("the second half of the versions changes nothing")
    chance = random.Random(seed)
    found = []
    for number in range(count):
        (folder / str(number)).mkdir()
        found.append(
            kill_one(
                made, folder / str(number), chance.uniform(0, made.seconds), by_shards=by_shards
            )
        )
    return found
