"""`trialkg doctor`: what is wrong with a data folder, and what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from kg.backup import contents
from kg.cli.options import DATA, Data, Json, out
from kg.errors import KGError, StoreBusy
from kg.history import History
from kg.publish import current_name, snapshot_names
from kg.query.limits import Limits
from kg.records import Record
from kg.store import Store

Quick = Annotated[bool, typer.Option("--quick", help="Open snapshots, do not read them whole.")]

_FREE = 1 << 30
_FILES = 1024


class Finding(Record, frozen=True):
    """What one check found; `remedy` is empty where nothing is wrong."""

    check: str
    found: str
    remedy: str = ""


def doctor(*, data: Data = DATA, quick: Quick = False, json: Json = False) -> None:
    """Check store, snapshots, disk and limits, and say what to do; exit status 1 if anything."""
    findings = [
        *_pointer(data),
        *_snapshots(data, quick=quick),
        *_checked("store", _store, data),
        *_checked("ledger", _ledger, data),
        *_disk(data),
        *_limits(),
    ]
    if json:
        out().print_json(msgspec.json.encode(findings).decode())
    else:
        for one in findings:
            out().print(f"{'BAD' if one.remedy else 'ok ':4}{one.check}: {one.found}")
            if one.remedy:
                out().print(f"    -> {one.remedy}")
    if any(one.remedy for one in findings):
        sys.exit(1)


def _checked(check: str, look: Callable[[Path], Finding], data: Path) -> list[Finding]:
    if data.is_dir() and not os.access(data, os.W_OK):
        return [Finding(check=check, found="not opened, for the folder is read-only")]
    try:
        return [look(data)]
    except StoreBusy as error:
        return [Finding(check=check, found=f"in use: {error}")]
    except KGError as error:
        remedy = "move the file away and run `trialkg restore BACKUP` or build again"
        return [Finding(check=check, found=str(error), remedy=remedy)]


def _pointer(data: Path) -> list[Finding]:
    try:
        name = current_name(data)
    except KGError as error:
        return [Finding(check="published", found=str(error), remedy="run `trialkg rollback`")]
    if name is None:
        remedy = f"run `trialkg build --data {data} SOURCE`, or `trialkg restore BACKUP`"
        return [Finding(check="published", found="nothing", remedy=remedy)]
    return [Finding(check="published", found=name)]


def _snapshots(data: Path, *, quick: bool) -> list[Finding]:
    found = []
    for name in snapshot_names(data):
        path = data / "snapshots" / name
        try:
            found.append(Finding(check=f"snapshot {name}", found=_read(path, quick=quick)))
        except KGError as error:
            remedy = (
                "run `trialkg rollback`, then `trialkg build`; remove the folder; check the disk"
            )
            found.append(Finding(check=f"snapshot {name}", found=str(error), remedy=remedy))
    return found


def _read(snapshot: Path, *, quick: bool) -> str:
    if quick:
        with Store.read_only(snapshot):
            return "can be opened"
    read = contents(snapshot, ledger=False)
    return f"{read.statements:,} statements, digest {read.digest[:12]}"


def _store(data: Path) -> Finding:
    if not (data / "store").is_dir():
        return Finding(check="store", found="none yet; the next build makes it")
    with Store.open(data / "store") as store:
        return Finding(check="store", found=f"{len(store.record_graphs()):,} record graphs")


def _ledger(data: Path) -> Finding:
    if not (data / "history.sqlite").is_file():
        return Finding(check="ledger", found="none yet; the next build makes it")
    with History.open(data / "history.sqlite") as history:
        records, versions = history.count()
    return Finding(check="ledger", found=f"{versions:,} versions of {records:,} records")


def _disk(data: Path) -> list[Finding]:
    folder = next(path for path in (data, *data.absolute().parents) if path.is_dir())
    usage = shutil.disk_usage(folder)
    needed = max(_FREE, 2 * _size(data / "store"))
    told = f"{usage.free >> 20:,} MiB free of {usage.total >> 20:,}"
    remedy = f"free some: a build may need {needed >> 20:,} MiB"
    found = [Finding(check="disk", found=told, remedy=remedy if usage.free < needed else "")]
    if not os.access(folder, os.W_OK):
        remedy = "serving works; give write permission before a build"
        found.append(Finding(check="permission", found=f"{folder} is read-only", remedy=remedy))
    return found


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*")) if folder.is_dir() else 0


def _limits() -> list[Finding]:
    limits = Limits()
    wanted = limits.workers * limits.memory
    found = []
    if hasattr(os, "sysconf"):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        told = f"{memory >> 20:,} MiB; queries may take {wanted >> 20:,}"
        remedy = "serve with fewer --workers or less --query-memory"
        found.append(Finding(check="memory", found=told, remedy=remedy if memory < wanted else ""))
    try:
        import resource
    except ImportError:
        return found
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    remedy = f"raise it: `ulimit -n {4 * _FILES}`" if files < _FILES else ""
    return [*found, Finding(check="open files", found=f"{files:,} allowed", remedy=remedy)]
