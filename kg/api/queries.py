"""Running queries by their ids: what they do, and how to end one."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.datastructures import Headers

from kg.api.problems import problem
from kg.errors import QueryError
from kg.query.shares import ASKER

router = APIRouter()

_GIVEN = ("x-query-id", "query-id")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(slots=True)
class Running:
    """A query from its arrival to the last byte of its answer."""

    id: str
    client: str
    task: asyncio.Task[None] | None = None
    sent: int = 0
    cancelled: bool = False
    began: float = field(default_factory=time.monotonic)

    def cancel(self) -> None:
        """End it; whoever asked is told so."""
        self.cancelled = True
        if self.task is not None:
            self.task.cancel()


class Queries:
    """The queries that run."""

    def __init__(self) -> None:
        self.running: dict[str, Running] = {}

    @contextmanager
    def register(self, headers: Headers) -> Iterator[Running]:
        """Hold an id, the one that the request gives or a new one; raises QueryError."""
        name = next((headers[given] for given in _GIVEN if given in headers), None)
        if name is None:
            name = secrets.token_hex(16)
        elif not _ID.fullmatch(name):
            raise QueryError(
                f"{name[:80]!r} cannot be the id of a query",
                kind="request",
                hint="use up to 64 letters, digits, dots, hyphens and underscores",
            )
        if name in self.running:
            raise QueryError(f"the query id {name} is in use", kind="id", hint="choose another one")
        query = self.running[name] = Running(name, ASKER.get())
        try:
            yield query
        finally:
            self.end(query)

    def end(self, query: Running) -> None:
        """Free the id of a query; before its last byte goes, as its client may use the id then."""
        if self.running.get(query.id) is query:
            del self.running[query.id]


def _found(request: Request, name: str) -> Running | None:
    """Return a running query of this client: to others it does not exist."""
    queries: Queries = request.app.state.queries
    query = queries.running.get(name)
    return query if query is not None and query.client == ASKER.get() else None


@router.get("/queries/{name}", responses={404: {"description": "no such query runs"}})
async def running_query(request: Request, name: str) -> Response:
    """Say how long a query of this client has run, and how many bytes of its answer were sent."""
    query = _found(request, name)
    if query is None:
        return _missing(name)
    told = {
        "id": query.id,
        "state": "answering" if query.sent else "running",
        "seconds": round(time.monotonic() - query.began, 3),
        "bytes": query.sent,
        "limit": request.app.state.pool.limits.timeout,
    }
    return Response(msgspec.json.encode(told), media_type="application/json")


@router.delete(
    "/queries/{name}",
    status_code=204,
    response_class=Response,
    responses={404: {"description": "no such query runs"}},
)
async def cancel_query(request: Request, name: str) -> Response:
    """End a query of this client."""
    query = _found(request, name)
    if query is None:
        return _missing(name)
    query.cancel()
    return Response(status_code=204)


def _missing(name: str) -> Response:
    return problem("not-found", f"no query {name[:80]!r} of this client is running")


def cancelled() -> QueryError:
    """Return the error of a query that was ended by its id."""
    return QueryError("the query was cancelled", kind="cancelled")
