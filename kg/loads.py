"""Loads shards while others are made: large pieces of them, some side by side in threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple, Self

from kg.allocator import keep_freed_memory
from kg.shards import Shard
from kg.workers import chunked

# The engine sorts a million quads at a time: a load of a few more would be two sets of files, and
# one graph would stand in both.
_MOST = 1_000_000
# The first load of each thread is small, and every further one twice as large: threads do not wait
# for the first million, which a build of few records never has, and the engine is left few files.
_FIRST = 125_000
_THREADS = 2
# So many loads may wait for others before those who make shards have to.
_WAITING = 3


class Loaded(NamedTuple):
    """Some shards that were loaded together, and the seconds that it took."""

    shards: Sequence[Shard]
    seconds: Future[float]


class Loads:
    """Loads shards in threads; `begin` is told of those that go together, and returns the work.

    `begin` runs in the thread of the caller, and what it returns gives the seconds that it took.
    """

    def __init__(self, begin: Callable[[Sequence[Shard]], Callable[[], float]]) -> None:
        keep_freed_memory()
        self._begin = begin
        self._begun = 0
        self._waiting: list[Shard] = []
        self._quads = 0
        self._loads: deque[Loaded] = deque()
        self._threads = ThreadPoolExecutor(_THREADS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def take(self, shard: Shard) -> Iterator[Loaded]:
        """Take a shard; yield what is loaded by now, waiting where too much is under way."""
        if self._waiting and self._quads + shard.quads > self._enough():
            self._load(self._waiting)
            self._waiting, self._quads = [], 0
            yield from self._settled(_THREADS + _WAITING)
        self._waiting.append(shard)
        self._quads += shard.quads

    def finish(self) -> Iterator[Loaded]:
        """Load what waits, by all threads, and yield all that was not told of yet."""
        parts = _THREADS if self._quads > _FIRST else 1
        shards, self._waiting = self._waiting, []
        for some in chunked(shards, -(-len(shards) // parts) or 1):
            self._load(some)
        yield from self._settled(0)

    def _enough(self) -> int:
        return min(_MOST, _FIRST << (self._begun // _THREADS))

    def _load(self, shards: Sequence[Shard]) -> None:
        self._loads.append(Loaded(shards, self._threads.submit(self._begin(shards))))
        self._begun += 1

    def _settled(self, most: int) -> Iterator[Loaded]:
        while self._loads and (len(self._loads) > most or self._loads[0].seconds.done()):
            yield self._loads.popleft()
