"""How many rows of a table have been written, read off the bytes of the serialiser."""

from __future__ import annotations

import re
from collections.abc import Callable

Counter = Callable[[bytes | bytearray], int]

_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_ROW = re.compile(rb"[\[,]\{")


def counter(format_: str) -> Counter:
    """Return a function that takes the parts of one table and returns the rows begun so far."""
    return _COUNTERS[format_]()


def _marks(mark: bytes) -> Counter:
    """Count a mark that values cannot hold, for the format escapes it there."""
    count, rest = 0, b""

    def add(part: bytes | bytearray) -> int:
        nonlocal count, rest
        text = rest + part
        count += text.count(mark)
        rest = bytes(text[max(0, len(text) - len(mark) + 1) :])
        return count

    return add


def _json() -> Counter:
    """Count the objects that stand in the array: those of terms stand behind a colon."""
    count, rest = 0, b""

    def add(part: bytes | bytearray) -> int:
        nonlocal count, rest
        # A string that has begun is kept until it ends, and what may begin a row until it does.
        bare = _STRING.sub(b"", rest + part)
        cut = bare.find(b'"')
        open_ = b"" if cut < 0 else bare[cut:]
        bare = bare if cut < 0 else bare[:cut]
        count += len(_ROW.findall(bare))
        rest = (bare[-1:] if bare[-1:] in {b"[", b","} else b"") + open_
        return count

    return add


def _csv() -> Counter:
    """Count the ends of lines outside quotes, less that of the header."""
    lines, quotes, rest = -1, 0, b""

    def add(part: bytes | bytearray) -> int:
        nonlocal lines, quotes, rest
        *ended, rest = (rest + part).split(b"\r\n")
        for line in ended:
            quotes += line.count(b'"')
            lines += quotes % 2 == 0
        return lines

    return add


def _tsv() -> Counter:
    lines = _marks(b"\n")
    return lambda part: lines(part) - 1


_COUNTERS: dict[str, Callable[[], Counter]] = {
    "json": _json,
    "xml": lambda: _marks(b"<result>"),
    "csv": _csv,
    "tsv": _tsv,
}
