"""A temporary folder that does not outlive who made it, however that ends."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

_PREFIX = "trialkg-"
_LOCK = ".in-use"


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Yield an empty folder; it goes with the block, or when SIGTERM ends the process.

    What a process that was killed has left is removed by the next one.
    """
    _remove_abandoned()
    with _ended_in_order(), tempfile.TemporaryDirectory(prefix=_PREFIX) as name:
        folder = Path(name)
        lock = _locked(folder)
        try:
            yield folder
        finally:
            os.close(lock)


def _locked(folder: Path) -> int:
    # The lock has its name only once it is held, so that nobody else can hold it before.
    unnamed = folder / f"{_LOCK}.partial"
    lock = os.open(unnamed, os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    unnamed.rename(folder / _LOCK)
    return lock


def _remove_abandoned() -> None:
    """Remove the folders of which nobody holds the lock any more."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
        # It may be somebody else's, in use, or just being removed by another.
        with suppress(OSError):
            lock = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path.parent)
            finally:
                os.close(lock)


# The event loop lets no other exception out of what it calls.
class _Ended(SystemExit):
    """SIGTERM, on its way out through the blocks that have something to put away."""


def _end(_: int, __: FrameType | None) -> NoReturn:
    raise _Ended


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM leave the block as an exception does, and then end the process as it would."""
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    except _Ended:
        signal.signal(signal.SIGTERM, before)
        signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
