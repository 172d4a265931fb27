"""One line per request: who, what, how it ended. Never what was asked, unless told to."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api.clients import client_of
from kg.api.metrics import Metrics

_FLUSH_SECONDS = 0.5


class Access:
    """ASGI middleware that counts requests and writes them down."""

    def __init__(
        self, app: ASGIApp, *, metrics: Metrics, log: TextIO | None, queries: bool = False
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.log = log
        self.queries = queries
        self._lines: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            # The lifespan of the server: what has gathered by its end is written.
            try:
                await self.app(scope, receive, send)
            finally:
                self.flush()
            return
        began, status, size = time.perf_counter(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counted)
        finally:
            seconds = time.perf_counter() - began
            self.metrics.request(scope["path"], status, seconds, size)
            if self.log is not None:
                self._write(scope, status, size, seconds)

    def _write(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        path = scope["raw_path"].decode("ascii", "replace")
        asked = scope["query_string"].decode("ascii", "replace")
        shown = f"{path}?{asked}" if self.queries and asked else path
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        what = f"{client_of(scope)} {scope['method']} {shown[:2000]}"
        self._lines.append(f"{at} {what} {status} {size} {seconds * 1000:.1f}ms\n")
        if len(self._lines) == 1:
            asyncio.get_running_loop().call_later(_FLUSH_SECONDS, self.flush)

    def flush(self) -> None:
        """Write what has gathered; lines are written in groups, for each write is a wait."""
        lines, self._lines = "".join(self._lines), []
        if self.log is not None and lines:
            # Whoever read them may have gone; that is no reason to stop serving.
            with suppress(OSError, ValueError):
                self.log.write(lines)
                self.log.flush()
