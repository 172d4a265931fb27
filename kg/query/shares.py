"""Fair sharing: whose turn it is when workers are scarce, and how much a client has used."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from contextvars import ContextVar

from kg.errors import QueryError

# Who asks, as the interface that took the query knows it; empty for a caller of its own.
ASKER: ContextVar[str] = ContextVar("asker", default="")

LIGHTEST = 0.025
_MOST_CLIENTS = 50_000


class TooManyError(QueryError):
    """A client has used up its share; `after` is the seconds until it may ask again."""

    def __init__(self, after: float) -> None:
        super().__init__(
            "this client has used up its query time",
            kind="rate",
            hint=f"wait {after:.0f} seconds; ask for less at once, or run a copy of your own",
        )
        self.after = after


class Account:
    """Query seconds per client: so many come back each minute, twice as many can be saved up.

    A query lighter than 25 ms is free; everything else counts from its first millisecond.
    """

    def __init__(self, per_minute: float) -> None:
        self.per_minute = per_minute
        self._spent: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, client: str) -> None:
        """Raise TooManyError where a client has spent all it had."""
        if client and self.per_minute:
            over = self._left(client, time.monotonic()) - 2 * self.per_minute
            if over >= 0:
                raise TooManyError(max(1.0, over * 60 / self.per_minute + 1))

    def charge(self, client: str, seconds: float) -> None:
        """Take note of what a query has cost."""
        if client and self.per_minute and seconds >= LIGHTEST:
            now = time.monotonic()
            self._spent[client] = (self._left(client, now) + seconds, now)
            self._spent.move_to_end(client)
            if len(self._spent) > _MOST_CLIENTS:
                self._spent.popitem(last=False)

    def _left(self, client: str, now: float) -> float:
        """Return what of a client's spending is not yet forgiven."""
        spent, at = self._spent.get(client, (0.0, now))
        return max(0.0, spent - (now - at) * self.per_minute / 60)


class Turns:
    """Places for queries, given in turn to the clients that wait.

    While there are two places or more, one client can never hold them all.
    """

    def __init__(self, places: int, waiting: int) -> None:
        self.places = places
        self.most_waiting = waiting
        self.running: dict[str, int] = {}
        self._queues: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def busy(self) -> int:
        """Return how many places are taken."""
        return sum(self.running.values())

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return sum(len(queue) for queue in self._queues.values())

    @asynccontextmanager
    async def place(self, client: str, seconds: float) -> AsyncGenerator[None, None]:
        """Hold a place; raises QueryError where none comes free in so many seconds."""
        if self._queues or not self._may_run(client):
            await self._wait(client, seconds)
        else:
            self._enter(client)
        try:
            yield
        finally:
            self._leave(client)

    def _may_run(self, client: str) -> bool:
        share = self.places - 1 if client and self.places > 1 else self.places
        return self.busy < self.places and self.running.get(client, 0) < share

    async def _wait(self, client: str, seconds: float) -> None:
        if self.waiting >= self.most_waiting:
            raise _overloaded()
        ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queues.setdefault(client, deque()).append(ready)
        self._admit()
        try:
            async with asyncio.timeout(seconds):
                await asyncio.shield(ready)
        except TimeoutError:
            self._withdraw(client, ready)
            raise _overloaded() from None
        except asyncio.CancelledError:
            self._withdraw(client, ready)
            raise

    def _withdraw(self, client: str, ready: asyncio.Future[None]) -> None:
        if ready.done():
            self._leave(client)
            return
        ready.cancel()
        queue = self._queues[client]
        queue.remove(ready)
        if not queue:
            del self._queues[client]

    def _enter(self, client: str) -> None:
        self.running[client] = self.running.get(client, 0) + 1

    def _leave(self, client: str) -> None:
        self.running[client] -= 1
        if not self.running[client]:
            del self.running[client]
        self._admit()

    def _admit(self) -> None:
        """Let those in who may run, one of each client before a second of any."""
        admitted = True
        while admitted:
            admitted = False
            for client in list(self._queues):
                if self._may_run(client):
                    queue = self._queues[client]
                    queue.popleft().set_result(None)
                    self._enter(client)
                    admitted = True
                    self._queues.move_to_end(client)
                    if not queue:
                        del self._queues[client]


def _overloaded() -> QueryError:
    return QueryError(
        "too many queries are running",
        kind="overloaded",
        hint="try again in a few seconds",
    )
