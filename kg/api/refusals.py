"""Problems as pages, for those who ask for pages: browsers, and nobody else."""

from __future__ import annotations

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.api.negotiation import MEDIA_TYPES
from kg.api.pages import page
from kg.api.problems import MEDIA_TYPE, Problem

_HTML = MEDIA_TYPES["html"][0]


class Refusals:
    """ASGI middleware that shows a problem document as a page to a client that names HTML."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and _HTML in Headers(scope=scope).get("accept", ""):
            send = _Shown(send)
        await self.app(scope, receive, send)


class _Shown:
    """Holds a problem back until it is whole, and sends the page of it; all else goes through."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if Headers(raw=message["headers"]).get("content-type") == MEDIA_TYPE:
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._show(self.start)
            return
        await self.send(message)

    async def _show(self, start: Message) -> None:
        told = msgspec.json.decode(self.body, type=Problem)
        shown = page(
            "refused.html",
            told.status,
            title=told.title,
            reason=told.detail,
            hint=told.hint,
            again="/",
        )
        headers = MutableHeaders(scope=start)
        headers["Content-Type"] = shown.headers["content-type"]
        headers["Content-Length"] = shown.headers["content-length"]
        headers.add_vary_header("Accept")
        await self.send(start)
        await self.send({"type": "http.response.body", "body": shown.body})
