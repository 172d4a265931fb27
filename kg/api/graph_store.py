"""The SPARQL 1.1 Graph Store Protocol: whole graphs by GET, PUT, POST and DELETE.

A graph is named by ?graph=IRI, by ?default, or by the address under /graph-store/ itself.
"""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pyoxigraph import NamedNode

from kg.api.graph_request import ADDRESS, documents, named_graph, names_graph, new_graph
from kg.api.negotiation import MEDIA_TYPES, negotiate
from kg.api.problems import MEDIA_TYPE
from kg.api.protocol import base_iri, parameters, read_body, single
from kg.api.streaming import StreamedAnswer
from kg.api.update import answered, charged, require_writer
from kg.errors import QueryError
from kg.query.guard import check
from kg.query.job import GRAPH_FORMATS, job
from kg.writing.change import FORMATS
from kg.writing.process import Writer
from kg.writing.targets import check_graph

router = APIRouter()

LARGEST_GRAPH = 16 << 20
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": description, "content": {MEDIA_TYPE: {}}}
    for status, description in (
        (400, "no graph, or no document, that can be read"),
        (401, "the token is missing or wrong"),
        (403, "writing is off, or not allowed to this graph"),
        (404, "there is no such graph"),
        (406, "no accepted format can hold a graph"),
        (409, "a build is running, or another graph states a triple already"),
        (413, "the document is too large"),
        (415, "the media type of the body is not accepted"),
        (422, "the graph would break a shape"),
        (503, "a limit was passed, or too much is asked at once"),
    )
}
_READ: dict[int | str, dict[str, Any]] = {
    200: {"description": "the graph", "content": {MEDIA_TYPES[f][0]: {} for f in GRAPH_FORMATS}}
}
_NAMED = [
    {
        "name": "graph",
        "in": "query",
        "schema": {"type": "string", "format": "iri"},
        "description": "the IRI of the graph",
    },
    {
        "name": "default",
        "in": "query",
        "schema": {"type": "string"},
        "description": "given instead of graph, with any value: the default graph",
    },
]
_BODY = {"required": True, "content": {MEDIA_TYPES[f][0]: {} for f in FORMATS}}
_ROUTE: dict[str, Any] = {"response_class": Response, "responses": {**_READ, **_PROBLEMS}}
_WRITTEN: dict[str, Any] = {
    "response_class": Response,
    "status_code": 204,
    "responses": {201: {"description": "the graph was made"}, **_PROBLEMS},
    "openapi_extra": {"parameters": _NAMED, "requestBody": _BODY},
}


@router.head(ADDRESS, include_in_schema=False)
@router.head(ADDRESS + "/{path:path}", include_in_schema=False)
@router.get(ADDRESS + "/{path:path}", include_in_schema=False)
@router.get(ADDRESS, **_ROUTE, openapi_extra={"parameters": _NAMED})
async def read_graph(request: Request) -> Response:
    """Return a graph."""
    graph = named_graph(request)
    settings = request.app.state.settings
    if graph is not None:
        await _require_graph(request, graph)
    form = check(_ALL)
    asked = job(
        _ALL,
        negotiate(form, request.headers.get("accept"), single(parameters(request), "format")),
        form=form,
        default_graphs=(graph,) if graph is not None else (),
        union=settings.union,
    )
    return StreamedAnswer(request.app.state.pool, asked)


@router.put(ADDRESS + "/{path:path}", include_in_schema=False)
@router.put(ADDRESS, **_WRITTEN)
async def put_graph(request: Request) -> Response:
    """Let a graph hold exactly the triples of the body."""
    return await charged(request, _write(request, "put"))


@router.post(ADDRESS + "/{path:path}", include_in_schema=False)
@router.post(ADDRESS, **_WRITTEN)
async def post_graph(request: Request) -> Response:
    """Add the triples of the body to a graph, to a new one where none is named."""
    return await charged(request, _write(request, "post"))


@router.delete(ADDRESS + "/{path:path}", include_in_schema=False)
@router.delete(
    ADDRESS,
    response_class=Response,
    status_code=204,
    responses=_PROBLEMS,
    openapi_extra={"parameters": _NAMED},
)
async def delete_graph(request: Request) -> Response:
    """Remove a graph."""
    return await charged(request, _delete(request))


async def _delete(request: Request) -> Response:
    writer = require_writer(request)
    graph = named_graph(request)
    _check_allowed(writer, graph)
    outcome = await writer.graph("delete", graph)
    if outcome.outcome == "missing":
        raise _no_graph(str(graph))
    return answered(outcome)


async def _write(request: Request, action: str) -> Response:
    writer = require_writer(request)
    new = action == "post" and not names_graph(request)
    graph = new_graph(request, confined=writer.confined) if new else named_graph(request)
    _check_allowed(writer, graph)
    body = await read_body(request, LARGEST_GRAPH)
    brought = await asyncio.to_thread(documents, request.headers.get("content-type"), body)
    response = answered(await writer.graph(action, graph, graph or base_iri(request), brought))
    if new and graph is not None:
        response.headers["Location"] = graph
    return response


def _check_allowed(writer: Writer, graph: str | None) -> None:
    if writer.confined:
        check_graph(graph or "")


async def _require_graph(request: Request, graph: str) -> None:
    # An empty graph may exist, so that its triples do not tell; the term writes itself safely.
    asked = job(f"ASK {{ GRAPH {NamedNode(graph)} {{}} }}")
    async with request.app.state.pool.run(asked) as answer:
        if b"true" not in await answer.read():
            raise _no_graph(graph)


def _no_graph(graph: str) -> QueryError:
    return QueryError(f"there is no graph <{graph[:200]}>", kind="not-found")
