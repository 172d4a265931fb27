"""A pool of killable workers: queries go in, answers stream out, nothing outlives a limit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from kg.errors import KGError, QueryError, StoreError
from kg.inventory import check_files
from kg.query.federation import joined, without_calls
from kg.query.job import Head, Job, timed_out
from kg.query.limits import Limits
from kg.query.process import Worker, start
from kg.query.shares import ASKER, Account, Turns
from kg.query.snapshots import DamagedSnapshotError, Snapshots


class Answer:
    """The head of an answer, its bytes in order, and the process that makes them.

    `tag` identifies the content of the snapshot.
    """

    def __init__(self, head: Head, chunks: AsyncIterator[bytes], pid: int, tag: str) -> None:
        self.head = head
        self.chunks = chunks
        self.pid = pid
        self.tag = tag

    async def read(self) -> bytes:
        """Return the whole answer."""
        return b"".join([chunk async for chunk in self.chunks])


class Pool:
    """Workers on the current snapshot, as many as the limits say.

    `locate` names the published snapshot and is asked before every query: after a publication new
    queries go to new workers, and running ones end on the snapshot that they began on. A worker
    that was killed is replaced at once, unless the pool need not stay `warm`.
    """

    def __init__(
        self,
        locate: Callable[[], Path],
        prefixes: Mapping[str, str],
        limits: Limits,
        *,
        warm: bool = True,
    ) -> None:
        self.snapshots = Snapshots(locate)
        self.prefixes = prefixes
        self.limits = limits
        self.warm = warm
        self.turns = Turns(limits.workers, limits.waiting)
        self.account = Account(limits.client_seconds)
        self.killed = 0
        self._idle: deque[Worker] = deque()
        self._working: set[Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self) -> None:
        """Start all workers, so that the first queries find them warm."""
        self._idle.extend([await self._take() for _ in range(self.limits.workers)])

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        self.end_running()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._idle))
        self._idle.clear()

    @asynccontextmanager
    async def run(self, asked: Job) -> AsyncGenerator[Answer, None]:
        """Run a query; the worker is killed where the block is left before the answer's end.

        The deadline holds from the hand-over to a worker to the last byte. Raises QueryError, and
        StoreError where there is no snapshot.
        """
        seconds, client = self.limits.lowered(asked.timeout), ASKER.get()
        self.account.check(client)
        async with self.turns.place(client, seconds):
            worker = await self._take(asked.snapshot)
            loop = asyncio.get_running_loop()
            began = loop.time()
            self._working.add(worker)
            alarm: asyncio.TimerHandle | None = None
            try:
                if asked.calls:
                    asked = await self._joined(worker, asked, seconds)
                alarm = loop.call_at(began + seconds, worker.overrun, seconds)
                head = await worker.ask(asked, self.limits.result, self.limits.rows)
                tag = self.snapshots.tag(worker.snapshot)
                async with aclosing(worker.chunks(asked)) as chunks:
                    yield Answer(head, chunks, worker.process.pid, tag)
            except QueryError as error:
                if error.kind == "damaged" and asked.snapshot is None:
                    self.snapshots.spoil(worker.snapshot, str(error))
                raise
            finally:
                if alarm is not None:
                    alarm.cancel()
                self._working.discard(worker)
                self.account.charge(client, loop.time() - began)
                self._give_back(worker, spare=asked.snapshot is None)

    async def _joined(self, worker: Worker, asked: Job, seconds: float) -> Job:
        """Return the query with what the endpoints that it calls have answered.

        None is called for a query that the engine could not read.
        """
        rehearsed = replace(asked, query=without_calls(asked.query, asked.calls))
        try:
            async with asyncio.timeout(seconds):
                await worker.ask(rehearsed, self.limits.result, idle=True)
                async for _ in worker.chunks(rehearsed):
                    pass
                return replace(asked, query=await joined(asked.query, asked.calls), calls=())
        except TimeoutError:
            raise timed_out(seconds) from None

    def end_running(self) -> None:
        """End the queries that still run, with an error that says that the server stops."""
        for worker in self._working:
            worker.end()

    async def _take(self, other: Path | None = None) -> Worker:
        """Return a worker on the current snapshot, or a new one on another snapshot."""
        if other is not None:
            return await self._start(other)
        while True:
            snapshot = self.snapshots.current()
            while self._idle:
                worker = self._idle.popleft()
                if worker.alive and worker.snapshot == snapshot:
                    return worker
                self._later(worker.stop())
            try:
                return await self._start(snapshot)
            except DamagedSnapshotError as error:
                if not self.snapshots.spoil(snapshot, str(error)):
                    raise

    def _give_back(self, worker: Worker, *, spare: bool = True) -> None:
        self.killed += worker.busy
        if not spare:
            self._later(worker.stop())
        elif worker.alive and not self._closed and len(self._idle) < self.limits.workers:
            self._idle.append(worker)
        else:
            self._later(self._replace(worker))

    async def _replace(self, worker: Worker) -> None:
        await worker.stop()
        if self.warm and len(self._idle) < self.limits.workers and not self._closed:
            # Where this fails the next query meets the same error, and can tell it to somebody.
            with suppress(KGError, OSError):
                self._idle.append(await self._start(self.snapshots.current()))

    async def _start(self, snapshot: Path) -> Worker:
        try:
            check_files(snapshot)
        except StoreError as error:
            raise DamagedSnapshotError(str(error)) from error
        return await start(snapshot, self.limits.memory, self.prefixes)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
