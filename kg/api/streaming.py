"""An answer on its way to a client: started when its first bytes exist, ended when they are gone.

An answer that fails after its start is left without its closing chunk, so that no client can take
a part for the whole.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from functools import partial

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.api.buffer import STALL, Buffer
from kg.api.cache import etag, is_known
from kg.api.negotiation import content_type
from kg.api.problems import error_problem
from kg.api.queries import Queries, Running, cancelled
from kg.errors import KGError, QueryError
from kg.query.identity import identity
from kg.query.job import Job
from kg.query.pool import Answer, Pool

_LOGGER = logging.getLogger(__name__)


class StreamedAnswer(Response):
    """The response that runs a query in the pool, and ends it when the client has gone."""

    def __init__(self, pool: Pool, asked: Job, link: str | None = None) -> None:
        super().__init__()
        self.link = link
        self.pool = pool
        self.asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, or the problem that kept it from starting."""
        headers = Headers(scope=scope)
        try:
            digest = identity(self.asked)
            if digest is not None and self._known(headers, digest):
                await self._not_modified(digest)(scope, receive, send)
                return
            with scope["app"].state.queries.register(headers) as query:
                await self._run(query, digest, scope, receive, send)
        except KGError as error:
            await error_problem(error)(scope, receive, send)

    async def _run(
        self, query: Running, digest: str | None, scope: Scope, receive: Receive, send: Send
    ) -> None:
        buffer = Buffer(scope["app"].state.budget)
        filling = asyncio.create_task(self._fill(buffer))
        filling.add_done_callback(partial(_ended, buffer))
        sending = asyncio.create_task(self._send(buffer, query, digest, scope, receive, send))
        leaving = asyncio.create_task(_gone(receive))
        query.task = filling
        try:
            await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            unfinished = [task for task in (sending, leaving, filling) if task.cancel()]
            await asyncio.gather(*unfinished, return_exceptions=True)
            buffer.discard()
        if not sending.cancelled():
            sending.result()

    async def _fill(self, buffer: Buffer) -> None:
        """Take the answer off the worker."""
        try:
            async with self.pool.run(self.asked) as answer:
                buffer.begin(answer)
                async for chunk in answer.chunks:
                    await buffer.put(chunk)
        except KGError as error:
            buffer.close(error)
        else:
            buffer.close()

    async def _send(
        self,
        buffer: Buffer,
        query: Running,
        digest: str | None,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        queries: Queries = scope["app"].state.queries
        try:
            answer = await buffer.head()
        except KGError as error:
            queries.end(query)
            await error_problem(error)(scope, receive, send)
            return
        headers = _headers(answer, query, digest)
        if self.link is not None:
            headers["link"] = self.link
        whole = buffer.whole()
        if whole is not None:
            queries.end(query)
            await Response(whole, headers=headers)(scope, receive, send)
            return
        await send(_start(headers))
        try:
            async for chunk in buffer.parts():
                async with asyncio.timeout(STALL):
                    await send(_body(chunk, more=True))
                query.sent += len(chunk)
            queries.end(query)
            await send(_body(b"", more=False))
        except (QueryError, TimeoutError) as error:
            _LOGGER.warning("an answer was cut off: %s", error or "the client does not read")

    def _known(self, headers: Headers, digest: str) -> bool:
        return "if-none-match" in headers and is_known(headers, self._validator(digest))

    def _validator(self, digest: str) -> str:
        return etag(self.pool.snapshots.tag(self.pool.snapshots.current()), digest)

    def _not_modified(self, digest: str) -> Response:
        headers = {"ETag": self._validator(digest), "Vary": "Accept", "Cache-Control": "no-cache"}
        return Response(status_code=304, headers=headers)


def _ended(buffer: Buffer, filling: asyncio.Task[None]) -> None:
    """Close the buffer of a task that did not come to do so: it may end before its first step."""
    if filling.cancelled():
        buffer.close(cancelled())
    elif filling.exception() is not None:
        buffer.close(filling.exception())


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(answer: Answer, query: Running, digest: str | None) -> dict[str, str]:
    headers = {
        "content-type": content_type(answer.head.format),
        "vary": "Accept",
        # Kept by anyone, and asked for again each time: a build may have been published.
        "cache-control": "no-store" if digest is None else "no-cache",
        "x-query-id": query.id,
        "x-trialkg-snapshot": answer.head.snapshot,
    }
    return headers if digest is None else {**headers, "etag": etag(answer.tag, digest)}


def _start(headers: Mapping[str, str]) -> dict[str, object]:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": 200, "headers": encoded}


def _body(chunk: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": chunk, "more_body": more}
