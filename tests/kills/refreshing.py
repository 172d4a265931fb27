"""Refreshes that are killed at random moments: the next one gives what an unbroken one gives."""

import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.kg.registry_records import study
from tests.kills.killing import dumped
from tests.replay.registry import Registry, served

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "refresh")
FIRST, LATER = "2026-08-22T09:00:05", "2026-08-24T09:00:05"


@dataclass(frozen=True)
class KilledRefresh:
    """What became of one refresh that was killed after so many seconds."""

    delay: float
    finished: bool
    published: str
    mended: bool


def command(data: Path, address: str) -> list[str]:
    asked = ("--data", str(data), "--base-url", address, "--rate", "100", "--processes", "1")
    return [*COMMAND, *asked]


def refresh(data: Path, address: str) -> float:
    began = time.perf_counter()
    subprocess.run(command(data, address), check=True, capture_output=True)
    return time.perf_counter() - began


def update(registry: Registry, records: int) -> None:
    """Let a third of the records be updated, some be new and one vanish."""
    for number in range(1, records, 3):
        registry.put(study(number, updated="2026-08-23", title=f"Another title {number}"))
    registry.put(*(study(records + n, updated="2026-08-23") for n in range(1, 5)))
    del registry.studies["NCT00000002"]
    registry.version = LATER


def kill_refreshes(folder: Path, count: int, seed: int, records: int = 30) -> list[KilledRefresh]:
    """Kill so many refreshes, each at a moment drawn from the whole length of one."""
    made = [study(number, updated="2026-08-20") for number in range(1, records + 1)]
    registry = Registry(made, version=FIRST)
    registry.page = 4
    chance = random.Random(seed)
    with served(registry) as address:
        refresh(folder / "data", address)
        before = dumped(folder / "data")
        update(registry, records)
        shutil.copytree(folder / "data", folder / "whole")
        seconds = refresh(folder / "whole", address)
        after = dumped(folder / "whole")
        if before == after:
            raise AssertionError("the update changes nothing")
        delays = [chance.uniform(0, seconds) for _ in range(count)]
        return [kill_one(folder, address, delay, before, after) for delay in delays]


def kill_one(
    folder: Path, address: str, delay: float, before: bytes, after: bytes
) -> KilledRefresh:
    data = folder / "killed"
    shutil.copytree(folder / "data", data)
    process = subprocess.Popen(
        command(data, address), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    left = dumped(data)
    published = {before: "before", after: "after"}.get(left, "something else")
    refresh(data, address)
    mended = dumped(data) == after
    shutil.rmtree(data)
    return KilledRefresh(delay, process.returncode == 0, published, mended)
