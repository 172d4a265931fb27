"""Headers of every response: open to scripts of other origins, closed to everything else."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ("ETag, Link, Retry-After, X-Query-Id, X-Trialkg-Snapshot"),
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
PREFLIGHT: Mapping[str, str] = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": (
        "Accept, Authorization, Content-Type, If-None-Match, Query-Id, X-Query-Id"
    ),
    "Access-Control-Max-Age": "86400",
}
# First part of a path -> what may be asked there besides.
_ALLOWED: Mapping[str, str] = {
    "sparql": "GET, HEAD, POST, OPTIONS",
    "graph-store": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "queries": "GET, DELETE, OPTIONS",
}
_ALLOWED_ELSEWHERE = "GET, HEAD, OPTIONS"


class Headers:
    """ASGI middleware that adds them, and answers OPTIONS by itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            part = scope["path"].strip("/").partition("/")[0]
            told = {**PREFLIGHT, "Allow": _ALLOWED.get(part, _ALLOWED_ELSEWHERE)}
            encoded = [(name.lower().encode(), value.encode()) for name, value in told.items()]
            start = {"type": "http.response.start", "status": 204, "headers": encoded}
            await send_with_headers(start)
            await send({"type": "http.response.body", "body": b""})
        else:
            await self.app(scope, receive, send_with_headers)
