"""The description of the data as a page: its parts and classes, with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from pyoxigraph import QueryResultsFormat, QuerySolution, QuerySolutions, parse_query_results

from kg.api.html import Markup, element, link, page
from kg.iris import BASE
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
        "What the graph holds",
        element("p", link("/", "trialkg"), class_="quiet"),
        element("h1", "What the graph holds"),
        element(
            "p",
            "Counted over all graphs but the description itself. For programs: ",
            link("/.well-known/void?format=ttl", "VoID in Turtle"),
            ", with the properties of each class and what they lead to.",
        ),
        element("h2", "Parts"),
        _table(parts, "Part", _PARTS),
        element("h2", "Classes"),
        _table(classes, "Class", _CLASSES),
    )


def _table(rows: Sequence[QuerySolution], first: str, columns: dict[str, str]) -> Markup:
    head = element("tr", *(element("th", name) for name in (first, *columns.values())))
    body = (
        element(
            "tr",
            element("td", link(_address(row["part"].value), curie(row["title"].value))),
            *(element("td", f"{int(row[name].value):,}") for name in columns),
        )
        for row in rows
    )
    return element("div", element("table", head, *body), class_="wide")


def _address(iri: str) -> str:
    return quote(iri.removeprefix(BASE.rstrip("/")))


async def _rows(request: Request, name: str) -> list[QuerySolution]:
    async with request.app.state.pool.run(job(page_query(name))) as answer:
        found = parse_query_results(await answer.read(), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries are SELECT
    return list(found)
