"""What a worker has answered and a client has not taken yet, bounded in bytes and in time.

A worker that waits for a client answers nobody else. So its answer is taken off it as fast as it
comes, into a buffer of its own size and a common one; a client that leaves a full buffer untouched
for some seconds is given up.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from kg.errors import QueryError
from kg.query.pool import Answer

LARGEST = 4 << 20
STALL = 10.0


@dataclass(slots=True)
class Budget:
    """Bytes that all buffers of a server may hold together."""

    left: int = 128 << 20


class Buffer:
    """The parts of one answer, put in by the worker's side and taken out by the client's."""

    def __init__(self, budget: Budget) -> None:
        self.answer: Answer | None = None
        self.closed = False
        self.error: BaseException | None = None
        self._budget = budget
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._change = asyncio.Event()
        self._room = asyncio.Event()

    def begin(self, answer: Answer) -> None:
        """Say that there is an answer."""
        self.answer = answer
        self._change.set()

    async def put(self, part: bytes) -> None:
        """Add a part, when there is room; raises QueryError where the client takes nothing."""
        while self._size and not self._fits(len(part)):
            self._room.clear()
            try:
                async with asyncio.timeout(STALL):
                    await self._room.wait()
            except TimeoutError:
                raise QueryError("the client does not read", kind="slow") from None
        self._size += len(part)
        self._budget.left -= len(part)
        self._parts.append(part)
        self._change.set()

    def close(self, error: BaseException | None = None) -> None:
        """Say that nothing follows, and why where the answer is not whole."""
        self.closed, self.error = True, error
        self._change.set()

    async def head(self) -> Answer:
        """Return the answer when it has begun; raises what kept it from beginning."""
        while self.answer is None:
            await self._changed()
        return self.answer

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Yield the parts; raises what kept the answer from being whole."""
        while self._parts or not self.closed:
            if self._parts:
                yield self._taken()
            else:
                await self._changed()
        if self.error is not None:
            raise self.error

    def whole(self) -> bytes | None:
        """Return all that there is if the answer is complete and untouched, else None."""
        if not self.closed or self.error is not None:
            return None
        return b"".join([self._taken() for _ in range(len(self._parts))])

    def discard(self) -> None:
        """Let go of what nobody will take."""
        while self._parts:
            self._taken()

    def _fits(self, size: int) -> bool:
        return self._size + size <= LARGEST and size <= self._budget.left

    def _taken(self) -> bytes:
        part = self._parts.popleft()
        self._size -= len(part)
        self._budget.left += len(part)
        self._room.set()
        return part

    async def _changed(self) -> None:
        if self.closed and self.error is not None and not self._parts:
            raise self.error
        self._change.clear()
        await self._change.wait()
        if self.answer is None and self.error is not None:
            raise self.error
