"""Runs a command and watches it: seconds, memory of all its processes, disk by part at the peak."""

import os
import subprocess
import time
from collections import Counter
from typing import NamedTuple

import psutil

# What has a name in the store and another in a snapshot is counted as the store's.
PARTS = ("store", "shards", "history", "snapshots", "runs")


class Watched(NamedTuple):
    """What a run took; `disk` tells the bytes of each part when there were most, `at` when so."""

    seconds: float
    memory: int
    disk: Counter
    at: float


def watched(command, data):
    """Run a command that writes below a folder; end where it fails."""
    began, memory, disk, at, ticks = time.perf_counter(), 0, parts(data), 0.0, 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            memory = max(memory, resident(psutil.Process(process.pid)))
            if ticks % 20 == 0 and (now := parts(data)).total() > disk.total():
                disk, at = now, time.perf_counter() - began
            ticks += 1
            time.sleep(0.1)
    if process.returncode not in {0, 3}:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    seconds = time.perf_counter() - began
    if (now := parts(data)).total() > disk.total():
        disk, at = now, seconds
    return Watched(seconds, memory, disk, at)


def resident(root):
    """The memory of a process and all below it; pages that they share are counted once each."""
    total = 0
    try:
        for process in (root, *root.children(recursive=True)):
            total += process.memory_info().rss
    except psutil.NoSuchProcess:
        pass
    return total


def parts(data):
    """The bytes of all files by the part of a data folder, of one with several names once."""
    found, seen = Counter(), set()
    for name in PARTS:
        for path in _files(data, name):
            try:
                facts = os.stat(path)  # noqa: PTH116 - of names, which are many
            except FileNotFoundError:
                continue
            if facts.st_ino not in seen:
                seen.add(facts.st_ino)
                found["tables" if path.endswith(".parquet") else name] += facts.st_size
    return found


def _files(data, name):
    """Yield the paths of the files of a part, fast: there are thousands, and a build goes on."""
    if name == "history":
        yield from map(str, data.glob("history.*"))
    for folder, _, files in os.walk(data / name):
        yield from (f"{folder}/{file}" for file in files)


def size(folder):
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def gigabytes(count):
    return f"{count / 2**30:.2f} GB"


def tell_disk(found):
    named = ", ".join(
        f"{name} {gigabytes(size)}" for name, size in found.disk.most_common() if size
    )
    print(f"    disk at the peak, after {found.at:.0f} s: {named}")
