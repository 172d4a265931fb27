"""The run report: what a build read, wrote and kept aside, and what it cost."""

from __future__ import annotations

import datetime as dt
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

_MB = 1 << 20
# Linux gives kilobytes, macOS bytes.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1 << 10

Progress = Callable[[str, int, int | None], None]
"""Is told a stage, how much of it is done, and how much there is, where that is known."""


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Show nothing."""


class RunReport(msgspec.Struct, kw_only=True):
    """What one build did.

    Of the records that were `read`, `unreadable` are kept aside at once; `repeated` are the same
    content again, `superseded` are versions older or thinner than the one shown, and `unchanged`
    are shown as before. `written` counts the record graphs that were made or made anew, also
    those whose record was not read in this run; `removed` those that left. `rejected` counts what
    was unreadable in this run, every record that does not conform now, and every graph shared by
    records that does not. `validated` says by what records were validated: pyshacl alone, or
    checks at a glance, with pyshacl where these leave a doubt; `left_to_pyshacl` names the shapes
    that have no checks. `records`, `statements`, `fields_dropped`, `violations` and `warnings` are
    of everything in the data folder. `peak_memory_mb` adds up the peaks of all processes.
    """

    sources: list[str]
    started: str
    registry: str
    read: int = 0
    unreadable: int = 0
    repeated: int = 0
    superseded: int = 0
    unchanged: int = 0
    written: int = 0
    removed: int = 0
    records: int = 0
    rejected: int = 0
    validated: str = "pyshacl"
    left_to_pyshacl: list[str] = []
    statements: int = 0
    fields_dropped: dict[str, int] = {}
    unknown_keys: dict[str, int] = {}
    violations: dict[str, int] = {}
    warnings: dict[str, int] = {}
    seconds: dict[str, float] = {}
    seconds_total: float = 0.0
    peak_memory_mb: int = 0
    snapshot: str | None = None
    exit_status: int = 1


class Meter:
    """Measures stages in seconds, and memory over this process and its workers."""

    def __init__(self) -> None:
        self.started = dt.datetime.now(dt.UTC)
        self.seconds: dict[str, float] = {}
        self._began = time.perf_counter()
        self._peaks: dict[int, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a stage."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - began)

    def add(self, name: str, seconds: float) -> None:
        """Add time that was spent on a stage, perhaps by several threads at once."""
        self.seconds[name] = round(self.seconds.get(name, 0.0) + seconds, 3)

    def worker(self, pid: int, peak: int) -> None:
        """Note the peak memory that a worker reports of itself."""
        self._peaks[pid] = max(peak, self._peaks.get(pid, 0))

    def total(self) -> float:
        """Return the seconds since the start."""
        return round(time.perf_counter() - self._began, 3)

    def peak_mb(self) -> int:
        """Return the sum of the peaks of all processes in megabytes."""
        peaks = {**self._peaks, **dict([own_peak()])}
        return sum(peaks.values()) // _MB


def own_peak() -> tuple[int, int]:
    """Return the id and the peak memory, in bytes, of this process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return os.getpid(), usage.ru_maxrss * _RSS_UNIT


def write_report(report: RunReport, data: Path) -> Path:
    """Write the report as JSON beside the data and return where."""
    folder = data / "runs"
    folder.mkdir(parents=True, exist_ok=True)
    name = report.started.replace(":", "").replace("-", "")
    path = folder / f"{name}.json"
    partial = path.with_suffix(".partial")
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(report)) + b"\n")
    partial.replace(path)
    return path
