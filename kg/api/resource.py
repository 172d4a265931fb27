"""Linked data: each IRI of ours leads to a page for people or to statements for programs."""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import quote, unquote

import msgspec
from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results
from starlette.responses import RedirectResponse

from kg.api.graphs import EXTENSION_OF, EXTENSIONS, RDF_OFFERS
from kg.api.html import Markup, element, join, link, page
from kg.api.negotiation import MEDIA_TYPES, best
from kg.api.problems import problem
from kg.api.streaming import StreamedAnswer
from kg.iris import BASE, named_graph
from kg.query.job import Job, job
from kg.query.texts import page_query
from kg.query.triples import curie
from kg.vocab import DCTERMS, RDFS

router = APIRouter()

Node: TypeAlias = Any
Row: TypeAlias = tuple[str, Node, str | None]

# What the IRIs of things begin with after the base; trials themselves have pages of their own.
_PLACES = (
    "antigen",
    "product",
    "country",
    "city",
    "facility",
    "organization",
    "study",
    "source",
    "graph",
    "void",
    ".well-known/genid",
    "trial/{registry}/{registry_id}",
)
OFFERS = ("html", *RDF_OFFERS)
_SHOWN = 500
_KEPT = "/:#?&=%~@+,;()!$*'"
_UNSAFE = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_EVERYTHING = "CONSTRUCT WHERE { ?subject ?predicate ?object }"
_ONTOLOGY = "ontology"


def see_other(request: Request, path: str, offers: tuple[str, ...] = OFFERS) -> Response:
    """Return the way to the form of a thing that the client likes best."""
    chosen = best(request.headers.get("accept"), offers)
    if chosen is None:
        return problem("format", f"this is offered as {', '.join(_media(o) for o in offers)}")
    quoted = quote(path)
    found = RedirectResponse(f"/{quoted}.{EXTENSION_OF[chosen]}", status_code=303)
    found.headers.update({"Vary": "Accept", "Link": links(path, offers)})
    return found


def links(path: str, offers: tuple[str, ...] = OFFERS) -> str:
    """Return the Link header of a thing: what it is, and its other forms."""
    quoted = quote(path)
    forms = (
        f'</{quoted}.{EXTENSION_OF[offer]}>; rel="alternate"; type="{_media(offer)}"'
        for offer in offers
    )
    return ", ".join((f'<{BASE}{quoted}>; rel="canonical"', *forms))


def divided(path: str) -> tuple[str, str | None]:
    """Return a path without its extension, and the format of that; keys may hold dots too."""
    stem, dot, extension = path.rpartition(".")
    return (stem, EXTENSIONS[extension]) if dot and extension in EXTENSIONS else (path, None)


@router.api_route("/ontology", methods=["GET", "HEAD"], include_in_schema=False)
@router.api_route("/ontology.{extension}", methods=["GET", "HEAD"], include_in_schema=False)
async def describe_ontology(request: Request, extension: str | None = None) -> Response:
    """Return all terms: the document that the IRIs of terms are in."""
    path = _ONTOLOGY if extension is None else f"{_ONTOLOGY}.{extension}"
    return await _describe(request, path)


async def describe_resource(request: Request) -> Response:
    """Return what is said of a thing: as a page, or as RDF (`.ttl`, `.nt`, `.jsonld`, `.rdf`).

    Without an extension the Accept header decides, and the answer says where to look.
    """
    return await _describe(request, request.url.path.removeprefix("/"))


for _place in _PLACES:
    router.add_api_route(
        f"/{_place}/{{rest:path}}",
        describe_resource,
        methods=["GET", "HEAD"],
        include_in_schema=False,
    )


