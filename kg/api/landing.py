"""The first page: what this is, what is in it, and a question to start from."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request, Response

from kg.api.html import Markup, element, join, link, page
from kg.query.job import job
from kg.query.questions import SEED, question, question_names
from kg.query.texts import page_query
from kg.resources import WEB

router = APIRouter()

_PARAMETERS = (
    ("query", "the query; by POST also as a form field, or as the body"),
    ("format", "json, xml, csv, tsv; turtle, ntriples, rdfxml, jsonld, trig, nquads"),
    ("default-graph-uri, named-graph-uri", "the data set; default: all graphs together"),
    ("timeout", "seconds, at most the limit of the server"),
)
_COUNTS = (
    ("trials", "trial", "trials"),
    ("constructs", "construct", "constructs"),
    ("antigens", "antigen targeted", "antigens targeted"),
    ("sites", "site", "sites"),
)


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
async def landing(request: Request) -> Response:
    """Return the first page."""
    asked = job(page_query("summary"))
    async with request.app.state.pool.run(asked) as answer:
        counts = _first_row(await answer.read())
    return page(
        "trialkg",
        element("h1", "trialkg"),
        element(
            "p",
            "Clinical trial registry records as a validated RDF graph: constructs, their target "
            "antigens, arms and sites, each derived statement with the words it rests on.",
        ),
        _contents(counts, answer.head.snapshot),
        element("h2", "Ask it"),
        element("p", "DLL3-targeting NK therapies recruiting in China:"),
        element("pre", element("code", question(SEED).query)),
        element("p", _run(SEED, "Run it as a table", "tsv"), " · ", _run(SEED, "as JSON", "json")),
        element("h2", "More questions"),
        element("ul", *(element("li", _example(name)) for name in question_names())),
        _protocol(),
    )


@router.api_route("/style.css", methods=["GET", "HEAD"], include_in_schema=False)
async def style() -> Response:
    """Return the style sheet of all pages."""
    return Response((WEB / "style.css").read_bytes(), media_type="text/css")


def _first_row(body: bytes) -> dict[str, str]:
    row = msgspec.json.decode(body)["results"]["bindings"][0]
    return {name: term["value"] for name, term in row.items()}


def _contents(counts: dict[str, str], snapshot: str) -> Markup:
    said = ", ".join(
        f"{int(counts[name]):,} {one if int(counts[name]) == 1 else many}"
        for name, one, many in _COUNTS
    )
    changed = counts.get("changed")
    as_of = f"; the newest record was retrieved on {changed}" if changed else ""
    return element("p", f"Snapshot {snapshot}: {said}{as_of}.")


def _example(name: str) -> Markup:
    return link(f"/examples/{name}", question(name).comment)


def _run(name: str, words: str, format_: str) -> Markup:
    parameters = urlencode({"query": question(name).query, "format": format_})
    return link(f"/sparql?{parameters}", words)


def _protocol() -> Markup:
    rows = (
        element("tr", element("td", element("code", name)), element("td", meaning))
        for name, meaning in _PARAMETERS
    )
    return join(
        (
            element("h2", "SPARQL endpoint"),
            element("p", element("code", "/sparql"), " speaks the SPARQL 1.1 Protocol:"),
            element("table", *rows),
            element(
                "p", link("/openapi.json", "OpenAPI description"), ", ", link("/health", "health")
            ),
        )
    )
