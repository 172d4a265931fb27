"""The graph as it stood on a day: snapshots made from the versions that had been seen by then.

DATA/asof/<date> holds one, as a data folder holds what is published, and beside it what it was made
from. It is read with the tables of the day on which it is made, and stays as it is until it is made
again: what is seen later, or known better, changes no answer that somebody has cited.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kg.asof.ledger import copy_past, past
from kg.errors import StoreError, UsageError
from kg.publish import current_snapshot
from kg.records import Loader, Record
from kg.report import Progress, silent
from kg.store import Store

if TYPE_CHECKING:
    from kg.pipeline import Settings

_FOLDER = "asof"
_FACTS = "made.json"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Kept(Record, frozen=True):
    """A snapshot of a day, and what it was made from.

    `versions` is a digest of the versions that had been seen by then; `loaders` are the releases of
    those there were, and the others those of the build that made it.
    """

    date: dt.date
    versions: str
    loaders: dict[str, str]
    changes: str
    extraction: str
    lexicon: str
    ontology: str
    records: int


class NotKeptError(StoreError):
    """No snapshot of that day is kept."""


def as_of(text: str) -> dt.date:
    """Return the day that a request names; raises UsageError for what is none."""
    if _DATE.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    raise UsageError(f"{text[:40]!r} is no day such as 2026-03-01")


def keep(
    data: Path,
    date: dt.date,
    loaders: Mapping[str, Loader],
    *,
    settings: Settings | None = None,
    progress: Progress = silent,
) -> tuple[Kept, bool]:
    """Make and keep the snapshot of a day; return what it is, and whether it had to be made.

    Record and inferred graphs are those of a build of the versions that had been seen by that day.
    One that was made from the same versions with the same tables stays.
    """
    # Who only reads what is kept, as servers do, need not wait for what builds it.
    from kg.convert import knowledge
    from kg.pipeline import Settings, build

    settings = settings or Settings()
    known = knowledge(settings.lexicon)
    ledger = data / "history.sqlite"
    seen = past(ledger, date)
    wanted = Kept(
        date=date,
        versions=seen.versions,
        loaders={name: loaders[name].release for name in sorted(loaders)},
        changes=known.changes,
        extraction=known.extraction,
        lexicon=known.lexicon,
        ontology=known.ontology,
        records=seen.records,
    )
    if not wanted.records:
        first = seen.first_day or "no known day"
        raise UsageError(
            f"{data} has no record that had been seen by {date}; the first is of {first}"
        )
    if wanted in kept_snapshots(data):
        return wanted, False
    partial = _emptied(data / _FOLDER / f"{date}.partial")
    copy_past(ledger, partial / "history.sqlite", date)
    report = build(partial, [], loaders, settings=settings, progress=progress)
    if report.snapshot is None:
        raise StoreError(f"no record that had been seen by {date} conforms to the shapes")
    _finish(partial, wanted, data / _FOLDER / str(date))
    return wanted, True


def kept_snapshots(data: Path) -> list[Kept]:
    """Return what is kept, by day."""
    paths = sorted((data / _FOLDER).glob(f"*/{_FACTS}"))
    return [_facts(path) for path in paths if _DATE.fullmatch(path.parent.name)]


def _facts(path: Path) -> Kept:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except msgspec.DecodeError as error:
        raise StoreError(
            f"{path} says no more what was kept: remove {path.parent} and make it again"
        ) from error


def kept_snapshot(data: Path, date: dt.date) -> Path:
    """Return the snapshot of exactly this day; raises NotKeptError where none is kept."""
    folder = data / _FOLDER / str(date)
    if not (folder / _FACTS).is_file():
        raise NotKeptError(
            f"no snapshot of {date} is kept; make one: trialkg snapshot --as-of {date}"
        )
    return current_snapshot(folder)


def drop(data: Path, date: dt.date) -> None:
    """Remove the snapshot of a day; raises NotKeptError where none is kept."""
    kept_snapshot(data, date)
    _discard(data / _FOLDER / str(date))


def prune(data: Path, count: int) -> list[dt.date]:
    """Remove all but the snapshots that were made last, and return the days of those removed."""
    days = [one.date for one in kept_snapshots(data)]
    made = sorted(days, key=lambda day: _made(data, day), reverse=True)
    for day in made[count:]:
        drop(data, day)
    return sorted(made[count:])


def _made(data: Path, day: dt.date) -> tuple[int, dt.date]:
    return (data / _FOLDER / str(day) / _FACTS).stat().st_mtime_ns, day


def _emptied(partial: Path) -> Path:
    """Return an empty folder to build in, unless another process builds there."""
    if (partial / "store").is_dir():
        Store.open(partial / "store").close()
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    return partial


def _finish(partial: Path, made: Kept, target: Path) -> None:
    """Leave of a build what is read, and put it in the place of what was kept of that day."""
    shutil.rmtree(partial / "store")
    for left in partial.glob("history.sqlite*"):
        left.unlink()
    (partial / _FACTS).write_bytes(msgspec.json.format(msgspec.json.encode(made)) + b"\n")
    if target.exists():
        _discard(target)
    partial.rename(target)


def _discard(folder: Path) -> None:
    doomed = folder.with_suffix(".gone")
    shutil.rmtree(doomed, ignore_errors=True)
    folder.rename(doomed)
    shutil.rmtree(doomed)
