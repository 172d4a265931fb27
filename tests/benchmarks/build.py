"""How long a build of the real records takes, and how much memory over all its processes.

`python -m tests.benchmarks.build --runs 3` builds everything; `--records 500` a part of it.
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.conftest import shared_folder
from tests.corpus.corpus import load

GOAL_SECONDS, GOAL_MEMORY = 150, 2.5 * 2**30
COMMAND = (sys.executable, "-c", "from kg.cli import main; main()", "build")


def sources(records: int | None, folder: Path) -> list[Path]:
    found = sorted((shared_folder() / "data" / "ctgov").glob("*.jsonl.gz"))
    if not found:
        raise SystemExit(f"no real records at {shared_folder()}: set TRIALKG_SHARED")
    if records is None:
        return found
    path = folder / "part.jsonl"
    path.write_text("".join(load(shared_folder(), whole=True).lines[:records]), encoding="utf-8")
    return [path]


def measure(found: list[Path], data: Path) -> tuple[float, int]:
    """Run one build; return its seconds and the most memory that its processes held at once."""
    began = time.perf_counter()
    with subprocess.Popen(
        [*COMMAND, "--data", str(data), *map(str, found)], stdout=subprocess.DEVNULL
    ) as process:
        peak = max(itertools.chain([0], _memory(process)))
    if process.returncode:
        raise SystemExit(f"the build ended with {process.returncode}")
    return time.perf_counter() - began, peak


def _memory(process):
    """The resident memory of a process and all below it, ten times a second until it ends."""
    while True:
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            yield _resident(psutil.Process(process.pid))
        else:
            return


def _resident(root):
    total = 0
    for process in (root, *root.children(recursive=True)):
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--records", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = sources(options.records, Path(folder))
        runs = [measure(found, Path(folder) / str(number)) for number in range(options.runs)]
        again = measure(found, Path(folder) / "0")
    seconds = statistics.median(second for second, _ in runs)
    memory = max(peak for _, peak in runs)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"build: {seconds:.1f} s (median of {len(runs)}), {memory / 2**30:.2f} GB at most")
    print(f"the same again, nothing changed: {again[0]:.1f} s")
    if options.records is None and (seconds > GOAL_SECONDS or memory > GOAL_MEMORY):
        sys.exit(f"beyond the goal of {GOAL_SECONDS} s and {GOAL_MEMORY / 2**30:.1f} GB")


if __name__ == "__main__":
    main()
