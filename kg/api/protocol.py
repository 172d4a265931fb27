"""The SPARQL 1.1 Protocol: an HTTP request becomes a query, or says why not."""

from __future__ import annotations

import asyncio
import math
from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.api.negotiation import negotiate
from kg.errors import QueryError, QueryTooLarge
from kg.query.form import Form
from kg.query.guard import LARGEST_TEXT, check
from kg.query.job import Job, job

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
# A percent-encoded character takes three bytes; the data set and the names need some room.
LARGEST_BODY = 4 * LARGEST_TEXT
_MOST_FIELDS = 1000
_QUICK_TO_CHECK = 4096

Fields = list[tuple[str, str]]


async def read_job(request: Request) -> Job:
    """Return the query of a request; raises QueryError."""
    fields = _fields(request.scope["query_string"])
    if request.method == "POST":
        fields = await _posted(request, fields)
    elif any(name == "update" for name, _ in fields):
        raise _wrong("an update cannot be sent by GET", "this endpoint only reads")
    return await _job(request, fields)


async def _posted(request: Request, fields: Fields) -> Fields:
    media_type, charset = _content_type(request.headers.get("content-type"))
    if media_type == UPDATE:
        raise _update()
    if media_type not in {FORM, DIRECT}:
        said = media_type or "none is given"
        raise QueryError(
            f"the media type of the body must be {FORM} or {DIRECT}, not {said}",
            kind="media-type",
        )
    if charset not in {"", "utf-8", "utf8"}:
        raise QueryError(f"the body must be UTF-8, not {charset[:40]}", kind="media-type")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise QueryError("the body must not be compressed", kind="media-type")
    body = await _body(request)
    if media_type == FORM:
        return [*fields, *_fields(body)]
    if any(name == "query" for name, _ in fields):
        raise _wrong("the query stands in the body and in the address", "send it once")
    return [*fields, ("query", _text(body))]


async def _job(request: Request, fields: Fields) -> Job:
    if any(name == "update" for name, _ in fields):
        raise _update()
    query = _single(fields, "query")
    if query is None:
        raise _wrong("there is no query", "pass it as ?query=… or in the body of a POST")
    form = await _form(query)
    return job(
        query,
        negotiate(form, request.headers.get("accept"), _single(fields, "format")),
        form=form,
        default_graphs=_all(fields, "default-graph-uri"),
        named_graphs=_all(fields, "named-graph-uri"),
        timeout=_timeout(_single(fields, "timeout")),
    )


async def _form(query: str) -> Form:
    if len(query) <= _QUICK_TO_CHECK:
        return check(query)
    return await asyncio.to_thread(check, query)


async def _body(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > LARGEST_BODY:
        raise _too_long()
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise _too_long()
    return bytes(body)


def _content_type(header: str | None) -> tuple[str, str]:
    media_type, *parameters = (part.strip().lower() for part in (header or "").split(";"))
    charsets = (p[8:].strip('"') for p in parameters if p.startswith("charset="))
    return media_type, next(charsets, "")


def _fields(encoded: bytes) -> Fields:
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except UnicodeDecodeError:
        raise _not_utf8() from None
    except ValueError as error:
        raise _wrong(f"the parameters cannot be read: {error}", "send fewer of them") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise _not_utf8() from None


def _single(fields: Fields, name: str) -> str | None:
    values = _all(fields, name)
    if len(values) > 1:
        raise _wrong(f"{name} is given {len(values)} times", "send it once")
    return values[0] if values else None


def _all(fields: Fields, name: str) -> tuple[str, ...]:
    return tuple(value for field, value in fields if field == name)


def _timeout(given: str | None) -> float | None:
    if given is None:
        return None
    try:
        seconds = float(given)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise _wrong(f"timeout {given[:40]!r} is no number of seconds", "send a number above 0")
    return seconds


def _wrong(detail: str, hint: str) -> QueryError:
    return QueryError(detail, kind="request", hint=hint)


def _not_utf8() -> QueryError:
    return _wrong("the request is not UTF-8", "encode it as UTF-8, percent-encoded in addresses")


def _too_long() -> QueryTooLarge:
    return QueryTooLarge(f"the body has more than {LARGEST_BODY:,} bytes", kind="too-long")


def _update() -> QueryError:
    return QueryError(
        "this endpoint only reads; updates are not accepted",
        kind="update",
        hint="data enter the graph with `trialkg build`",
    )
