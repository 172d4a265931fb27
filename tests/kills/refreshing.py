"""Refreshes that are killed at random moments: the next one gives what an unbroken one gives."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.kg.registry_records import study
from tests.kills.killing import LONGEST, Kill, at_random_moments, dumped, kill_after
from tests.replay.registry import Registry, served

COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "refresh")
FIRST, LATER = "2026-08-22T09:00:05", "2026-08-24T09:00:05"


def command(data: Path, address: str) -> list[str]:
    asked = ("--data", str(data), "--base-url", address, "--rate", "100", "--processes", "1")
    return [*COMMAND, *asked]


def refresh(data: Path, address: str) -> float:
    began = time.perf_counter()
    subprocess.run(command(data, address), check=True, capture_output=True, timeout=LONGEST)
    return time.perf_counter() - began


def update(registry: Registry, records: int) -> None:
    """Let a third of the records be updated, some be new and one vanish."""
    for number in range(1, records, 3):
        registry.put(study(number, updated="2026-08-23", title=f"Another title {number}"))
    registry.put(*(study(records + n, updated="2026-08-23") for n in range(1, 5)))
    del registry.studies["NCT00000002"]
    registry.version = LATER


def kill_refreshes(folder: Path, count: int, seed: int, records: int = 30) -> Iterator[Kill]:
    """Kill so many refreshes, each at a moment drawn from the whole length of one."""
    made = [study(number, updated="2026-08-20") for number in range(1, records + 1)]
    registry = Registry(made, version=FIRST)
    registry.page = 4
    with served(registry) as address:
        refresh(folder / "data", address)
        before = dumped(folder / "data")
        update(registry, records)
        shutil.copytree(folder / "data", folder / "whole")
        seconds = refresh(folder / "whole", address)
        after = dumped(folder / "whole")
        if before == after:
            raise AssertionError("the update changes nothing")
        one = partial(kill_one, folder, address, before, after)
        yield from at_random_moments(count, seed, seconds, one)


def kill_one(folder: Path, address: str, before: bytes, after: bytes, delay: float) -> Kill:
    data = folder / "killed"
    shutil.copytree(folder / "data", data)
    process = subprocess.Popen(
        command(data, address), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    took = kill_after(process, delay)
    published = {before: "before", after: "after"}.get(dumped(data), "something else")
    refresh(data, address)
    mended = dumped(data) == after
    shutil.rmtree(data)
    return Kill(delay, took, process.returncode == 0, published, mended)
