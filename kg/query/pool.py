"""A pool of killable workers: queries go in, answers stream out, nothing outlives a limit."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

from kg.errors import KGError, QueryError
from kg.query.job import Head, Job
from kg.query.limits import Limits
from kg.query.process import Worker, start


class Answer:
    """The head of an answer, its bytes in order, and the process that makes them."""

    def __init__(self, head: Head, chunks: AsyncIterator[bytes], pid: int) -> None:
        self.head = head
        self.chunks = chunks
        self.pid = pid

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
        self.locate = locate
        self.prefixes = prefixes
        self.limits = limits
        self.warm = warm
        self._idle: deque[Worker] = deque()
        self._slots = asyncio.Semaphore(limits.workers)
        self._waiting = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self) -> None:
        """Start all workers, so that the first queries find them warm."""
        snapshot = self.locate()
        for _ in range(self.limits.workers):
            self._idle.append(await self._start(snapshot))

    async def close(self) -> None:
        """End all workers."""
        self._closed = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.stop() for worker in self._idle))
        self._idle.clear()

    @asynccontextmanager
    async def run(self, asked: Job) -> AsyncGenerator[Answer, None]:
        """Run a query; the worker is killed where the block is left before the answer's end.

        The deadline holds from the hand-over to a worker to the last byte. Raises QueryError, and
        StoreError where there is no snapshot.
        """
        seconds = self.limits.lowered(asked.timeout)
        async with self._slot(seconds):
            worker = await self._take()
            alarm = asyncio.get_running_loop().call_later(seconds, worker.overrun, seconds)
            try:
                head = await worker.ask(asked, self.limits.result)
                async with aclosing(worker.chunks(asked)) as chunks:
                    yield Answer(head, chunks, worker.process.pid)
            finally:
                alarm.cancel()
                self._give_back(worker)

    @asynccontextmanager
    async def _slot(self, seconds: float) -> AsyncGenerator[None, None]:
        if self._waiting >= self.limits.waiting and self._slots.locked():
            raise _overloaded()
        self._waiting += 1
        try:
            await asyncio.wait_for(self._slots.acquire(), seconds)
        except TimeoutError:
            raise _overloaded() from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._slots.release()

    async def _take(self) -> Worker:
        snapshot = self.locate()
        while self._idle:
            worker = self._idle.popleft()
            if worker.alive and worker.snapshot == snapshot:
                return worker
            self._later(worker.stop())
        return await self._start(snapshot)

    def _give_back(self, worker: Worker) -> None:
        if worker.alive and not self._closed and len(self._idle) < self.limits.workers:
            self._idle.append(worker)
        else:
            self._later(self._replace(worker))

    async def _replace(self, worker: Worker) -> None:
        await worker.stop()
        if self.warm and len(self._idle) < self.limits.workers and not self._closed:
            # Where this fails the next query meets the same error, and can tell it to somebody.
            with suppress(KGError, OSError):
                self._idle.append(await self._start(self.locate()))

    async def _start(self, snapshot: Path) -> Worker:
        return await start(snapshot, self.limits.memory, self.prefixes)

    def _later(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _overloaded() -> QueryError:
    return QueryError(
        "too many queries are running",
        kind="overloaded",
        hint="try again in a few seconds",
    )
