"""Walks what a user names: files, folders, compressed files and archives, one stream at a time."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO, cast

from kg.errors import UsageError

SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", ".zip")

# What opening a source and reading it may raise where it is damaged.
DAMAGE = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError)


def source_files(sources: Sequence[Path]) -> list[Path]:
    """Return the files that the sources mean: folders are walked in the order of names.

    Of a folder only files with a known suffix are taken, a file that is named whatever its suffix.
    Raises UsageError for a path that is not there, and for a folder without any such file.
    """
    return [file for source in sources for file in _files(source)]


def open_source(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the name and the uncompressed bytes of a file, or of every file in an archive.

    One is open at a time. What is damaged raises one of DAMAGE, here or while it is read.
    """
    if path.suffix == ".zip":
        yield from _members(path)
        return
    with path.open("rb") as file:
        if path.suffix == ".gz":
            with gzip.open(file) as unzipped:
                yield str(path), cast("BinaryIO", unzipped)
        else:
            yield str(path), file


def _files(source: Path) -> list[Path]:
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise UsageError(f"{source}: no such file or folder")
    found = sorted(p for p in source.rglob("*") if p.suffix in SUFFIXES and p.is_file())
    if not found:
        raise UsageError(f"{source}: the folder has no file that ends in {', '.join(SUFFIXES)}")
    return found


def _members(path: Path) -> Iterator[tuple[str, BinaryIO]]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            suffix = PurePosixPath(member.filename).suffix
            if member.is_dir() or suffix not in SUFFIXES or suffix == ".zip":
                continue
            if member.flag_bits & 1:
                raise zipfile.BadZipFile(f"{member.filename} is encrypted")
            with archive.open(member) as file:
                yield f"{path}/{member.filename}", _plain(file, suffix)


def _plain(file: IO[bytes], suffix: str) -> BinaryIO:
    return cast("BinaryIO", gzip.open(file) if suffix == ".gz" else file)
