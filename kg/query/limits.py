"""What a query may cost."""

from __future__ import annotations

from dataclasses import dataclass

MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one endpoint or one command.

    `timeout` is in seconds and covers everything from the hand-over to a worker to the last byte of
    the result; `memory` is what one worker may take beyond the opened snapshot, `result` what one
    result may hold, both in bytes; `rows` is how many rows a table may have; `waiting` is how many
    queries may wait for a free worker; `client_seconds` is the query time of one client in a
    minute. 0 is no bound for `rows` and `client_seconds`.
    """

    timeout: float = 30.0
    memory: int = 1024 * MEBIBYTE
    result: int = 512 * MEBIBYTE
    workers: int = 4
    waiting: int = 64
    rows: int = 0
    client_seconds: float = 60.0

    def lowered(self, timeout: float | None) -> float:
        """Return the timeout of a request, which may lower the limit and never raise it."""
        return self.timeout if timeout is None else min(self.timeout, timeout)
