"""Copies of what is published, on disks of their own, checked before they are trusted.

A backup is a folder with the snapshot, the ledger of versions, what users wrote, and a note of what
is in it: how many statements, and the digest of all of them, sorted. What is derived, as the
store of the builder, is left out: the next build makes it again.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path

import msgspec

from kg.errors import StoreError, UsageError
from kg.publish import current_snapshot, point_to, publish_folder, snapshot_names
from kg.records import Record
from kg.store import Store

_NOTE, _SNAPSHOT = "backup.json", "snapshot"
_LEDGER, _WRITTEN = "history.sqlite", "user.nq"
# Without it, whoever follows trials would be told everything again.
_DELIVERIES = "deliveries.sqlite"


class Contents(Record, frozen=True):
    """What a backup holds."""

    statements: int
    digest: str
    ledger: bool


def backup(data: Path, target: Path) -> Contents:
    """Copy what is published, and the ledger, to a folder that must not exist yet.

    A build may run meanwhile. The copy is read once whole before it gets its name.
    """
    if target.exists():
        raise UsageError(f"{target} exists already; name a new folder")
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        made = _copied(data, partial)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return made


def _copied(data: Path, partial: Path) -> Contents:
    source = current_snapshot(data)
    # Not by links: what happens to the disk of the data must not happen to the copy.
    shutil.copytree(source, partial / _SNAPSHOT)
    ledger = _copy_ledger(data / _LEDGER, partial / _LEDGER)
    _copy_ledger(data / _DELIVERIES, partial / _DELIVERIES)
    if (data / _WRITTEN).is_file():
        shutil.copy2(data / _WRITTEN, partial / _WRITTEN)
    found = contents(partial / _SNAPSHOT, ledger=ledger)
    if found != contents(source, ledger=ledger):
        raise StoreError(f"{partial}: the copy differs from {source}; check the disk")
    (partial / _NOTE).write_bytes(msgspec.json.encode(found))
    return found


def restore(source: Path, data: Path) -> tuple[str, Contents]:
    """Publish a backup as a new snapshot and return its name; raises StoreError if it is damaged.

    The ledger and what users wrote come back only where there is none: nothing newer is replaced.
    """
    noted = _note(source)
    found = contents(source / _SNAPSHOT, ledger=noted.ledger)
    if found != noted:
        raise StoreError(
            f"{source}: damaged: it holds {found.statements:,} statements with digest "
            f"{found.digest[:12]}, and was made with {noted.statements:,} and {noted.digest[:12]}"
        )
    with Store.open(data / "store"):
        name = _publish_copy(source / _SNAPSHOT, data, noted)
        copies = ((_LEDGER, _copy_ledger), (_DELIVERIES, _copy_ledger), (_WRITTEN, shutil.copy2))
        for file, copy in copies:
            if (source / file).exists() and not (data / file).exists():
                copy(source / file, data / file)
    return name, noted


def rollback(data: Path, name: str | None = None) -> str:
    """Publish an older snapshot that is still there, by default the one before; return its name.

    The next build publishes anew. Raises UsageError where there is none.
    """
    names = snapshot_names(data)
    with Store.open(data / "store"):
        if name is None:
            name = _before(data, names)
        if name not in names:
            raise UsageError(f"{data} has no snapshot {name!r}; there are {', '.join(names)}")
        with Store.read_only(data / "snapshots" / name):
            point_to(data, name)
    return name


def _before(data: Path, names: list[str]) -> str:
    pointer = data / "current"
    # What it names may be gone, which is a reason to roll back.
    current = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    older = [name for name in names if not current.isdecimal() or int(name) < int(current)]
    if not older:
        raise UsageError(f"{data} has no snapshot older than {current or 'the published one'}")
    return older[-1]


def _publish_copy(source: Path, data: Path, noted: Contents) -> str:
    def fill(partial: Path) -> None:
        shutil.copytree(source, partial)
        if contents(partial, ledger=noted.ledger) != noted:
            raise StoreError(f"{data}: what was written differs from {source}; check the disk")

    return publish_folder(data, fill).name


def contents(snapshot: Path, *, ledger: bool) -> Contents:
    """Count and digest all statements of a snapshot, which reads every one of them."""
    digest = _Digest()
    with Store.read_only(snapshot) as store:
        try:
            count = store.dump(digest)  # type: ignore[arg-type]
        except (OSError, RuntimeError) as error:
            raise StoreError(f"{snapshot}: damaged: {error}") from error
    return Contents(statements=count, digest=digest.state.hexdigest(), ledger=ledger)


class _Digest:
    def __init__(self) -> None:
        self.state = hashlib.sha256()

    def write(self, part: bytes) -> int:
        self.state.update(part)
        return len(part)


def _copy_ledger(source: Path, target: Path) -> bool:
    if not source.exists():
        return False
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as read:
        written = sqlite3.connect(target)
        try:
            read.backup(written)
        finally:
            written.close()
    read.close()
    return True


def _note(source: Path) -> Contents:
    try:
        return msgspec.json.decode((source / _NOTE).read_bytes(), type=Contents)
    except FileNotFoundError:
        raise UsageError(f"{source}: no backup there: it has no {_NOTE}") from None
    except msgspec.MsgspecError as error:
        raise StoreError(f"{source / _NOTE}: damaged: {error}") from error
