"""The graph explorer: start from any node, expand by kind with counts, share what is seen."""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Query, Request, Response
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from kg.api.pages import local, refused, scripted
from kg.api.searches import address
from kg.errors import QueryError
from kg.find.selection import selection
from kg.iris import BASE
from kg.query.job import job
from kg.query.texts import page_query
from kg.query.triples import curie
from kg.records import Record
from kg.vocab import LABELS, PREFIXES

router = APIRouter()

_START = f"{BASE}antigen/DLL3"
_LONGEST = 2000
_PAGE = 50
_MOST = 500
_FOUND = 20
_OWN = PREFIXES["tkg"]
_ESCAPED = re.compile(r"[~!$&'()*+,;=/?#@%]|\.$")

Node = Annotated[str, Query(max_length=_LONGEST, description="the IRI of a node")]

Offset = Annotated[int, Query(ge=0, le=10**7)]


class _Part(NamedTuple):
    """Which of the nodes, in the order of their IRIs."""

    offset: int
    limit: int


class Link(Record, frozen=True):
    """A kind of link of a node: its property, which way it goes, and to how many things."""

    property: str
    label: str
    outwards: bool
    nodes: int
    href: str


class Neighbour(Record, frozen=True):
    """A node at the other end of a link."""

    iri: str
    label: str
    type: str | None


class Seen(Record, frozen=True):
    """A node with its kinds of links; `page` is where it is described."""

    iri: str
    label: str
    type: str | None
    page: str | None
    links: tuple[Link, ...]


class Neighbours(Record, frozen=True):
    """Some of the nodes at the other end of one kind of link; `more` says that there are others."""

    label: str
    nodes: tuple[Neighbour, ...]
    more: bool


@router.api_route("/explore", methods=["GET", "HEAD"], include_in_schema=False)
async def explore(
    request: Request,
    node: Node = _START,
    property_: Annotated[str, Query(alias="property", max_length=_LONGEST)] = "",
    outwards: bool = True,
    offset: Offset = 0,
) -> Response:
    """Return the page of a node and of what it is linked with."""
    try:
        seen = await _seen(request, _iri(node))
        shown = None
        if property_:
            part = _Part(offset, _PAGE)
            shown = await _neighbours(request, _iri(node), _iri(property_), part, outwards=outwards)
    except QueryError as error:
        missing = error.kind == "not-found"
        return refused(str(error), again="/explore", status=404 if missing else 400)
    following = {
        "node": node,
        "property": property_,
        "outwards": outwards,
        "offset": offset + _PAGE,
    }
    return scripted(
        "explore.html",
        seen=seen,
        shown=shown,
        own=_OWN,
        more_href="/explore?" + urlencode(following),
        explore_href=_explore_href,
    )


@router.get("/node.json", response_class=Response)
async def node_json(request: Request, iri: Node) -> Response:
    """Return what a node is called and its kinds of links with counts, as JSON."""
    seen = await _seen(request, _iri(iri))
    return Response(msgspec.json.encode(seen), media_type="application/json")


@router.get("/neighbours.json", response_class=Response)
async def neighbours_json(
    request: Request,
    iri: Node,
    property_: Annotated[str, Query(alias="property", max_length=_LONGEST)],
    outwards: bool = True,
    offset: Offset = 0,
    limit: Annotated[int, Query(ge=1, le=_MOST)] = _PAGE,
) -> Response:
    """Return some of the nodes at the other end of one kind of link of a node, as JSON."""
    part = _Part(offset, limit)
    found = await _neighbours(request, _iri(iri), _iri(property_), part, outwards=outwards)
    return Response(msgspec.json.encode(found), media_type="application/json")


@router.get("/lookup.json", response_class=Response)
async def lookup_json(
    request: Request, q: Annotated[str, Query(min_length=1, max_length=200)]
) -> Response:
    """Return nodes whose name begins with some letters: antigens, products, places and trials."""
    catalogue, _ = await request.app.state.catalogues.current()
    named = [
        Neighbour(iri=iri, label=label, type=kind)
        for kind, iri, label in catalogue.labels.beginning(q, _FOUND)
    ]
    wanted = selection({}, words=q.lower().split())
    found = catalogue.newest(catalogue.find(wanted))[: _FOUND - len(named)]
    trials = (
        Neighbour(
            iri=f"{BASE}trial/{registry}/{registry_id}",
            label=f"{registry_id}: {title}",
            type="trial",
        )
        for registry, registry_id, title in catalogue.trials[found]
        .select("registry", "registry_id", "title")
        .iter_rows()
    )
    body = {"nodes": [*named, *trials], "all": address("/trials", wanted)}
    return Response(msgspec.json.encode(body), media_type="application/json")


