"""Runs a function over many items in a few processes, in order and with bounded memory."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing.connection import wait
from typing import Self, TypeVar

from kg.errors import StoreError

A = TypeVar("A")
B = TypeVar("B")

# So many items do not repay the start of a process.
FEW = 2
_AHEAD = 3


def chunked(items: Iterable[A], size: int) -> Iterator[tuple[A, ...]]:
    """Yield the items in order, `size` at a time."""
    rest = iter(items)
    while chunk := tuple(islice(rest, size)):
        yield chunk


class Workers:
    """Worker processes that start with the first long list and end with the block.

    They are started anew, not forked, so that none of them holds a lock of the parent; they end by
    themselves when the parent is killed.
    """

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def map(self, function: Callable[[A], B], items: Iterable[A], *, few: int = FEW) -> Iterator[B]:
        """Yield the results in the order of the items, reading only a few items ahead.

        A few items, or a single process, are not worth a pool: they run in this process.
        `function` must be importable by name.
        """
        rest = iter(items)
        first = list(islice(rest, few + 1))
        if self._processes < 2 or len(first) <= few:
            yield from map(function, chain(first, rest))
            return
        try:
            yield from self._spread(function, chain(first, rest))
        except BrokenProcessPool as error:
            raise StoreError(
                "a worker process was killed, which happens when memory runs out; what is "
                "published is unharmed: build again with fewer --processes"
            ) from error

    def _spread(self, function: Callable[[A], B], items: Iterator[A]) -> Iterator[B]:
        pool = self._started()
        ahead: deque[Future[B]] = deque()
        for item in items:
            ahead.append(pool.submit(function, item))
            if len(ahead) >= self._processes * _AHEAD:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_end_with_parent,
            )
        return self._pool


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel
        threading.Thread(target=lambda: wait([sentinel]) and os._exit(1), daemon=True).start()
