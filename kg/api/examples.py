"""Example questions: all of them for programs, each with a page for people."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from kg.api.address import endpoint
from kg.api.graphs import RDF_OFFERS, RDF_RESPONSES, graph_response
from kg.api.negotiation import MEDIA_TYPES, best
from kg.api.pages import page
from kg.api.problems import problem
from kg.api.snippets import snippets
from kg.query.questions import Question, example_triples, question, question_names

router = APIRouter()

_FORMATS: Mapping[str, tuple[str, ...]] = {
    "SELECT": ("tsv", "json", "csv"),
    "ASK": ("json",),
    "CONSTRUCT": ("turtle", "jsonld"),
}


@router.head("/.well-known/sparql-examples", include_in_schema=False)
@router.get("/.well-known/sparql-examples", response_class=Response, responses=RDF_RESPONSES)
async def describe_examples(request: Request) -> Response:
    """Return all example questions as SHACL."""
    chosen = best(request.headers.get("accept"), RDF_OFFERS)
    if chosen is None:
        return problem("format", f"the questions are offered as {', '.join(RDF_OFFERS)}")
    return graph_response(example_triples(endpoint(request)), chosen)


@router.api_route("/examples", methods=["GET", "HEAD"], include_in_schema=False)
async def list_examples() -> Response:
    """Return the list of all example questions."""
    asked = [question(name) for name in question_names()]
    return page(
        "examples.html", questions=[(one.comment, f"/examples/{one.name}") for one in asked]
    )


@router.api_route("/examples/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def show_example(request: Request, name: str) -> Response:
    """Return one question with its query, its answer, and how programs ask it."""
    if name not in question_names():
        return problem("not-found", f"there is no example question {name[:80]!r}")
    asked = question(name)
    formats = _FORMATS[asked.form]
    return page(
        "example.html",
        asked=asked,
        query_href="/query?" + urlencode({"query": asked.query}),
        runs=[(one, _run(asked, one)) for one in formats],
        snippets=snippets(asked.query, endpoint(request), MEDIA_TYPES[formats[-1]][0]),
    )


def _run(asked: Question, format_: str) -> str:
    return "/sparql?" + urlencode({"query": asked.query, "format": format_})
