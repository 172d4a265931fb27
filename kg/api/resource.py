"""Linked data: each IRI of ours leads to a page for people or to statements for programs."""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import quote, unquote, urlencode

import msgspec
from fastapi import APIRouter, Request, Response
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results
from starlette.responses import RedirectResponse

from kg.api.entity import described, entity, entity_json, entity_page
from kg.api.graphs import EXTENSION_OF, EXTENSIONS, RDF_OFFERS
from kg.api.negotiation import MEDIA_TYPES, best
from kg.api.pages import local, page
from kg.api.problems import problem
from kg.api.streaming import StreamedAnswer
from kg.errors import StoreError
from kg.iris import BASE, concept_iri, named_graph
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
_UNSAFE = re.compile(r"[\x00-\x20<>\"{}|\\^`]")
_EVERYTHING = "CONSTRUCT WHERE { ?subject ?predicate ?object }"
_ONTOLOGY = "ontology"
_CONCEPT = "concept/"


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


@router.api_route("/concept/{rest}", methods=["GET", "HEAD"], include_in_schema=False)
async def describe_concept(request: Request) -> Response:
    """Return what is said of a concept of another vocabulary, by its CURIE."""
    return await _describe(request, request.url.path.removeprefix("/"))


async def _describe(request: Request, path: str) -> Response:
    stem, chosen = divided(unquote(path))
    node = _node(stem)
    if node is None:
        return problem("invalid", "the address holds characters that no IRI of ours has")
    known = chosen == "html" and described(stem) is not None
    if not known and stem != _ONTOLOGY and not await _known(request, node):
        return _nothing(stem)
    if chosen is None:
        return see_other(request, stem)
    if chosen in {"html", "json"}:
        response = await _told(request, stem, node, chosen)
        response.headers["Link"] = links(stem)
        return response
    return _data(request, stem, node, chosen)


def _nothing(stem: str) -> Response:
    return problem("not-found", f"nothing is said of {stem[:200]}")


def _node(stem: str) -> NamedNode | None:
    """Return what an address stands for, None where that can be no IRI."""
    if _UNSAFE.search(stem):
        return None
    if stem.startswith(_CONCEPT):
        try:
            return concept_iri(stem.removeprefix(_CONCEPT))
        except ValueError:
            return None
    return NamedNode(BASE + stem)


def _data(request: Request, stem: str, node: NamedNode, chosen: str) -> Response:
    graph = named_graph(_ONTOLOGY) if stem == _ONTOLOGY else node
    if stem == _ONTOLOGY or stem.startswith("graph/"):
        asked = job(_EVERYTHING, chosen, default_graphs=(graph.value,))
    else:
        asked = _job("resource", node, chosen)
    return StreamedAnswer(request.app.state.pool, asked, links(stem))


async def _told(request: Request, stem: str, node: NamedNode, chosen: str) -> Response:
    seen = await _seen(request, stem, node)
    if seen is not None and chosen == "html":
        return entity_page(seen, stem)
    if stem == _ONTOLOGY:
        rows = await _rows(request, job(page_query("terms")))
        out, into = rows, []
    else:
        out = await _rows(request, _job("resource-out", node))
        into = await _rows(request, _job("resource-in", node))
    if not out and not into:
        return _nothing(stem)
    if chosen == "html":
        return _page(stem, node, out, into)
    body = {
        "iri": node.value,
        "statements": [_plain(row) for row in out[:_SHOWN]],
        "linkedFrom": [_plain(row) for row in into[:_SHOWN]],
        "truncated": max(len(out), len(into)) > _SHOWN,
        **({} if seen is None else entity_json(seen)),
    }
    return Response(msgspec.json.encode(body), media_type="application/json")


async def _seen(request: Request, stem: str, node: NamedNode) -> dict[str, Any] | None:
    """Return what the tables tell of a thing; None for things, and data, that have no tables."""
    found = described(stem)
    if found is None:
        return None
    try:
        return await entity(request, node, *found)
    except StoreError:
        return None


def _page(stem: str, node: NamedNode, out: list[Row], into: list[Row]) -> Response:
    titles = {RDFS.label.value, DCTERMS.title.value}
    names = (value for name, value, _ in out if name in titles)
    title = next((v.value for v in names if isinstance(v, Literal)), stem)
    tables = (("What is said of it", out), ("What links to it", into))
    return page(
        "resource.html",
        title=title,
        iri=node.value,
        explore_href="/explore?" + urlencode({"node": node.value}),
        tables=[
            (heading, [_shown(row) for row in rows[:_SHOWN]], len(rows) > _SHOWN)
            for heading, rows in tables
            if rows
        ],
        shown=_SHOWN,
        forms=[(name, f"/{quote(stem)}.{name}") for name in ("json", "ttl", "nt", "jsonld", "rdf")],
    )


def _shown(row: Row) -> tuple[str, str, str | None]:
    """Return a property, and its value as text and as an address that may be followed."""
    name, value, label = row
    if isinstance(value, Literal):
        return curie(name), value.value, None
    return curie(name), label or curie(value.value), local(value.value)


def _plain(row: Row) -> dict[str, str | None]:
    name, value, label = row
    return {"property": name, "value": value.value, "label": label}


def _job(name: str, node: NamedNode, format_: str = "") -> Job:
    return job(page_query(name, this=node), format_)


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
