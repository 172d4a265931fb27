"""The SPARQL Protocol: an HTTP request becomes a query or an update, or says why not."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request

from kg.api.negotiation import negotiate
from kg.api.update import require_writer
from kg.asof import NotKeptError, as_of, kept_snapshot
from kg.errors import QueryError, QueryTooLarge, UsageError
from kg.query.form import Form
from kg.query.guard import LARGEST_TEXT, check
from kg.query.job import Job, job

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
# A percent-encoded character takes three bytes; the data set and the names need some room.
LARGEST_BODY = 4 * LARGEST_TEXT
# What a client may announce: SPARQL 1.2 Protocol, version.
VERSIONS = ("1.0", "1.1", "1.2-basic", "1.2")
# What is less than a query takes to reach a worker would never be answered.
SHORTEST_TIMEOUT = 0.01
_MOST_FIELDS = 1000
_QUICK_TO_CHECK = 4096

Fields = list[tuple[str, str]]


class UpdateRequest(NamedTuple):
    """An update as it came, and the graphs that the request names for it."""

    text: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


async def read_request(request: Request) -> Job | UpdateRequest:
    """Return the query or the update of a request; raises QueryError."""
    fields = parameters(request)
    if request.method == "POST":
        fields = await _posted(request, fields)
    elif _all(fields, "update"):
        raise _wrong("an update cannot be sent by GET", "send it by POST")
    version = single(fields, "version")
    if version is not None:
        _check_version(version)
    update = single(fields, "update")
    if update is None:
        return await _job(request, fields)
    if _all(fields, "query"):
        raise _wrong("there is a query and an update", "send one of them")
    _refuse(fields, ("default-graph-uri", "named-graph-uri"), "using-graph-uri")
    _refuse(fields, ("as-of",), "an update without it: the past cannot be changed")
    return UpdateRequest(
        update, _all(fields, "using-graph-uri"), _all(fields, "using-named-graph-uri")
    )


def base_iri(request: Request) -> str:
    """Return the address that was asked, against which relative IRIs are resolved."""
    return str(request.url.replace(query="", fragment=""))


def parameters(request: Request) -> Fields:
    """Return the parameters of the address; raises QueryError where they cannot be read."""
    return _fields(request.scope["query_string"])


async def _posted(request: Request, fields: Fields) -> Fields:
    media_type, given = media_type_of(request.headers.get("content-type"))
    if media_type not in {FORM, DIRECT, UPDATE}:
        said = media_type or "none is given"
        raise QueryError(
            f"the media type of the body must be {FORM}, {DIRECT} or {UPDATE}, not {said}",
            kind="media-type",
        )
    if given.get("charset", "utf-8") not in {"utf-8", "utf8"}:
        raise QueryError(f"the body must be UTF-8, not {given['charset'][:40]}", kind="media-type")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise QueryError("the body must not be compressed", kind="media-type")
    if media_type == UPDATE:
        # Nobody who may not write is listened to for long.
        require_writer(request)
    body = await read_body(request, LARGEST_BODY)
    if media_type == FORM:
        return [*fields, *_fields(body)]
    name = "query" if media_type == DIRECT else "update"
    _refuse(fields, ("query", "update"), "the body")
    announced = [("version", given["version"])] if "version" in given else []
    return [*fields, *announced, (name, _text(body))]


def _refuse(fields: Fields, names: tuple[str, ...], instead: str) -> None:
    for name in names:
        if _all(fields, name):
            raise _wrong(f"{name} has no place in this request", f"use {instead}")


def _check_version(version: str) -> None:
    if version not in VERSIONS:
        raise QueryError(
            f"{version[:40]!r} is no version of SPARQL that is understood here",
            kind="version",
            hint=f"announce one of {', '.join(VERSIONS)}, or none",
        )


async def _job(request: Request, fields: Fields) -> Job:
    query = single(fields, "query")
    if query is None:
        raise _wrong("there is no query", "pass it as ?query=… or in the body of a POST")
    _refuse(fields, ("using-graph-uri", "using-named-graph-uri"), "default-graph-uri")
    settings = request.app.state.settings
    form = await _form(query, calling=bool(settings.services))
    asked = job(
        query,
        negotiate(form, request.headers.get("accept"), single(fields, "format")),
        form=form,
        default_graphs=_all(fields, "default-graph-uri"),
        named_graphs=_all(fields, "named-graph-uri"),
        timeout=_timeout(single(fields, "timeout")),
        union=settings.union,
        base=base_iri(request),
        services=settings.services,
    )
    day = single(fields, "as-of")
    return asked if day is None else replace(asked, snapshot=_of_day(request, day))


def _of_day(request: Request, day: str) -> Path:
    """Return the kept snapshot of exactly this day; raises QueryError where there is none."""
    try:
        return kept_snapshot(request.app.state.data, as_of(day))
    except UsageError as error:
        raise _wrong(str(error), "give the day as year-month-day") from error
    except NotKeptError as error:
        raise QueryError(
            str(error), kind="as-of", hint=f"on the server: trialkg snapshot --as-of {day}"
        ) from error


async def _form(query: str, *, calling: bool) -> Form:
    if len(query) <= _QUICK_TO_CHECK:
        return check(query, calling=calling)
    return await asyncio.to_thread(check, query, calling=calling)


async def read_body(request: Request, most: int) -> bytes:
    """Return the body of a request; raises QueryTooLarge as soon as it is known to be."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        raise _too_long(most)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise _too_long(most)
    return bytes(body)


def media_type_of(header: str | None) -> tuple[str, dict[str, str]]:
    """Return the media type that a header names, and its parameters, all in lower case."""
    media_type, *rest = (part.strip().lower() for part in (header or "").split(";"))
    pairs = (part.partition("=") for part in rest)
    return media_type, {name.strip(): value.strip().strip('"') for name, _, value in pairs}


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


def single(fields: Fields, name: str) -> str | None:
    """Return the one value of a parameter, None where it is not given; raises QueryError."""
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
    if not SHORTEST_TIMEOUT <= seconds < math.inf:
        raise _wrong(
            f"timeout {given[:40]!r} is no number of seconds", f"send {SHORTEST_TIMEOUT} or more"
        )
    return seconds


def _wrong(detail: str, hint: str) -> QueryError:
    return QueryError(detail, kind="request", hint=hint)


def _not_utf8() -> QueryError:
    return _wrong("the request is not UTF-8", "encode it as UTF-8, percent-encoded in addresses")


def _too_long(most: int) -> QueryTooLarge:
    return QueryTooLarge(f"the body has more than {most:,} bytes", kind="too-long")