@router.api_route("/example/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def find_example(name: str) -> Response:
    """Return the way to the page of an example question."""
    return RedirectResponse(f"/examples/{quote(name)}", status_code=303)


async def _describe(request: Request, path: str) -> Response:
    stem, chosen = divided(unquote(path))
    if _UNSAFE.search(stem):
        return problem("invalid", "the address holds characters that no IRI of ours has")
    node = NamedNode(BASE + stem)
    if stem != _ONTOLOGY and not await _known(request, node):
        return problem("not-found", f"nothing is said of {stem[:200]}")
    if chosen is None:
        return see_other(request, stem)
    if chosen in {"html", "json"}:
        response = await _told(request, stem, node, chosen)
        response.headers["Link"] = links(stem)
        return response
    return _data(request, stem, node, chosen)


def _data(request: Request, stem: str, node: NamedNode, chosen: str) -> Response:
    graph = named_graph(_ONTOLOGY) if stem == _ONTOLOGY else node
    if stem == _ONTOLOGY or stem.startswith("graph/"):
        asked = job(_EVERYTHING, chosen, default_graphs=(graph.value,))
    else:
        asked = _job("resource", node, chosen)
    return StreamedAnswer(request.app.state.pool, asked, links(stem))


async def _told(request: Request, stem: str, node: NamedNode, chosen: str) -> Response:
    if stem == _ONTOLOGY:
        rows = await _rows(request, job(page_query("terms")))
        out, into = rows, []
    else:
        out = await _rows(request, _job("resource-out", node))
        into = await _rows(request, _job("resource-in", node))
    if chosen == "html":
        return _page(node, out, into)
    body = {
        "iri": node.value,
        "statements": [_plain(row) for row in out[:_SHOWN]],
        "linkedFrom": [_plain(row) for row in into[:_SHOWN]],
        "truncated": max(len(out), len(into)) > _SHOWN,
    }
    return Response(msgspec.json.encode(body), media_type="application/json")


def _page(node: NamedNode, out: list[Row], into: list[Row]) -> Response:
    titles = {RDFS.label.value, DCTERMS.title.value}
    names = (value for name, value, _ in out if name in titles)
    title = next((v.value for v in names if isinstance(v, Literal)), curie(node.value))
    return page(
        title,
        element("p", link("/", "trialkg"), class_="quiet"),
        element("h1", title),
        element("p", element("code", node.value)),
        _table("What is said of it", out),
        _table("What links to it", into),
    )


def _table(title: str, rows: list[Row]) -> Markup:
    if not rows:
        return Markup()
    body = (
        element("tr", element("td", curie(name)), element("td", _shown(value, label)))
        for name, value, label in rows[:_SHOWN]
    )
    cut = element("p", f"Only the first {_SHOWN} are shown.", class_="note")
    parts = (element("h2", title), element("table", *body))
    return join((*parts, cut) if len(rows) > _SHOWN else parts)


def _shown(value: Node, label: str | None) -> Markup:
    if isinstance(value, Literal):
        return join((value.value,))
    iri = value.value
    # Under whatever name the server is reached, what is ours is found on it.
    address = iri.removeprefix(BASE.rstrip("/")) if iri.startswith(BASE) else iri
    return link(quote(address, safe=_KEPT), label or curie(iri))


def _plain(row: Row) -> dict[str, str | None]:
    name, value, label = row
    return {"property": name, "value": value.value, "label": label}


def _job(name: str, node: NamedNode, format_: str = "") -> Job:
    return job(page_query(name).replace("$this", str(node)), format_)


async def _known(request: Request, node: NamedNode) -> bool:
    async with request.app.state.pool.run(_job("known", node)) as answer:
        return bool(msgspec.json.decode(await answer.read())["boolean"])


async def _rows(request: Request, asked: Job) -> list[Row]:
    async with request.app.state.pool.run(asked) as answer:
        found = parse_query_results(await answer.read(), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries above are SELECT
    return [(row["property"].value, row["value"], _text(row["label"])) for row in found]


def _text(term: Node | None) -> str | None:
    return term.value if isinstance(term, Literal) else None


def _media(offer: str) -> str:
    return MEDIA_TYPES[offer][0]
