"""Answers that are kept: validators for clients, and whole responses for whoever asks again.

A response is kept under the words of the request and is good for one content of one snapshot. Only
what has a strong validator is kept, that is what would be the same, byte for byte, the next time.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.errors import StoreError
from kg.query.snapshots import Snapshots

_LARGEST_SHARE = 16
_OVERHEAD = 1024
_CODINGS = ("-gzip", "-br", "-zstd")
_ASKS = frozenset({b"accept", b"accept-encoding"})
# What has a meaning that a kept response does not know of.
_SPECIAL = frozenset({b"if-none-match", b"x-query-id", b"query-id", b"range", b"authorization"})


def etag(tag: str, identity: str) -> str:
    """Return the validator of an answer: what it was asked of, and what was asked."""
    return f'"{tag}-{identity}"'


def is_known(headers: Headers, validator: str) -> bool:
    """Tell whether the client has this answer, in whatever coding it was sent."""
    for given in headers.get("if-none-match", "").split(","):
        known = given.strip().removeprefix("W/").strip('"')
        for coding in _CODINGS:
            known = known.removesuffix(coding)
        if known == "*" or f'"{known}"' == validator:
            return True
    return False


def current_tag(snapshots: Snapshots) -> str:
    """Return what identifies the published content.

    Taken before a page is made, it is out of date after a publication in between, so that nothing
    is kept too long.
    """
    return snapshots.tag(snapshots.current())


def validated(headers: Headers, response: Response, tag: str) -> Response:
    """Return a page made from a content with its validator; without its body for who has it."""
    validator = etag(tag, hashlib.sha256(response.body).hexdigest()[:16])
    told = {"ETag": validator, "Cache-Control": "no-cache"}
    if is_known(headers, validator):
        return Response(status_code=304, headers=told)
    response.headers.update(told)
    return response


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole response; `tag` identifies the content that it was made from."""

    tag: str
    start: Message
    body: bytes


class Cache:
    """ASGI middleware that keeps responses to GET, the least used going first.

    Of `paths`, one that ends with a slash stands for all below it, but for the first page.
    """

    def __init__(
        self, app: ASGIApp, *, size: int, tag: Callable[[], str], paths: tuple[str, ...]
    ) -> None:
        self.app = app
        self.size = size
        self.tag = tag
        self.paths = paths
        self.held = 0
        self.hits = 0
        self.misses = 0
        self._kept: OrderedDict[tuple[bytes, ...], Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or pass the request on and keep its response."""
        key = self._key(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        kept = self._kept.get(key)
        if kept is not None and kept.tag == self._tag():
            self.hits += 1
            self._kept.move_to_end(key)
            await send(kept.start)
            await send({"type": "http.response.body", "body": kept.body})
            return
        self.misses += 1
        await self.app(scope, receive, _Keeper(self, key, send))

    def keep(self, key: tuple[bytes, ...], kept: Kept) -> None:
        """Keep a response, and let go of others until there is room."""
        size = _size(key, kept)
        if size > self.size // _LARGEST_SHARE:
            return
        old = self._kept.pop(key, None)
        self.held += size - (_size(key, old) if old else 0)
        self._kept[key] = kept
        while self.held > self.size:
            first, gone = self._kept.popitem(last=False)
            self.held -= _size(first, gone)

    def _key(self, scope: Scope) -> tuple[bytes, ...] | None:
        if scope["type"] != "http" or scope["method"] != "GET" or not self._keeps(scope["path"]):
            return None
        asked = []
        for name, value in scope["headers"]:
            if name in _SPECIAL:
                return None
            # A relative IRI in a query is resolved against the address, host included.
            if name in _ASKS or name == b"host":
                asked += [name, value]
        return (scope["path"].encode(), scope["query_string"], *asked)

    def _keeps(self, path: str) -> bool:
        return any(
            path == one or (len(one) > 1 and one.endswith("/") and path.startswith(one))
            for one in self.paths
        )

    def _tag(self) -> str:
        try:
            return self.tag()
        except StoreError:
            return ""


def _size(key: tuple[bytes, ...], kept: Kept) -> int:
    return sum(map(len, key)) + len(kept.body) + _OVERHEAD


class _Keeper:
    """Passes a response on and, where it turns out to be one to keep, keeps it."""

    def __init__(self, cache: Cache, key: tuple[bytes, ...], send: Send) -> None:
        self.cache = cache
        self.key = key
        self.send = send
        self.tag = ""
        self.start: Message = {}
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begin(message)
        elif self.tag:
            self.body += message.get("body", b"")
            if len(self.body) > self.cache.size // _LARGEST_SHARE:
                self.tag = ""
                self.body.clear()
            elif not message.get("more_body", False):
                self.cache.keep(self.key, Kept(self.tag, self.start, bytes(self.body)))
        await self.send(message)

    def _begin(self, message: Message) -> None:
        validator = dict(message["headers"]).get(b"etag", b"").decode()
        if message["status"] == 200 and validator:
            self.tag = validator.strip('"').partition("-")[0]
            left = [one for one in message["headers"] if one[0] != b"x-query-id"]
            self.start = {**message, "headers": left}
