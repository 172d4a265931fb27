"""An answer on its way to a client: started when its first bytes exist, ended when they are gone.

An answer that fails after its start is left without its closing chunk, so that no client can take
a part for the whole.
"""

from __future__ import annotations

import asyncio
import logging

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.api.negotiation import content_type
from kg.api.problems import error_problem
from kg.errors import KGError
from kg.query.job import Job
from kg.query.pool import Answer, Pool

_LOGGER = logging.getLogger(__name__)


class StreamedAnswer(Response):
    """The response that runs a query in the pool, and ends it when the client has gone."""

    def __init__(self, pool: Pool, asked: Job) -> None:
        super().__init__()
        self.pool = pool
        self.asked = asked

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer, or the problem that kept it from starting."""
        answering = asyncio.create_task(self._answer(scope, receive, send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            unfinished = [task for task in (answering, leaving) if task.cancel()]
            await asyncio.gather(*unfinished, return_exceptions=True)
        if not answering.cancelled():
            answering.result()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        try:
            async with self.pool.run(self.asked) as answer:
                await send(_start(answer))
                started = True
                # A client that reads slowly holds a worker, and may do so as long as a query may.
                async with asyncio.timeout(self.pool.limits.lowered(self.asked.timeout)):
                    async for chunk in answer.chunks:
                        await send(_body(chunk, more=True))
            await send(_body(b"", more=False))
        except (KGError, TimeoutError) as error:
            if started:
                _LOGGER.warning("an answer was cut off: %s", error)
            elif isinstance(error, KGError):
                await error_problem(error)(scope, receive, send)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _start(answer: Answer) -> dict[str, object]:
    headers = {
        "content-type": content_type(answer.head.format),
        "vary": "Accept",
        "x-trialkg-snapshot": answer.head.snapshot,
    }
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": 200, "headers": encoded}


def _body(chunk: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": chunk, "more_body": more}
