"""Walks what a user names: files, folders, compressed files and archives, one stream at a time."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from kg.errors import UsageError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIXES: Final = (
    ".json",
    ".jsonl",
    ".ndjson",
    ".xml",
    ".csv",
    ".tsv",
    ".txt",
    ".html",
    ".htm",
    ".gz",
    ".zip",
)
STANDARD_INPUT: Final = Path("-")

# What opening a source and reading it may raise where it is damaged.
DAMAGE: Final = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    NotImplementedError,
)

# Records compress 5 to 20 times. What grows more than this is no file of records but a bomb.
LARGEST_GROWTH: Final = 200
ALWAYS_ALLOWED: Final = 64 * 2**20
LARGEST_SOURCE: Final = 2**37
MOST_MEMBERS: Final = 2_000_000

# How much of a source is looked at to tell its form.
HEAD: Final = 2**16

_GZIP = b"\x1f\x8b"


def source_files(sources: Sequence[Path]) -> list[Path]:
    """Return the files that the sources mean: folders are walked in the order of names.

    Of a folder only files with a known suffix are taken, a file that is named whatever its suffix;
    "-" is standard input. Links are followed, each folder once. Raises UsageError for a path that
    is not there, and for a folder that cannot be read or has no such file.
    """
    return [file for source in sources for file in _files(source)]


def open_source(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the name and the uncompressed bytes of a file, or of every file in an archive.

    One is open at a time, and none is held whole. What is damaged, or grows beyond all measure as
    it is unpacked, raises one of DAMAGE, here or while it is read.
    """
    if path == STANDARD_INPUT:
        yield "standard input", _unpacked_input(sys.stdin.buffer)
    elif path.suffix.lower() == ".zip":
        with path.open("rb") as file:
            yield from open_archive(file, str(path))
    else:
        with path.open("rb") as file:
            packed = path.suffix.lower() == ".gz"
            yield str(path), _unzipped(file, _Budget.of(file)) if packed else file


def open_archive(file: BinaryIO, name: str) -> Iterator[tuple[str, BinaryIO]]:
    """Yield what `open_source` yields of an archive that is open already, under a name."""
    budget = _Budget.of(file)
    with _archive(file) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise zipfile.BadZipFile(f"it lists more than {MOST_MEMBERS:,} files")
        for member in members:
            suffix = PurePosixPath(member.filename).suffix.lower()
            if member.is_dir() or not _is_taken(member.filename):
                continue
            if suffix == ".zip":
                raise zipfile.BadZipFile(f"{member.filename} is an archive inside an archive")
            if member.flag_bits & 1:
                raise zipfile.BadZipFile(f"{member.filename} is encrypted")
            with archive.open(member) as opened:
                stream = cast("BinaryIO", opened)
                packed = suffix == ".gz"
                bounded = _unzipped(stream, budget) if packed else _bounded(stream, budget)
                yield f"{name}/{_shown(member.filename)}", bounded


def head_of(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """Return the first bytes of a stream, and a stream that gives all of it."""
    head, damage = b"", None
    try:
        while len(head) < HEAD and (chunk := _some(stream, HEAD - len(head))):
            head += chunk
    except DAMAGE as error:
        if not head:
            raise
        # What stands before the damage is read; whoever reads on is told.
        damage = error
    return head, cast("BinaryIO", io.BufferedReader(_Again(head, stream, damage), 2**18))


def _some(stream: BinaryIO, size: int) -> bytes:
    """Return what one step gives: filling up would lose what stands right before damage."""
    return cast("io.BufferedReader", stream).read1(size)


@dataclass
class _Budget:
    """How many bytes may still come out of one source."""

    left: int

    @classmethod
    def of(cls, file: BinaryIO) -> _Budget:
        grown = os.fstat(file.fileno()).st_size * LARGEST_GROWTH
        return cls(min(max(grown, ALWAYS_ALLOWED), LARGEST_SOURCE))


class _Bounded(io.RawIOBase):
    """A stream that ends in an error when more comes out of it than its budget allows."""

    def __init__(self, stream: BinaryIO, budget: _Budget) -> None:
        self._stream = stream
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        chunk = _some(self._stream, len(view))
        self._budget.left -= len(chunk)
        if self._budget.left < 0:
            size = LARGEST_SOURCE // 2**30
            raise OSError(f"unpacked it grows more than {LARGEST_GROWTH}-fold or beyond {size} GB")
        view[: len(chunk)] = chunk
        return len(chunk)


class _Again(io.RawIOBase):
    """A stream that begins with what was read of another one before."""

    def __init__(self, head: bytes, stream: BinaryIO, damage: Exception | None) -> None:
        self._head = head
        self._stream = stream
        self._damage = damage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        view = memoryview(buffer).cast("B")
        if self._damage and not self._head:
            raise self._damage
        chunk = self._head[: len(view)] or _some(self._stream, len(view))
        self._head = self._head[len(chunk) :]
        view[: len(chunk)] = chunk
        return len(chunk)


def _bounded(stream: BinaryIO, budget: _Budget) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(_Bounded(stream, budget), 2**18))


def _unzipped(stream: BinaryIO, budget: _Budget) -> BinaryIO:
    return _bounded(cast("BinaryIO", gzip.GzipFile(fileobj=stream)), budget)


def _unpacked_input(stream: BinaryIO) -> BinaryIO:
    if not isinstance(stream, io.BufferedReader) or not stream.peek(2).startswith(_GZIP):
        return stream
    return _unzipped(stream, _Budget(LARGEST_SOURCE))


def _files(source: Path) -> list[Path]:
    if source == STANDARD_INPUT or source.is_file():
        return [source]
    if not source.is_dir():
        raise UsageError(f"{source}: no such file or folder")
    found = sorted(path for path in _below(source) if _is_taken(path.name))
    if not found:
        raise UsageError(f"{source}: the folder has no file that ends in {', '.join(SUFFIXES)}")
    return found


def _below(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder; a link that leads nowhere is yielded, to be refused later."""
    seen = set()
    for here, folders, names in os.walk(folder, followlinks=True, onerror=_refuse):
        folders.sort()
        place = Path(here)
        real = place.resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        for name in names:
            path = place / name
            if path.is_file() or (path.is_symlink() and not path.exists()):
                yield path


def _refuse(error: OSError) -> None:
    raise UsageError(f"{error.filename}: {error.strerror}; make it readable or leave it out")


def _is_taken(name: str) -> bool:
    """Tell whether a file holds records by its name; "._x.json" is how macOS keeps attributes."""
    path = PurePosixPath(name)
    return path.suffix.lower() in SUFFIXES and not path.name.startswith("._")


def _archive(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (struct.error, ValueError) as error:
        raise zipfile.BadZipFile(f"its list of files cannot be read: {error}") from error


def _shown(name: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in name)