@router.get("/completions.json", response_class=Response)
async def completions_json(request: Request) -> Response:
    """Return what the query editor completes: prefixes, terms with their labels, antigens."""
    catalogue, _ = await request.app.state.catalogues.current()
    terms = [{"label": f"tkg:{name}", "detail": label} for name, label in LABELS.items()]
    keys = [
        {"label": f"{kind}:{_local_name(key)}", "detail": catalogue.labels.label(kind, key)}
        for kind in ("antigen", "product", "country")
        for key in catalogue.labels.keys(kind)
    ]
    prefixes = [{"label": f"{name}:", "detail": base} for name, base in PREFIXES.items()]
    return Response(msgspec.json.encode([*prefixes, *terms, *keys]), media_type="application/json")


def _local_name(key: str) -> str:
    """Return a key as a local name of SPARQL: what has a meaning there is escaped."""
    escaped = _ESCAPED.sub(r"\\\g<0>", key)
    return f"\\{escaped}" if escaped[:1] in {"-", "."} else escaped


async def _seen(request: Request, node: NamedNode) -> Seen:
    rows = await _rows(request, page_query("neighbour-counts", this=node))
    named = await _rows(request, page_query("node", this=node))
    label, kind = _named(node.value, named[0] if named else None)
    links = [
        Link(
            property=row["property"].value,
            label=_label(row["property"].value),
            outwards=row["outwards"].value == "true",
            nodes=int(row["nodes"].value),
            href=_explore_href(node.value, row["property"].value, row["outwards"].value),
        )
        for row in rows
    ]
    # What the graph itself says comes first, what RDF needs comes behind.
    links.sort(key=lambda one: not one.property.startswith(_OWN))
    if not links:
        raise QueryError(f"nothing is said of {node.value[:200]}", kind="not-found")
    return Seen(iri=node.value, label=label, type=kind, page=local(node.value), links=tuple(links))


async def _neighbours(
    request: Request, node: NamedNode, property_: NamedNode, part: _Part, *, outwards: bool
) -> Neighbours:
    name = "neighbours-out" if outwards else "neighbours-in"
    text = page_query(name, this=node, property=property_, offset=part.offset, limit=part.limit)
    rows = await _rows(request, text)
    nodes = []
    for row in rows:
        label, kind = _named(row["node"].value, row)
        nodes.append(Neighbour(iri=row["node"].value, label=label, type=kind))
    more = len(nodes) == part.limit
    return Neighbours(label=_label(property_.value), nodes=tuple(nodes), more=more)


async def _rows(request: Request, text: str) -> list[Any]:
    async with request.app.state.pool.run(job(text)) as answer:
        found = parse_query_results(await answer.read(), format=QueryResultsFormat.JSON)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - the queries above are SELECT
    return list(found)


def _iri(text: str) -> NamedNode:
    """Return an IRI as a term; raises QueryError for what is none."""
    try:
        return NamedNode(text)
    except ValueError as error:
        raise QueryError(f"{text[:200]!r} is no IRI: {error}", kind="invalid") from error


def _named(iri: str, row: Any) -> tuple[str, str | None]:  # noqa: ANN401 - a solution of the engine
    label = row["label"] if row is not None else None
    kind = row["type"] if row is not None else None
    return (label.value if label else _short(iri)), (_label(kind.value) if kind else None)


def _short(iri: str) -> str:
    """Return what a node without a label is called; a part of a trial by its trial and its kind."""
    match iri.removeprefix(BASE).split("/"):
        case ["trial", _, registry_id, kind, *key]:
            return f"{registry_id}: {kind.replace('-', ' ')} {'/'.join(key)}".rstrip()
    return curie(iri)


def _label(iri: str) -> str:
    if iri.startswith(_OWN):
        return LABELS.get(iri.removeprefix(_OWN), iri)
    return curie(iri)


def _explore_href(node: str, property_: str = "", outwards: str = "true") -> str:
    asked = {"node": node}
    if property_:
        asked |= {"property": property_, "outwards": outwards}
    return "/explore?" + urlencode(asked)
