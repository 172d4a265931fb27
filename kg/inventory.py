"""What is in a snapshot, file by file, so that damage is noticed before anything is read from it.

The engine takes a manifest that was cut short for a smaller one, and opens. Tables are not
digested: their blocks carry checksums, which the engine compares when it reads them.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Literal

import msgspec

from kg.errors import StoreError

LIST = "inventory.json"

_TABLE = ".sst"
# Written by whoever opens the folder, and part of nothing.
_NOT_CONTENT = ("LOCK", "LOG")

MadeBy = Literal["build", "write"]


class File(msgspec.Struct, frozen=True):
    """The size of a file and, unless it is a table, its digest."""

    size: int
    digest: str = ""


class Inventory(msgspec.Struct, frozen=True):
    """The files of a snapshot, and whether a build made it or somebody who wrote to it."""

    made_by: MadeBy
    files: dict[str, File]


def list_files(folder: Path, made_by: MadeBy) -> None:
    """Write the list of the files of a folder into it, to last beyond a loss of power."""
    files = {path.name: _facts(path) for path in sorted(folder.iterdir()) if _counts(path.name)}
    with (folder / LIST).open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(Inventory(made_by, files))))
        file.flush()
        os.fsync(file.fileno())


def made_by(folder: Path) -> MadeBy:
    """Return who made a snapshot; one without a list, or with a broken one, counts as built."""
    try:
        found = _read(folder)
    except StoreError:
        return "build"
    return found.made_by if found else "build"


def check_files(folder: Path) -> None:
    """Raise StoreError where files are not as they were when the list was made.

    A folder without a list passes: it was made before there were any.
    """
    listed = _read(folder)
    for name, wanted in listed.files.items() if listed else ():
        try:
            found = _facts(folder / name)
        except FileNotFoundError:
            raise _damaged(folder, f"{name} is missing") from None
        except OSError as error:
            raise _damaged(folder, f"{name} cannot be read: {error.strerror}") from error
        if found.size != wanted.size:
            raise _damaged(folder, f"{name} has {found.size:,} bytes, not {wanted.size:,}")
        if found.digest != wanted.digest:
            raise _damaged(folder, f"{name} holds something else than what was written")


def _read(folder: Path) -> Inventory | None:
    try:
        return msgspec.json.decode((folder / LIST).read_bytes(), type=Inventory)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as error:
        raise _damaged(folder, f"{LIST} cannot be read: {error}") from error


def _counts(name: str) -> bool:
    return name != LIST and not name.startswith(_NOT_CONTENT)


def _facts(path: Path) -> File:
    if path.suffix == _TABLE:
        return File(path.stat().st_size)
    content = path.read_bytes()
    return File(len(content), hashlib.sha256(content).hexdigest())


def _damaged(folder: Path, what: str) -> StoreError:
    return StoreError(
        f"{folder} is damaged: {what}; run `trialkg rollback`, or `trialkg restore BACKUP`"
    )
