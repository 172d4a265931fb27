"""Plain questions over HTTP: how they were understood, and what was found."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request, Response

from kg.api.pages import page, refused
from kg.api.searches import address
from kg.ask import Question, read_question
from kg.errors import QueryError, UsageError
from kg.find.hits import hits
from kg.find.sparql import sparql

router = APIRouter()

_SHOWN = 10
_EXAMPLES = (
    "DLL3-targeting NK therapies recruiting in China",
    "CAR-T against CD19 and CD22 open in the United States",
    "bispecific antibodies for multiple myeloma since 2023",
    "allogeneic CAR-T near Shanghai",
)


@router.api_route("/ask", methods=["GET", "HEAD"], include_in_schema=False)
async def ask(request: Request, q: str = "") -> Response:
    """Return a page with the question as it was understood, word by word, and the first trials."""
    catalogue, snapshot = await request.app.state.catalogues.current()
    examples = [(text, "/ask?" + urlencode({"q": text})) for text in _EXAMPLES]
    if not q.strip():
        return page("ask.html", q="", question=None, examples=examples)
    try:
        asked = await _read(request, q)
    except UsageError as error:
        return refused(str(error), again="/ask")
    found = catalogue.newest(catalogue.find(asked.selection))
    return page(
        "ask.html",
        q=q,
        question=asked,
        examples=examples,
        total=len(found),
        hits=list(hits(catalogue, found[:_SHOWN])),
        label=catalogue.labels.label,
        all_href=address("/trials", asked.selection),
        chosen=bool(list(asked.selection.facets)) or asked.selection.near or asked.selection.since,
        query=sparql(asked.selection),
        query_href="/query?" + urlencode({"query": sparql(asked.selection)}),
        snapshot=snapshot.name,
    )


@router.get("/ask.json", response_class=Response)
async def ask_json(request: Request, q: str) -> Response:
    """Return how a plain question is understood, and which trials that finds."""
    catalogue, snapshot = await request.app.state.catalogues.current()
    try:
        asked = await _read(request, q)
    except UsageError as error:
        raise QueryError(str(error), kind="invalid") from error
    found = catalogue.newest(catalogue.find(asked.selection))
    body = {
        "snapshot": snapshot.name,
        "question": asked.text,
        "words": asked.words,
        "not_understood": [word.text for word in asked.unknown],
        "trials_at": address("/trials", asked.selection),
        "query": sparql(asked.selection),
        "total": len(found),
        "ids": [catalogue.trials["registry_id"][place] for place in found[:1000].tolist()],
    }
    return Response(msgspec.json.encode(body), media_type="application/json")


async def _read(request: Request, text: str) -> Question:
    return read_question(text, await request.app.state.catalogues.meanings())
