"""Where an export goes: files that appear when they are complete, or one stream."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, TypeAlias

from kg.errors import ExportError

Counts: TypeAlias = "Mapping[str, int]"
Files: TypeAlias = "Callable[[str], AbstractContextManager[IO[bytes]]]"
"""Opens a file of an export by its name; it counts as written when its block ends."""

_SOME_DAY = (1980, 1, 1, 0, 0, 0)  # equal contents give equal archives


def in_folder(folder: Path) -> Files:
    """Return how the files of an export are opened in a folder."""
    return lambda name: complete_file(folder / name)


def at_path(path: Path) -> Files:
    """Return how the only file of an export is opened, under a name of the caller."""
    return lambda _: complete_file(path)


def on_stream(output: IO[bytes]) -> Files:
    """Return how the only file of an export is written to a stream that is open already."""

    @contextmanager
    def opened(_: str) -> Iterator[IO[bytes]]:
        yield output

    return opened


@contextmanager
def in_archive(output: IO[bytes]) -> Iterator[Files]:
    """Yield how the files of an export become one ZIP archive on a stream."""
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:

        @contextmanager
        def opened(name: str) -> Iterator[IO[bytes]]:
            entry = zipfile.ZipInfo(name, _SOME_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=True) as file, io.BufferedWriter(file) as out:
                yield out

        yield opened


@contextmanager
def complete_file(path: Path) -> Iterator[IO[bytes]]:
    """Open a file for writing that takes its name when the block ends without an error.

    Raises ExportError where the folder cannot be written.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _removed_on_error(partial), partial.open("wb") as output:
            yield output
        partial.replace(path)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}") from error


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
