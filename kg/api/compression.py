"""Compressed responses: zstd, br or gzip, as the client prefers.

The validator of a compressed response ends in the name of the coding, for its bytes are others.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping
from typing import Protocol

import brotli
import zstandard
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SMALLEST = 1024
_IN_A_THREAD = 32 << 10
_TEXTS = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/n-quads",
    "application/n-triples",
    "application/rdf+xml",
    "application/sparql-results",
    "application/trig",
    "application/xml",
)


class Compressor(Protocol):
    """What takes bytes in parts; `finish` returns what is left."""

    def compress(self, part: bytes, /) -> bytes:
        """Take a part and return what is ready."""

    def finish(self) -> bytes:
        """Return the rest."""


class _Gzip:
    def __init__(self) -> None:
        self.engine = zlib.compressobj(level=5, wbits=31)

    def compress(self, part: bytes, /) -> bytes:
        return self.engine.compress(part)

    def finish(self) -> bytes:
        return self.engine.flush()


class _Brotli:
    def __init__(self) -> None:
        self.engine = brotli.Compressor(quality=4)

    def compress(self, part: bytes, /) -> bytes:
        ready: bytes = self.engine.process(part)
        return ready

    def finish(self) -> bytes:
        rest: bytes = self.engine.finish()
        return rest


class _Zstandard:
    def __init__(self) -> None:
        # Browsers refuse windows above 8 MiB; this level takes 2.
        self.engine = zstandard.ZstdCompressor(level=3).compressobj()

    def compress(self, part: bytes, /) -> bytes:
        return self.engine.compress(part)

    def finish(self) -> bytes:
        return self.engine.flush()


# In the order of our liking, where the client has none.
CODINGS: Mapping[str, Callable[[], Compressor]] = {
    "zstd": _Zstandard,
    "br": _Brotli,
    "gzip": _Gzip,
}


def coding(accepted: str) -> str | None:
    """Return the coding that an Accept-Encoding header likes best; None to send it plain.

    RFC 9110 section 12.5.3.
    """
    wishes: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameter = part.partition(";")
        wishes[name.strip()] = _quality(parameter)
    others = wishes.get("*", 0.0)
    liked = [(wishes.get(name, others), -place, name) for place, name in enumerate(CODINGS)]
    best = max(liked)
    plain = wishes.get("identity", 0.0)
    return best[2] if best[0] > 0 and best[0] >= plain else None


def _quality(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0


class Compression:
    """ASGI middleware that compresses texts."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            accepted = Headers(scope=scope).get("accept-encoding", "")
            send = _Compressing(send, coding(accepted) if accepted else None)
        await self.app(scope, receive, send)


class _Compressing:
    """Holds the head back until the first part of the body tells whether it pays."""

    def __init__(self, send: Send, name: str | None) -> None:
        self.send = send
        self.name = name
        self.start: Message | None = None
        self.engine: Compressor | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begin(message)
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self.start is not None:
            start, self.start = self.start, None
            if self._pays(start, body, more=more):
                self._announce(start)
            await self.send(start)
        if self.engine is not None:
            body = await self._compressed(self.engine, body, more=more)
            if more and not body:
                return
        await self.send({**message, "body": body})

    def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if headers.get("content-type", "").startswith(_TEXTS):
            headers.add_vary_header("Accept-Encoding")
        self.start = message

    def _pays(self, start: Message, body: bytes, *, more: bool) -> bool:
        headers = Headers(scope=start)
        return (
            self.name is not None
            and start["status"] == 200
            and (more or len(body) >= _SMALLEST)
            and "content-encoding" not in headers
            and headers.get("content-type", "").startswith(_TEXTS)
        )

    def _announce(self, start: Message) -> None:
        assert self.name is not None  # noqa: S101 - it pays only with a name
        self.engine = CODINGS[self.name]()
        headers = MutableHeaders(scope=start)
        headers["Content-Encoding"] = self.name
        del headers["Content-Length"]
        if "etag" in headers:
            headers["ETag"] = f'{headers["etag"][:-1]}-{self.name}"'

    async def _compressed(self, engine: Compressor, body: bytes, *, more: bool) -> bytes:
        def work() -> bytes:
            return engine.compress(body) + (b"" if more else engine.finish())

        # The engines let go of the interpreter's lock while they work.
        return await asyncio.to_thread(work) if len(body) >= _IN_A_THREAD else work()
