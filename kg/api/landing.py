"""The first page: what this is, what is in it, and a question to start from."""

from __future__ import annotations

import asyncio
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request, Response

from kg.api.cache import current_tag, validated
from kg.api.pages import page
from kg.api.searches import ALL_OF, about, address
from kg.errors import StoreError
from kg.find.profile import stated
from kg.find.selection import Selection
from kg.query.job import job
from kg.query.questions import SEED, question, question_names
from kg.query.texts import page_query

router = APIRouter()

_PARAMETERS = (
    ("query", "the query; by POST also as a form field, or as the body"),
    ("format", "json, xml, csv, tsv; turtle, ntriples, rdfxml, jsonld, trig, nquads"),
    ("default-graph-uri, named-graph-uri", "the data set; default: all graphs together"),
    ("timeout", "seconds, at most the limit of the server"),
)
_SEED_WORDS = "DLL3-targeting NK therapies recruiting in China"
_SEED_FACETS = {"antigen": "DLL3", "modality": "NKCellTherapy", "country": "CN", "open": "true"}
# Facet -> what its values are called on the page.
_STARTS = {"antigen": "Antigens", "condition": "Conditions", "country": "Countries"}
_MOST = 8
_QUESTIONS = 12
_COUNTS = (
    ("trials", "trial", "trials"),
    ("constructs", "construct investigated", "constructs investigated"),
    ("antigens", "antigen targeted", "antigens targeted"),
    ("sites", "site", "sites"),
)


@router.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
async def landing(request: Request) -> Response:
    """Return the first page."""
    tag = current_tag(request.app.state.pool.snapshots)
    asked = job(page_query("summary"))
    async with request.app.state.pool.run(asked) as answer:
        counts = _first_row(await answer.read())
    seed = question(SEED)
    names = question_names()
    made = page(
        "landing.html",
        said=_contents(counts),
        changed=counts.get("changed"),
        snapshot=answer.head.snapshot,
        query=seed.query,
        ask_href="/ask?" + urlencode({"q": _SEED_WORDS}),
        facets_href="/trials?" + urlencode(_SEED_FACETS),
        runs=[("Run it as a table", _run("tsv")), ("as JSON", _run("json"))],
        starts=await _starts(request),
        questions=[(question(name).comment, f"/examples/{name}") for name in names[:_QUESTIONS]],
        questions_in_all=len(names),
        parameters=_PARAMETERS,
    )
    return validated(request.headers, made, tag)


async def _starts(request: Request) -> list[tuple[str, list[tuple[str, int, str]], str]]:
    """Return what most trials are about, each value with its page; nothing without tables."""
    try:
        catalogue, _ = await request.app.state.catalogues.current()
    except StoreError:
        return []
    found = await asyncio.to_thread(
        lambda: [(title, name, stated(catalogue, name, _MOST)) for name, title in _STARTS.items()]
    )
    return [
        (
            title,
            [(one.label, one.trials, about(name, one.value) or "") for one in counts.values],
            address("/trials", Selection(), [(ALL_OF, name)]),
        )
        for title, name, counts in found
    ]


def _first_row(body: bytes) -> dict[str, str]:
    row = msgspec.json.decode(body)["results"]["bindings"][0]
    return {name: term["value"] for name, term in row.items()}


def _contents(counts: dict[str, str]) -> str:
    return ", ".join(
        f"{int(counts[name]):,} {one if int(counts[name]) == 1 else many}"
        for name, one, many in _COUNTS
    )


def _run(format_: str) -> str:
    return "/sparql?" + urlencode({"query": question(SEED).query, "format": format_})
