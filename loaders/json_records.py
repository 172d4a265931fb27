"""Splitting a source of JSON into records, whatever the form in which they were saved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.limits import LARGEST_DOCUMENT, LARGEST_RECORD

_BOM = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (b"\xff\xfe", b"\xfe\xff", b"{\x00", b"[\x00", b"\x00")
_CHUNK = 2**20


_OPENS = (b"{", b"[")


class _Page(msgspec.Struct):
    """A page of the registry's API."""

    studies: list[msgspec.Raw]


def read_json(registry: str, stream: BinaryIO, name: str) -> Iterator[RawRecord]:
    """Yield the records of a source: one, a list, pages with their `studies`, or one a line.

    Lines are read one by one. A line that is no JSON is yielded as it stands, so that `version`
    refuses it and the rest goes on.
    """
    number, first = _first_line(registry, stream, name)
    next_number, second = _next_line(stream, number)
    if not second:
        yield from _split(registry, first, name)
    elif _is_json(first) or (_is_object(second) and first.lstrip().startswith(b"{")):
        yield from _split(registry, first, f"{name} line {number}")
        yield from _lines(registry, stream, name, next_number, second)
    else:
        yield from _document(registry, _rest(registry, stream, first, second, name), name)


def is_json(head: bytes) -> bool:
    """Tell whether a source begins like JSON."""
    return head.removeprefix(_BOM).lstrip()[:1] in _OPENS


def _first_line(registry: str, stream: BinaryIO, name: str) -> tuple[int, bytes]:
    number, line = 0, b"\n"
    while line and not line.strip():
        line = stream.readline(LARGEST_DOCUMENT)
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
    if not line:
        raise _unsplittable(registry, name, "holds no record", "leave it out, or download it again")
    if line.startswith(_OTHER_ENCODINGS):
        raise _unsplittable(registry, name, "is not UTF-8", "convert the file to UTF-8")
    return number, line


def _next_line(stream: BinaryIO, number: int) -> tuple[int, bytes]:
    """Return the next line that is not empty, cut just above the largest record."""
    line = b"\n"
    while line and not line.strip():
        line = stream.readline(LARGEST_RECORD + 1)
        number += 1
    return number, line


def _lines(
    registry: str, stream: BinaryIO, name: str, number: int, line: bytes
) -> Iterator[RawRecord]:
    while line:
        yield from _split(registry, line, f"{name} line {number}")
        while len(line) > LARGEST_RECORD and not line.endswith(b"\n"):
            line = stream.readline(LARGEST_RECORD + 1)
        number, line = _next_line(stream, number)


def _rest(registry: str, stream: BinaryIO, first: bytes, second: bytes, name: str) -> bytes:
    parts, size = [first, second], len(first) + len(second)
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST_DOCUMENT:
            reason = f"is one JSON document of more than {LARGEST_DOCUMENT // 2**30} GB"
            raise _unsplittable(registry, name, reason, "divide it, or save one record a line")
        parts.append(chunk)
    return b"".join(parts)


def _document(registry: str, document: bytes, name: str) -> Iterator[RawRecord]:
    """Yield the records of a value over several lines, or of lines that began badly."""
    lines = [] if _is_json(document) else document.splitlines()
    if any(map(_is_object, lines)):
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield from _split(registry, line, f"{name} line {number}")
    else:
        yield from _split(registry, document, name)


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text, type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError):
        return False
    return True


def _is_object(line: bytes) -> bool:
    return line.lstrip().startswith(b"{") and _is_json(line)


def _split(registry: str, document: bytes, origin: str) -> Iterator[RawRecord]:
    """Yield the records of one JSON value; what cannot be split is one record."""
    listed = document.lstrip().startswith(b"[")
    try:
        if listed:
            studies = msgspec.json.decode(document, type=list[msgspec.Raw])
        else:
            studies = msgspec.json.decode(document, type=_Page).studies
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if len(document) > LARGEST_RECORD + 1:
            reason = "is neither a record, nor a list or page of records, in valid JSON"
            raise _unsplittable(registry, origin, reason, "download it again") from None
        yield RawRecord(content=document.strip(), origin=origin)
        return
    for position, study in enumerate(studies, start=1):
        yield RawRecord(content=bytes(study), origin=f"{origin} study {position}")


def _unsplittable(registry: str, name: str, reason: str, remedy: str) -> RecordError:
    return RecordError(registry, "", reason, origin=name, remedy=remedy)
