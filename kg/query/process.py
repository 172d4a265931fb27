"""A worker process as seen by the process that started it."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from pathlib import Path

from kg.errors import QueryError, StoreError
from kg.query import frames
from kg.query.job import Head, Job, died, failure, payload, timed_out
from kg.query.paths import environment
from kg.query.snapshots import DamagedSnapshotError

_BUFFER = 1 << 19
_STARTING = 60.0


class Worker:
    """A running worker on one snapshot; `busy` is true from a query to the end of its answer."""

    def __init__(self, process: Process, snapshot: Path, prefixes: Mapping[str, str]) -> None:
        self.process = process
        self.snapshot = snapshot
        self.prefixes = prefixes
        self.locks: tuple[str, ...] = ()
        self.busy = False
        self.overran: float | None = None
        self.ended = False

    @property
    def alive(self) -> bool:
        """Whether it can take a query."""
        return self.process.returncode is None and not self.busy and not _ended(self.process.pid)

    def overrun(self, seconds: float) -> None:
        """Kill it if the query that was given so many seconds is still being answered."""
        if self.busy:
            self.overran = seconds
            with suppress(ProcessLookupError):
                self.process.kill()

    def end(self) -> None:
        """Kill it because the server stops."""
        self.ended = True
        with suppress(ProcessLookupError):
            self.process.kill()

    async def ask(self, asked: Job, result: int, rows: int = 0, *, idle: bool = False) -> Head:
        """Hand over a query and return the head of its answer; raises what went wrong.

        An `idle` one is asked of no data, to see whether it can be asked at all.
        """
        self.busy = True
        stdin = self.process.stdin
        assert stdin is not None  # noqa: S101 - started with pipes
        with suppress(ConnectionError):
            told = {**payload(asked, result, rows), "idle": idle}
            stdin.write(frames.message(frames.QUERY, told))
            await stdin.drain()
        letter, content = await self._read(asked)
        if letter != frames.HEAD:
            raise RuntimeError(f"a worker answered {letter!r} where a head was due")
        told = frames.content(content)
        return Head(told["kind"], told["format"], self.snapshot.name)

    async def chunks(self, asked: Job) -> AsyncGenerator[bytes, None]:
        """Yield the bytes of the answer; raises if it cannot be completed."""
        while True:
            letter, content = await self._read(asked)
            if letter == frames.END:
                self.busy = False
                return
            yield content

    async def _read(self, asked: Job) -> tuple[bytes, bytes]:
        try:
            letter, content = await self.frame()
        except (asyncio.IncompleteReadError, ConnectionError):
            status = await self.process.wait()
            raise self._why(status) from None
        if letter == frames.FAILURE:
            self.busy = False
            told = frames.content(content)
            raise failure(asked, told["kind"], told["message"], self.prefixes)
        return letter, content

    def _why(self, status: int) -> QueryError:
        if self.ended:
            return QueryError("the server is stopping", kind="stopping", hint="try again later")
        return timed_out(self.overran) if self.overran else died(status)

    async def frame(self) -> tuple[bytes, bytes]:
        """Return the next frame."""
        stdout = self.process.stdout
        assert stdout is not None  # noqa: S101 - started with pipes
        letter, length = frames.HEADER.unpack(await stdout.readexactly(frames.HEADER.size))
        return letter, await stdout.readexactly(length)

    async def stop(self) -> None:
        """End the process, whatever it does, and collect it."""
        if self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()


async def start(snapshot: Path, memory: int, prefixes: Mapping[str, str]) -> Worker:
    """Start a worker on a snapshot; raises StoreError where that cannot be opened."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "kg.query.worker",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=_BUFFER,
        env=environment(),
        cwd="/",
    )
    worker = Worker(process, snapshot, prefixes)
    opening = {"snapshot": str(snapshot.resolve()), "memory": memory, "prefixes": dict(prefixes)}
    try:
        await _open(worker, opening)
    except BaseException:
        await worker.stop()
        raise
    return worker


async def _open(worker: Worker, opening: dict[str, object]) -> None:
    stdin = worker.process.stdin
    assert stdin is not None  # noqa: S101 - started with pipes
    try:
        stdin.write(frames.message(frames.OPEN, opening))
        await stdin.drain()
        async with asyncio.timeout(_STARTING):
            letter, content = await worker.frame()
    except (asyncio.IncompleteReadError, ConnectionError, TimeoutError) as error:
        raise StoreError(f"{opening['snapshot']}: no worker could be started on it") from error
    told = frames.content(content)
    if letter != frames.READY:
        raise DamagedSnapshotError(f"the snapshot cannot be opened: {told['message']}")
    worker.locks = tuple(told["locks"])


def _ended(pid: int) -> bool:
    # The event loop hears of an end a little later, and a query must not be blamed for it.
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True
