"""The graph over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from kg.api import (
    about,
    ask,
    assets,
    description,
    examples,
    explore,
    exports,
    feeds,
    graph_store,
    health,
    landing,
    metrics,
    queries,
    query_page,
    resource,
    search,
    sparql,
    trials,
    void,
)
from kg.api.access import Access
from kg.api.buffer import Budget
from kg.api.cache import Cache
from kg.api.catalogues import Catalogues
from kg.api.clients import Clients
from kg.api.compression import Compression
from kg.api.connections import SlowBodies
from kg.api.headers import Headers
from kg.api.problems import error_problem, problem
from kg.api.refusals import Refusals
from kg.api.settings import Manners, Settings
from kg.errors import KGError
from kg.publish import watched
from kg.query.pool import Pool
from kg.vocab import PREFIXES
from kg.writing.process import Writer

__all__ = ["Manners", "Settings", "create_app"]


_TOPICS = (
    landing,
    about,
    assets,
    search,
    ask,
    query_page,
    explore,
    sparql,
    graph_store,
    trials,
    exports,
    feeds,
    queries,
    health,
    metrics,
    void,
    description,
    examples,
    resource,
)


def create_app(data: Path, settings: Settings) -> FastAPI:
    """Return the application that serves what is published in a data folder.

    A snapshot that is published later is picked up with the next query.
    """
    pool = Pool(watched(data), PREFIXES, settings.limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
        await pool.open()
        warming = asyncio.create_task(app.state.catalogues.keep_warm())
        try:
            yield
        finally:
            warming.cancel()
            await pool.close()

    app = FastAPI(title="trialkg", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.data = data
    app.state.pool = pool
    app.state.queries = queries.Queries()
    app.state.budget = Budget()
    app.state.catalogues = Catalogues(pool.snapshots)
    app.state.metrics = metrics.Metrics(pool)
    app.state.settings = settings
    app.state.writer = Writer(
        data, PREFIXES, settings.limits, confined=settings.confined, keep=settings.keep
    )
    for topic in _TOPICS:
        app.include_router(topic.router)
    app.add_exception_handler(KGError, _on_error)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_bug)
    _surround(app, pool, settings.manners)
    return app


def _surround(app: FastAPI, pool: Pool, manners: Manners) -> None:
    """Put the layers around the application, the innermost first."""

    def tag() -> str:
        return pool.snapshots.tag(pool.snapshots.current())

    app.add_middleware(Refusals)
    app.add_middleware(SlowBodies)
    app.add_middleware(Compression)
    app.add_middleware(Headers)
    if manners.cache:
        app.add_middleware(Cache, size=manners.cache, tag=tag, paths=_KEPT)
    app.add_middleware(
        Access, metrics=app.state.metrics, log=manners.log, queries=manners.log_queries
    )
    app.add_middleware(Clients)


# What is asked for again and again, and is made anew only from other content.
_KEPT = ("/", "/sparql", "/trial/")
_HTTP_KINDS: Mapping[int, str] = {404: "not-found", 405: "method"}


async def _on_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, KGError)  # noqa: S101 - registered for it
    return error_problem(error)


async def _on_bug(request: Request, _: Exception) -> Response:
    # The server writes the traceback down; it is nobody's business over HTTP.
    return problem("unexpected", f"{request.method} {request.url.path} failed")


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    kind = _HTTP_KINDS.get(error.status_code, "request")
    detail = f"{HTTPStatus(error.status_code).phrase}: {request.method} {request.url.path}"
    response = problem(kind, detail)
    response.status_code = error.status_code
    response.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(_allowed(request))
    return response


def _allowed(request: Request) -> list[str]:
    # A path may have a route for each method, and the first of them speaks for itself only.
    found = {"OPTIONS"}
    for route in (route for topic in _TOPICS for route in topic.router.routes):
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return sorted(found)


async def _on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    said = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return problem("invalid", f"{request.url.path}: {said}")
