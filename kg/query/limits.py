"""What a query may cost."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one endpoint or one command.

    `timeout` is in seconds and covers everything from the hand-over to a worker to the last byte of
    the result; `memory` is what one worker may take beyond the opened snapshot, `result` what one
    result may hold, both in bytes; `waiting` is how many queries may wait for a free worker.
    """

    timeout: float = 30.0
    memory: int = 2048 * MEBIBYTE
    result: int = 512 * MEBIBYTE
    workers: int = 2
    waiting: int = 64

    def lowered(self, timeout: float | None) -> float:
        """Return the timeout of a request, which may lower the limit and never raise it."""
        return self.timeout if timeout is None else min(self.timeout, timeout)
