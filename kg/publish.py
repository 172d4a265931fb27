"""Published snapshots: immutable checkpoints and one pointer that is switched atomically.

DATA/snapshots/<name> is a checkpoint, DATA/current a file that holds the name of the served one.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

import pyoxigraph as ox

from kg import user, void
from kg.errors import StoreError
from kg.inventory import MadeBy, list_files, made_by
from kg.store import Store

KEEP = 3

_NAME = re.compile(r"\d{6,}")


def snapshot_names(data: Path) -> list[str]:
    """Return the names of all complete snapshots, oldest first."""
    folder = data / "snapshots"
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((p.name for p in found if _NAME.fullmatch(p.name)), key=int)


def current_name(data: Path) -> str | None:
    """Return the name of the published snapshot, None where nothing has been published."""
    name = _named(data)
    while name is not None and not _is_there(data, name):
        # Between the two looks a publication may have taken away what had been the published one.
        again = _named(data)
        if again == name:
            raise StoreError(
                f"{data / 'current'} names {name!r}, which is no snapshot in {data / 'snapshots'}; "
                "run `trialkg build` to publish again"
            )
        name = again
    return name


def _named(data: Path) -> str | None:
    try:
        return (data / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def _is_there(data: Path, name: str) -> bool:
    return bool(_NAME.fullmatch(name)) and (data / "snapshots" / name).is_dir()


def current_snapshot(data: Path) -> Path:
    """Return the folder of the published snapshot, which nothing writes to any more."""
    name = current_name(data)
    if name is None:
        raise StoreError(f"{data}: nothing has been published there; run `trialkg build` first")
    return data / "snapshots" / name


def watched(data: Path) -> Callable[[], Path]:
    """Return `current_snapshot` for one who asks often: it reads the pointer when that changes."""
    pointer = data / "current"
    known: tuple[tuple[int, int], Path] | None = None

    def current() -> Path:
        nonlocal known
        try:
            facts = pointer.stat()
        except OSError:
            return current_snapshot(data)
        # The pointer is replaced, never written: a new one is another file.
        state = (facts.st_ino, facts.st_mtime_ns)
        if known is None or known[0] != state:
            known = (state, current_snapshot(data))
        return known[1]

    return current


def publish(
    store: Store,
    data: Path,
    *,
    keep: int = KEEP,
    beside: Callable[[Path], None] = lambda _: None,
) -> Path:
    """Publish the store, with the graphs of users beside it: switch the pointer, prune.

    `beside` writes further files into the folder of the snapshot: the tables.

    Whenever the process dies, the pointer names a complete snapshot. `keep` counts the published
    one; older ones stay for a rollback.
    """
    written = user.kept(data)

    def fill(partial: Path) -> None:
        # The checkpoint last: it keeps every file that the engine, which merges its files
        # meanwhile, would else be rid of.
        aside = partial.with_name(f"beside-{partial.name}")
        aside.mkdir()
        beside(aside)
        store.backup(partial)
        for path in aside.iterdir():
            path.rename(partial / path.name)
        aside.rmdir()
        if written:
            _add_user_graphs(partial, written)

    return publish_folder(data, fill, keep=keep)


def publish_folder(
    data: Path,
    fill: Callable[[Path], None],
    *,
    keep: int = KEEP,
    by: MadeBy = "build",
    before: Callable[[], None] = lambda: None,
) -> Path:
    """Publish the folder that `fill` makes; `before` runs when it is complete and not yet seen.

    `keep` counts what builds made and what was written apart, so that writing never takes away the
    builds to which one may want to go back.
    """
    folder = data / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    _remove_partial(folder)
    names = snapshot_names(data)
    name = f"{int(names[-1]) + 1 if names else 1:06d}"
    partial = folder / f"{name}.partial"
    fill(partial)
    list_files(partial, by)
    partial.rename(folder / name)
    _sync(folder)
    before()
    point_to(data, name)
    for old in _outdated(folder, [*names, name], max(1, keep)):
        _discard(folder / old)
    return folder / name


def _outdated(folder: Path, names: list[str], keep: int) -> Iterator[str]:
    for origin in get_args(MadeBy):
        yield from [name for name in names if made_by(folder / name) == origin][:-keep]


def _add_user_graphs(partial: Path, written: set[ox.Quad]) -> None:
    # What a record has come to state by itself is not stated twice.
    with Store.open(partial) as opened:
        news = user.news(opened.engine, written)
        user.restate(opened.engine, news)
        describe_change(opened, set(), news)
        opened.engine.flush()


def describe_change(store: Store, removed: set[ox.Quad], added: set[ox.Quad]) -> None:
    """Let the description of a store, where it has one, tell of a change of graphs of users."""
    if store.engine.contains_named_graph(void.GRAPH):
        store.set_graph(void.GRAPH, void.void_quads_after(store, removed, added))


def point_to(data: Path, name: str) -> None:
    """Let a snapshot be the published one, in one step."""
    if name not in snapshot_names(data):
        raise StoreError(f"{data / 'snapshots'} has no snapshot {name!r}")
    written = data / "current.partial"
    with written.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    written.replace(data / "current")
    _sync(data)


def _discard(snapshot: Path) -> None:
    doomed = snapshot.with_suffix(".partial")
    snapshot.rename(doomed)
    shutil.rmtree(doomed)


def _remove_partial(folder: Path) -> None:
    for left in folder.glob("*.partial"):
        shutil.rmtree(left)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
