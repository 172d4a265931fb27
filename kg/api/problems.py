"""Errors as problem documents: RFC 9457, with the place in the query where the engine names one."""

from __future__ import annotations

import math
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from kg.errors import KGError, QueryError, StoreError
from kg.iris import BASE
from kg.query.shares import TooManyError

MEDIA_TYPE = "application/problem+json"

# What kind of error -> HTTP status and title.
_PROBLEMS = {
    "syntax": (400, "The query is not well-formed SPARQL"),
    "request": (400, "The request does not follow the SPARQL protocol"),
    "invalid": (400, "A part of the address is not valid"),
    "dataset": (400, "The data set names something that is no graph"),
    "too-deep": (400, "The query is nested too deeply"),
    "too-wide": (400, "The query has too many patterns in one group"),
    "too-many-operators": (400, "The query has too many operators"),
    "crashed": (400, "The query is too complex"),
    "service": (403, "Federated queries are not allowed"),
    "update": (403, "A query cannot change data"),
    "load": (403, "Updates cannot load from addresses"),
    "read-only": (403, "This endpoint is read-only"),
    "graph": (403, "This graph cannot be written"),
    "token": (401, "Writing needs a token"),
    "building": (409, "A build is running"),
    "repeated": (409, "Another graph states this already"),
    "shapes": (422, "The data would break a shape"),
    "document": (400, "The document cannot be read"),
    "unsupported": (400, "The query uses what is not supported"),
    "conflict": (409, "The update does not fit the data"),
    "version": (400, "This version of SPARQL is not known"),
    "as-of": (404, "No snapshot of that day is kept"),
    "not-found": (404, "There is nothing of that name"),
    "method": (405, "This method is not allowed here"),
    "format": (406, "No accepted format can hold the answer"),
    "too-long": (413, "The request is too large"),
    "media-type": (415, "This media type is not accepted"),
    "slow-request": (408, "The request did not arrive in time"),
    "id": (409, "This query id is in use"),
    "address": (414, "The address is too long"),
    "rate": (429, "This client has used up its share"),
    "head": (431, "The head of the request is too large"),
    "http": (400, "This is no request of HTTP"),
    "connections": (503, "Too many connections are open"),
    "federation": (502, "Another endpoint failed"),
    "cancelled": (503, "The query was cancelled"),
    "stopping": (503, "The server is stopping"),
    "damaged": (503, "The published data are damaged"),
    "slow": (503, "The client does not read"),
    "timeout": (503, "The query took too long"),
    "memory": (503, "The query needs too much memory"),
    "result-too-large": (503, "The result is too large"),
    "overloaded": (503, "Too many queries are running"),
    "unavailable": (503, "No data are published"),
    "evaluation": (500, "The query could not be evaluated"),
}
_UNEXPECTED = (500, "Something went wrong")
_RETRY_SECONDS = 5.0
# What may be over by then.
_PASSING = frozenset({"overloaded", "stopping", "damaged"})


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of an error response."""

    type: str
    title: str
    status: int
    detail: str
    line: int | None = None
    column: int | None = None
    offset: int | None = None
    token: str | None = None
    hint: str | None = None


def problem(kind: str, detail: str, *, hint: str | None = None) -> Response:
    """Return the response for one kind of error."""
    status, title = _PROBLEMS.get(kind, _UNEXPECTED)
    return _response(
        Problem(type=_type(kind), title=title, status=status, detail=detail, hint=hint)
    )


def error_problem(error: KGError) -> Response:
    """Return the response for an error of ours."""
    if isinstance(error, StoreError):
        return problem("unavailable", "the published data cannot be opened at present")
    if not isinstance(error, QueryError):
        return problem("unexpected", str(error))
    status, title = _PROBLEMS.get(error.kind, _UNEXPECTED)
    return _response(
        Problem(
            type=_type(error.kind),
            title=title,
            status=status,
            detail=str(error),
            line=error.line,
            column=error.column,
            offset=error.offset,
            token=error.token,
            hint=error.hint,
        ),
        retry=_retry_after(error),
    )


def _retry_after(error: QueryError) -> float | None:
    if isinstance(error, TooManyError):
        return error.after
    return _RETRY_SECONDS if error.kind in _PASSING else None


def _type(kind: str) -> str:
    return f"{BASE}problem/{kind}"


def _response(body: Problem, *, retry: float | None = None) -> Response:
    response = Response(msgspec.json.encode(body), body.status, media_type=MEDIA_TYPE)
    if body.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="trialkg"'
    if body.status == HTTPStatus.NOT_ACCEPTABLE:
        response.headers["Vary"] = "Accept"
    if retry is not None:
        response.headers["Retry-After"] = str(math.ceil(retry))
    return response
