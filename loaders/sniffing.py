"""A stream whose first bytes were looked at, whole again."""

from __future__ import annotations

import io
from typing import BinaryIO, Final, cast

_HEAD: Final = 2**16


def peeked(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a stream, and a stream that gives all of it."""
    if isinstance(stream, io.BufferedReader):
        return stream.peek(_HEAD), stream
    buffered = io.BufferedReader(cast("io.RawIOBase", stream), _HEAD)
    return buffered.peek(_HEAD), cast("BinaryIO", buffered)
