"""Example questions: all of them for programs, each with a page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from kg.api.address import endpoint
from kg.api.graphs import RDF_OFFERS, RDF_RESPONSES, graph_response
from kg.api.html import Markup, element, join, link, page
from kg.api.negotiation import MEDIA_TYPES, best
from kg.api.problems import problem
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
    asked = (question(name) for name in question_names())
    items = (element("li", link(f"/examples/{one.name}", one.comment)) for one in asked)
    return page("Example questions", element("h1", "Example questions"), element("ul", *items))


@router.api_route("/examples/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def show_example(request: Request, name: str) -> Response:
    """Return one question with its query, its answer, and how programs ask it."""
    if name not in question_names():
        return problem("not-found", f"there is no example question {name[:80]!r}")
    asked = question(name)
    formats = _FORMATS[asked.form]
    return page(
        asked.comment,
        element("p", link("/", "trialkg"), " · ", link("/examples", "questions"), class_="quiet"),
        element("h1", asked.comment),
        element("p", ", ".join(asked.keywords), class_="quiet"),
        element("pre", element("code", asked.query)),
        element("p", join((_run(asked, format_) for format_ in formats), " · ")),
        *_snippets(asked, endpoint(request)),
    )


def _run(asked: Question, format_: str) -> Markup:
    parameters = urlencode({"query": asked.query, "format": format_})
    return link(f"/sparql?{parameters}", f"Run it: {format_}")


def _snippets(asked: Question, address: str) -> tuple[Markup, ...]:
    accept = MEDIA_TYPES[_FORMATS[asked.form][-1]][0]
    shell = asked.query.replace("'", "'\\''")
    told, raw = _python(asked.query), f'r"---(\n{asked.query})---"'
    snippets = {
        "Shell": f"curl -s {address} -H 'Accept: {accept}' --data-urlencode 'query=\n{shell}'",
        "Python": f"import httpx\n\nquery = {told}\nanswer = httpx.post(\n"
        f'    "{address}", data={{"query": query}}, headers={{"Accept": "{accept}"}}\n)\n'
        "print(answer.text)",
        "R": f"library(httr)\n\nquery <- {raw}\nanswer <- POST(\n"
        f'  "{address}", body = list(query = query), encode = "form", accept("{accept}")\n)\n'
        'cat(content(answer, "text"))',
    }
    return tuple(
        join((element("h2", name), element("pre", element("code", text))))
        for name, text in snippets.items()
    )


def _python(text: str) -> str:
    """Return a text as Python writes it, on several lines where these need no escapes."""
    plain = '"""' not in text and "\\" not in text and text.endswith("\n")
    return f'"""\n{text}"""' if plain else json.dumps(text, ensure_ascii=False)
