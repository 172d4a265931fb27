"""The process that makes one change and ends: `python -m kg.writing.worker`, spoken to in frames.

The change is made on a copy of the published snapshot, which costs links and no bytes. Only a
copy that is complete and checked becomes the published one: whenever this process is killed,
readers and the next change find what was there before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any, BinaryIO

import pyoxigraph as ox

from kg import user
from kg.errors import KGError, QueryError, StoreBusy
from kg.publish import current_snapshot, describe_change, publish_folder
from kg.query import frames
from kg.query.sandbox import confine
from kg.store import Store
from kg.tables.files import carry_tables
from kg.writing.change import Documents, Job, act, check_syntax
from kg.writing.loading import load

_STACK = 64 << 20


def perform(job: Job, documents: Documents) -> dict[str, str]:
    """Make a change and publish it; return what became of it and the name of the snapshot."""
    data = Path(job["data"])
    if job["action"] == "load":
        published = publish_folder(data, lambda partial: load(partial, job["files"]))
        return {"outcome": "created", "snapshot": published.name}
    if job["action"] == "check":
        check_syntax(job)
        return {"outcome": "changed", "snapshot": ""}
    with _no_build(data):
        # A build that ends until then has published what the change is to be made on.
        change = _Confined(job, documents) if job["confined"] else _Free(job, documents)
        published = publish_folder(
            data, change.fill, keep=job["keep"], by="write", before=change.settle
        )
    return {"outcome": change.outcome, "snapshot": published.name}


@contextmanager
def _no_build(data: Path) -> Iterator[None]:
    """Hold the lock of the builder, if there is one; raises StoreBusy while it works."""
    if not (data / "store").is_dir():
        yield
        return
    with Store.open(data / "store"):
        yield


class _Free:
    """A change of any graph, for data that nothing is built from."""

    def __init__(self, job: Job, documents: Documents) -> None:
        self.job = job
        self.documents = documents
        self.base = current_snapshot(Path(job["data"]))
        self.outcome = ""

    def fill(self, partial: Path) -> None:
        """Make the copy and change it."""
        with _copy(self.base, partial) as copied:
            self.outcome = act(copied.engine, self.job, self.documents)

    def settle(self) -> None:
        """Nothing has to be kept elsewhere."""


class _Confined(_Free):
    """A change of the graphs of users, by construction of no other.

    It is made on one copy, and only what the graphs of users hold then goes into the other, which
    is published.
    """

    written: frozenset[ox.Quad] = frozenset()

    def fill(self, partial: Path) -> None:
        """Change a scratch copy, check what came out, and take it over."""
        from kg.writing.confinement import check_changes

        kept = user.kept(Path(self.job["data"]))
        with _copy(self.base, partial) as copied:
            engine, stated = copied.engine, user.stated(copied.engine)
            shown = user.news(engine, kept)
            user.restate(engine, shown)
            after = self._changed(shown, partial.with_name("scratch.partial"))
            check_changes(engine, shown, after)
            describe_change(copied, stated, after)
        graphs = {quad.graph_name for quad in after}
        hidden = {quad for quad in kept - shown if quad.graph_name in graphs}
        self.written = frozenset(after | hidden)

    def _changed(self, shown: set[ox.Quad], folder: Path) -> set[ox.Quad]:
        try:
            with _copy(self.base, folder) as scratch:
                user.restate(scratch.engine, shown)
                self.outcome = act(scratch.engine, self.job, self.documents)
                return user.stated(scratch.engine)
        finally:
            rmtree(folder, ignore_errors=True)

    def settle(self) -> None:
        """Keep the graphs of users for the next build."""
        user.keep(Path(self.job["data"]), self.written)


@contextmanager
def _copy(source: Path, target: Path) -> Iterator[Store]:
    """Copy a store that nothing writes to, and yield the copy."""
    with Store.read_only(source) as opened:
        opened.backup(target)
    carry_tables(source, target)
    with Store.open(target) as copied:
        yield copied
        copied.engine.flush()


def answer(job: Job, documents: Documents) -> bytes:
    """Return the frame that tells what became of a job."""
    try:
        return frames.message(frames.END, perform(job, documents))
    except StoreBusy as error:
        return _failure("building", str(error), "try again when the build has ended")
    except QueryError as error:
        return _failure(error.kind, str(error), error.hint)
    except KGError as error:
        return _failure("unavailable", str(error))
    except SyntaxError as error:
        return _failure("syntax", str(error))
    except MemoryError:
        return _failure("memory", "the change needs more memory than it may take")
    except (OSError, RuntimeError, ValueError) as error:
        return _failure("evaluation", str(error))


def _failure(kind: str, message: str, hint: str | None = None) -> bytes:
    return frames.message(frames.FAILURE, {"kind": kind, "message": message, "hint": hint})


def _read(source: BinaryIO) -> bytes:
    _, length = frames.HEADER.unpack(source.read(frames.HEADER.size))
    return source.read(length)


def serve(source: BinaryIO, output: BinaryIO) -> None:
    """Read one job with its documents, carry it out, and tell what became of it."""
    opening = frames.content(_read(source))
    job: dict[str, Any] = opening["job"]
    documents = [_read(source) for _ in range(opening["documents"])]
    if job.get("confined"):
        # Imported before the limits are set, for importing takes memory and time.
        import kg.writing.confinement  # noqa: F401
    confine(opening["memory"], writing=True)
    output.write(answer(job, documents))
    output.flush()


def main() -> None:
    """Answer on what was standard output; whatever else prints goes to standard error."""
    source = os.fdopen(os.dup(0), "rb")
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=serve, args=(source, output), name="change")
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
