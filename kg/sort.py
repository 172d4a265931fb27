"""Sorts lines that may not fit into memory."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import IO

_RUN_BYTES = 64 << 20


def sort_lines(
    write: Callable[[IO[bytes]], object], output: IO[bytes], *, run_bytes: int = _RUN_BYTES
) -> int:
    """Write to `output`, in the order of their bytes, the lines that `write` writes to a file.

    Every line ends with a newline. Returns their count. Temporary files hold them twice.
    """
    with contextlib.ExitStack() as files:
        unsorted = files.enter_context(tempfile.TemporaryFile())
        write(unsorted)
        unsorted.seek(0)
        runs = [
            _filled(files.enter_context(tempfile.TemporaryFile()), lines)
            for lines in _runs(unsorted, run_bytes)
        ]
        ordered = runs[0] if len(runs) == 1 else merge(*runs)
        return _copy(ordered, output)


def _runs(lines: IO[bytes], run_bytes: int) -> Iterator[list[bytes]]:
    while run := lines.readlines(run_bytes):
        run.sort()
        yield run


def _filled(run: IO[bytes], lines: list[bytes]) -> IO[bytes]:
    run.writelines(lines)
    run.seek(0)
    return run


def _copy(lines: Iterable[bytes], output: IO[bytes]) -> int:
    count = 0
    for line in lines:
        output.write(line)
        count += 1
    return count
