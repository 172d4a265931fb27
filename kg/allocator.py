"""Lets memory that one bulk load frees be there for the next, as far as the C library can."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_MIB: Final = 2**20
# By the numbers of glibc's malloc.h. Freed memory below these bounds stays with the process, and
# it takes more at once. Without that the engine's loads spend a tenth of their CPU time on giving
# pages back and getting them again.
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
_WANTED: Final = {
    _TRIM_THRESHOLD: 256 * _MIB,
    _TOP_PAD: 16 * _MIB,
    _MMAP_THRESHOLD: 32 * _MIB,
}


def keep_freed_memory() -> None:
    """Let the process keep what it frees for what it allocates next.

    Only glibc can be told; with another C library nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for name, value in _WANTED.items():
            mallopt(name, value)
