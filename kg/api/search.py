"""Search: trials by facets and words, the same address as a page, JSON, CSV and SPARQL."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterator
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse, StreamingResponse

from kg.api.pages import page, refused
from kg.api.search_page import search_context
from kg.api.searches import SHOWN, address
from kg.errors import QueryError, UsageError
from kg.find.catalogue import Catalogue
from kg.find.facets import FACETS
from kg.find.hits import Hit, hits
from kg.find.selection import BOTH, Selection, parameters
from kg.find.sparql import sparql
from kg.find.wanted import read_wanted

router = APIRouter()

_COLUMNS = tuple(name for name in Hit.__struct_fields__ if name != "constructs")


@router.api_route("/trials", methods=["GET", "HEAD"], include_in_schema=False)
async def search(request: Request) -> Response:
    """Return the page of the trials that were found, with facets."""
    catalogue, snapshot = await request.app.state.catalogues.current()
    try:
        wanted, known = _wanted(request, catalogue)
        if not known:
            shown = [(n, v) for n, v in request.query_params.multi_items() if n in SHOWN]
            return RedirectResponse(address("/trials", wanted, shown), 303)
        asked = {name: request.query_params.get(name, "") for name in SHOWN}
        context = await asyncio.to_thread(search_context, catalogue, wanted, asked, snapshot.name)
    except UsageError as error:
        return refused(str(error), again="/trials")
    return page("search.html", **context)


@router.get("/trials.json", response_class=Response)
async def search_json(request: Request) -> Response:
    """Return all trials that were found, as JSON; parameters are those of the page."""
    catalogue, snapshot = await request.app.state.catalogues.current()
    wanted = _chosen(request, catalogue)
    found = catalogue.newest(catalogue.find(wanted))
    head = {"snapshot": snapshot.name, "total": len(found), "query": sparql(wanted)}
    return StreamingResponse(
        _json(head, hits(catalogue, found)), media_type="application/json; charset=utf-8"
    )


@router.get("/trials.csv", response_class=Response)
async def search_csv(request: Request) -> Response:
    """Return all trials that were found, one a row; lists are divided by "|"."""
    catalogue, _ = await request.app.state.catalogues.current()
    wanted = _chosen(request, catalogue)
    found = catalogue.newest(catalogue.find(wanted))
    return StreamingResponse(
        _csv(hits(catalogue, found)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="trials.csv"'},
    )


@router.get("/trials.rq", response_class=Response)
async def search_sparql(request: Request) -> Response:
    """Return the SPARQL query that finds the same trials."""
    catalogue, _ = await request.app.state.catalogues.current()
    wanted = _chosen(request, catalogue)
    return Response(sparql(wanted) + "\n", media_type="application/sparql-query")


@router.get("/facets.json", response_class=Response)
async def facets_json(request: Request) -> Response:
    """Return the counts of all facets beside the selection, as JSON."""
    catalogue, snapshot = await request.app.state.catalogues.current()
    wanted = _chosen(request, catalogue)
    counts = await asyncio.to_thread(catalogue.counts, wanted, list(FACETS))
    body = {"snapshot": snapshot.name, "facets": counts}
    return Response(msgspec.json.encode(body), media_type="application/json")


def _chosen(request: Request, catalogue: Catalogue) -> Selection:
    """Return what is looked for; raises QueryError for what cannot be honoured."""
    try:
        return _wanted(request, catalogue)[0]
    except UsageError as error:
        raise QueryError(str(error), kind="invalid") from error


def _wanted(request: Request, catalogue: Catalogue) -> tuple[Selection, bool]:
    """Return what is looked for, by keys, and whether it was said by keys already."""
    asked = [(n, v) for n, v in request.query_params.multi_items() if n not in SHOWN]
    wanted = read_wanted(catalogue, asked)
    said = {value for _, value in parameters(wanted)}
    keys = (value for name, value in asked if value and name in (*FACETS, BOTH))
    return wanted, all(key in said for key in keys)


def _json(head: dict[str, Any], found: Iterator[Hit]) -> Iterator[bytes]:
    yield msgspec.json.encode(head)[:-1] + b',"trials":['
    between = b""
    for hit in found:
        yield between + msgspec.json.encode(hit)
        between = b",\n"
    yield b"]}\n"


def _csv(found: Iterator[Hit]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow((*_COLUMNS, "constructs", "targets"))
    yield line.getvalue()
    for hit in found:
        line.seek(0)
        line.truncate()
        targets = dict.fromkeys(target for one in hit.constructs for target in one.targets)
        cells = [_cell(getattr(hit, name)) for name in _COLUMNS]
        writer.writerow([*cells, _cell([one.label for one in hit.constructs]), _cell([*targets])])
        yield line.getvalue()


def _cell(value: object) -> str:
    """Return a value as a cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    text = "|".join(value) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
