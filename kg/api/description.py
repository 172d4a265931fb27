"""The description of the data as a page: its parts and classes, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request, Response
from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from kg.api.pages import local, page
from kg.query.job import job
from kg.query.texts import page_query
from kg.query.triples import curie

router = APIRouter()

ADDRESS = "/void.html"
# Variables of the queries behind the page -> what stands above their numbers.
_PARTS = {
    "triples": "Statements",
    "subjects": "Things",
    "classes": "Classes",
    "properties": "Properties",
}
_CLASSES = {"entities": "Instances", "triples": "Statements"}


@router.api_route(ADDRESS, methods=["GET", "HEAD"], include_in_schema=False)
async def show_description(request: Request) -> Response:
    """Return what the graph holds, counted, as a page."""
    parts = await _rows(request, "description-parts")
    classes = await _rows(request, "description-classes")
    return page(
        "description.html",
        tables=[_table("Parts", parts, _PARTS), _table("Classes", classes, _CLASSES)],
    )


def _table(
    title: str, rows: Sequence[QuerySolution], columns: dict[str, str]
) -> tuple[str, list[str], list[tuple[str, str | None, list[int]]]]:
    """Return a heading, the heads of the columns, and rows: what, its address, its numbers."""
    shown = [
        (
            curie(row["title"].value),
            local(row["part"].value),
            [int(row[name].value) for name in columns],
        )
        for row in rows
    ]
    return title, list(columns.values()), shown


async def _rows(request: Request, name: str) -> list[QuerySolution]:
    async with request.app.state.pool.run(job(page_query(name))) as answer:
        found = parse_query_results(await answer.read(), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries are SELECT
    return list(found)
