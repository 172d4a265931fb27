"""Connections that cannot hurt: bounded in number, in the size of a head, and in time.

The server under this one reads a head of any size for as long as it takes to come.
"""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kg.api.problems import MEDIA_TYPE, problem

LARGEST_HEAD = 64 << 10
MOST_CONNECTIONS = 1000
_HEAD_SECONDS = 10.0
_BODY_SECONDS = 10.0


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 that answers with a problem document where a bound is passed."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(*arguments, **keywords)
        self._head_bytes = 0
        self._in_head = True
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or say that there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse("connections")
        else:
            self._deadline = self.loop.call_later(_HEAD_SECONDS, self._late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._settled()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, while the head is not too long."""
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._in_head and self._head_bytes > LARGEST_HEAD and not self.transport.is_closing():
            self._refuse("head")

    def on_message_begin(self) -> None:
        """Give the head of a request so many seconds."""
        super().on_message_begin()
        self._in_head = True
        self._settled()
        self._deadline = self.loop.call_later(_HEAD_SECONDS, self._late)

    def on_headers_complete(self) -> None:
        """Hand the request over, unless its head is too long."""
        self._in_head, self._head_bytes = False, 0
        self._settled()
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > LARGEST_HEAD:
            self._refuse("address" if len(self.url) > LARGEST_HEAD // 2 else "head")
        elif not self.transport.is_closing():
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body, unless the request has been refused."""
        if self.cycle is not None and not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request, unless it has been refused."""
        if self.cycle is not None and not self.transport.is_closing():
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        del msg
        if not self.transport.is_closing():
            self._refuse("http")

    def _settled(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        if not self.transport.is_closing() and (self.cycle is None or self.cycle.response_complete):
            self._refuse("slow-request")

    def _refuse(self, kind: str) -> None:
        response = problem(kind, _DETAILS[kind])
        body = bytes(response.body)
        head = [
            STATUS_LINE[response.status_code],
            f"content-type: {MEDIA_TYPE}\r\n".encode(),
            f"content-length: {len(body)}\r\n".encode(),
            b"access-control-allow-origin: *\r\nconnection: close\r\n\r\n",
        ]
        self.transport.write(b"".join([*head, body]))
        self.transport.close()


_DETAILS = {
    "http": "this is not a request of HTTP/1.1",
    "head": f"the head of the request has more than {LARGEST_HEAD:,} bytes",
    "address": f"the address is too long; send queries of more than {LARGEST_HEAD // 2:,} bytes "
    "in the body of a POST",
    "slow-request": "the request did not arrive in time",
    "connections": "too many connections are open",
}


class SlowBodies:
    """ASGI middleware that waits so many seconds for each part of a body, and no longer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self.app(scope, receive, send)
            return
        complete = False

        async def bounded() -> Message:
            nonlocal complete
            if complete:
                return await receive()
            async with asyncio.timeout(_BODY_SECONDS):
                message = await receive()
            complete = not message.get("more_body", False)
            return message

        try:
            await self.app(scope, bounded, send)
        except TimeoutError:
            if complete:
                raise
            response = problem("slow-request", _DETAILS["slow-request"])
            response.headers["Connection"] = "close"
            await response(scope, receive, send)
