"""Who may write, and what an update answers."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from kg.api.queries import cancelled
from kg.errors import QueryError
from kg.query.shares import ASKER
from kg.query.update import check_update, runnable
from kg.vocab import PREFIXES
from kg.writing.process import Outcome, Writer
from kg.writing.targets import check_targets

_REFUSED = frozenset({"load", "service", "graph"})
_STATUS = {"created": 201, "changed": 204, "missing": 404}


def require_writer(request: Request) -> Writer:
    """Return what makes changes; raises QueryError unless the request bears the token."""
    token: str | None = request.app.state.settings.token
    if token is None:
        raise QueryError(
            "this endpoint only reads; updates are not accepted",
            kind="read-only",
            hint="start it with `trialkg serve --writable --token …` to write",
        )
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    # The comparison takes as long for a wrong token that is nearly right.
    right = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not right:
        raise QueryError(
            "the token is missing or wrong",
            kind="token",
            hint="send the header Authorization: Bearer …",
        )
    writer: Writer = request.app.state.writer
    return writer


async def charged(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """Return the answer to a change, which has an id and counts for its client as queries do."""
    account, client = request.app.state.pool.account, ASKER.get()
    task = asyncio.create_task(work)
    began = time.monotonic()
    try:
        account.check(client)
        with request.app.state.queries.register(request.headers) as running:
            running.task = task
            response = await task
            response.headers["X-Query-Id"] = running.id
            return response
    except asyncio.CancelledError:
        if task.cancelled() and running.cancelled:
            raise cancelled() from None
        raise
    finally:
        task.cancel()
        account.charge(client, time.monotonic() - began)


async def run_update(
    writer: Writer, text: str, base: str, default: Sequence[str], named: Sequence[str]
) -> Response:
    """Run an update in its data set and return the answer; raises QueryError."""
    try:
        ready = await asyncio.to_thread(_checked, writer, text, default, named)
    except QueryError as error:
        # Of an update that is refused for what it asks, it is still told where it is malformed.
        if error.kind in _REFUSED:
            await writer.check_syntax(text, base)
        raise
    return answered(await writer.update(ready, base))


def _checked(writer: Writer, text: str, default: Sequence[str], named: Sequence[str]) -> str:
    checked = check_update(text, PREFIXES, silent_loads=not writer.confined)
    ready = runnable(checked, default, named)
    if writer.confined:
        check_targets(check_update(ready, PREFIXES))
    return ready


def answered(outcome: Outcome) -> Response:
    """Return the response that says what became of a change, and in which snapshot it shows."""
    headers = {"X-Trialkg-Snapshot": outcome.snapshot}
    return Response(status_code=_STATUS[outcome.outcome], headers=headers)
