"""The SPARQL endpoint."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from kg.api.negotiation import ALIASES, MEDIA_TYPES
from kg.api.problems import MEDIA_TYPE
from kg.api.protocol import (
    DIRECT,
    FORM,
    SHORTEST_TIMEOUT,
    UPDATE,
    VERSIONS,
    UpdateRequest,
    base_iri,
    read_request,
)
from kg.api.streaming import StreamedAnswer
from kg.api.update import charged, require_writer, run_update
from kg.api.void import service_description
from kg.query.job import GRAPH_FORMATS, TABLE_FORMATS

router = APIRouter()

_FORMATS = (*TABLE_FORMATS, *GRAPH_FORMATS)
_TEXT = {"type": "string"}
_IRIS = {"type": "array", "items": {"type": "string", "format": "iri"}}
# Parameter -> what it may be, and what it says.
_PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "query": (_TEXT, "a SPARQL 1.1 query; the prefixes of the graph are declared"),
    "default-graph-uri": (_IRIS, "the default graph, merged; default: all graphs together"),
    "named-graph-uri": (_IRIS, "the named graphs"),
    "format": ({**_TEXT, "enum": [*_FORMATS, *ALIASES]}, "the format, before Accept"),
    "version": ({**_TEXT, "enum": list(VERSIONS)}, "the version of SPARQL, announced"),
    "as-of": (
        {**_TEXT, "format": "date"},
        "ask the graph as it stood on this day, where a snapshot of it is kept",
    ),
    "timeout": (
        {"type": "number", "minimum": SHORTEST_TIMEOUT},
        "seconds that the query may take, at most the limit of the server",
    ),
}
# What an update takes besides; it is sent by POST only.
_UPDATE_PARAMETERS: dict[str, tuple[dict[str, Any], str]] = {
    "update": (_TEXT, "a SPARQL 1.1 update; needs a token, where writing is on"),
    "using-graph-uri": (_IRIS, "the default graph that an update reads"),
    "using-named-graph-uri": (_IRIS, "the named graphs that an update reads"),
}
_FIELDS = {
    "schema": {
        "type": "object",
        "properties": {n: s for n, (s, _) in (_PARAMETERS | _UPDATE_PARAMETERS).items()},
    }
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the answer",
        "content": {MEDIA_TYPES[name][0]: {} for name in _FORMATS},
    },
    **{
        status: {"description": description, "content": {MEDIA_TYPE: {}}}
        for status, description in (
            (400, "the request or the query is not well-formed, or beyond the bounds"),
            (401, "an update without the token, where writing is on"),
            (403, "an update where writing is off or not allowed, or a call of another endpoint"),
            (404, "no snapshot of the day of as-of is kept"),
            (406, "no accepted format can hold the answer"),
            (409, "an update while a build runs, or of what another graph states already"),
            (413, "the query is too long"),
            (429, "this client has used up its share"),
            (415, "the media type of the body is not accepted"),
            (422, "an update that would break a shape"),
            (502, "an endpoint that the query calls failed"),
            (503, "the query passed a limit, or too many are running"),
        )
    },
}


def _in_address(names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name == "query",
            "schema": _PARAMETERS[name][0],
            "description": _PARAMETERS[name][1],
        }
        for name in names
    ]


async def _respond(request: Request) -> Response:
    described = service_description(request) if request.method in {"GET", "HEAD"} else None
    if described is not None:
        return described
    asked = await read_request(request)
    if not isinstance(asked, UpdateRequest):
        return StreamedAnswer(request.app.state.pool, asked)
    writer = require_writer(request)
    graphs = asked.default_graphs, asked.named_graphs
    return await charged(request, run_update(writer, asked.text, base_iri(request), *graphs))


@router.get(
    "/sparql",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra={"parameters": _in_address(tuple(_PARAMETERS))},
)
async def query_by_get(request: Request) -> Response:
    """Answer the query in the address."""
    return await _respond(request)


@router.head("/sparql", include_in_schema=False)
async def query_by_head(request: Request) -> Response:
    """Return the headers of the answer to the query in the address."""
    return await _respond(request)


@router.post(
    "/sparql",
    response_class=Response,
    responses=_RESPONSES,
    openapi_extra={
        "parameters": _in_address(tuple(name for name in _PARAMETERS if name != "query")),
        "requestBody": {
            "required": True,
            "content": {FORM: _FIELDS, DIRECT: {"schema": _TEXT}, UPDATE: {"schema": _TEXT}},
        },
    },
)
async def query_by_post(request: Request) -> Response:
    """Answer the query in the body, a form or the query itself, or carry out the update there."""
    return await _respond(request)
