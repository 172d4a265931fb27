"""The SPARQL page: a query, its answer as table, chart or map, and its errors at their place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from kg.api.address import endpoint
from kg.api.negotiation import MEDIA_TYPES
from kg.api.pages import scripted
from kg.api.snippets import snippets
from kg.errors import QueryError
from kg.query.job import GRAPH_FORMATS, TABLE_FORMATS, Job, job
from kg.query.questions import SEED, question, question_names
from kg.query.triples import curie
from kg.records import Record

router = APIRouter()

_ROWS: Final = 1000
_BYTES: Final = 4 << 20
_BARS: Final = 60
_MARKS: Final = 500

Term = Any


class Cell(Record, frozen=True):
    """A term of an answer: what is shown, and the IRI behind it."""

    text: str
    iri: str | None = None


class Answered(Record, frozen=True):
    """What an answer says, cut after a number of rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] = ()
    boolean: bool | None = None
    whole: bool = True
    graph: bool = False


@router.api_route("/query", methods=["GET", "HEAD"], include_in_schema=False)
async def query_page(
    request: Request, query: str = "", view: str = "table", examples: str = ""
) -> Response:
    """Return the page with a query and, where one is given, its answer."""
    context: dict[str, Any] = {
        "query": query or question(SEED).query,
        "asked": bool(query.strip()),
        "view": view if view in {"table", "chart", "map", "graph"} else "table",
        "error": None,
        "answer": None,
        "examples": _examples(examples),
        "examples_word": examples,
        "row_limit": _ROWS,
    }
    status = 200
    if query.strip():
        try:
            context |= await _answered(request, query, context["view"])
        except QueryError as error:
            context |= {"error": error, "lines": _lines(query, error)}
            status = 400
    return scripted("query.html", status, **context)


async def _answered(request: Request, query: str, view: str) -> dict[str, Any]:
    asked = _job(query)
    answer = await _read(request, asked)
    formats = GRAPH_FORMATS if asked.form.graph else TABLE_FORMATS
    accept = MEDIA_TYPES["turtle" if asked.form.graph else "json"][0]
    return {
        "answer": answer,
        "views": [
            (name, "/query?" + urlencode({"query": query, "view": name}))
            for name in ("table", "chart", "map", "graph")
        ],
        "downloads": [
            (name, "/sparql?" + urlencode({"query": query, "format": name})) for name in formats
        ],
        "bars": _bars(answer) if view == "chart" else (),
        "marks": _marks(answer) if view == "map" else (),
        "snippets": snippets(query, endpoint(request), accept),
    }


def _job(query: str) -> Job:
    asked = job(query)
    if asked.form.graph:
        return job(query, "ntriples", form=asked.form)
    return job(query, "json" if asked.form.name == "ASK" else "tsv", form=asked.form)


async def _read(request: Request, asked: Job) -> Answered:
    """Read the first rows of an answer; the rest is never made."""
    found = b""
    whole = True
    async with request.app.state.pool.run(asked) as answer:
        async for chunk in answer.chunks:
            found += chunk
            if len(found) > _BYTES or found.count(b"\n") > _ROWS + 1:
                whole = False
                break
    if asked.format == "json":
        return Answered(boolean=b"true" in found)
    lines = found.splitlines(keepends=True)
    if not whole:
        lines = lines[: _ROWS + 1 if asked.format == "tsv" else _ROWS]
        if not lines[-1].endswith(b"\n"):
            lines.pop()
    body = b"".join(lines)
    return _triples(body, whole=whole) if asked.format == "ntriples" else _table(body, whole=whole)


def _table(body: bytes, *, whole: bool) -> Answered:
    found = parse_query_results(body, format=QueryResultsFormat.TSV)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - what SELECT answers
    names = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(_cell(row[name]) for name in names) for row in found)
    return Answered(columns=names, rows=rows, whole=whole)


def _triples(body: bytes, *, whole: bool) -> Answered:
    quads = parse(body, format=RdfFormat.N_TRIPLES)
    rows = tuple((_cell(q.subject), _cell(q.predicate), _cell(q.object)) for q in quads)
    columns = ("subject", "predicate", "object")
    return Answered(columns=columns, rows=rows, whole=whole, graph=True)


def _cell(term: Term) -> Cell | None:
    match term:
        case None:
            return None
        case NamedNode():
            return Cell(curie(term.value), term.value)
        case Literal():
            return Cell(term.value)
        case BlankNode():
            return Cell(f"_:{term.value}")
        case _:
            return Cell(str(term))


def _bars(answer: Answered) -> list[tuple[str, float, float]]:
    """Return label, value and share of the largest, by the first column of numbers."""
    numeric = next((n for n in range(len(answer.columns)) if _numbers(answer, n)), None)
    if numeric is None or not answer.rows:
        return []
    values = _numbers(answer, numeric)
    largest = max(map(abs, values)) or 1.0
    labels = (
        " · ".join(c.text for n, c in enumerate(row) if c and n != numeric) for row in answer.rows
    )
    bars = zip(labels, values, strict=True)
    return [(label, value, 100 * abs(value) / largest) for label, value in bars][:_BARS]


def _numbers(answer: Answered, column: int) -> list[float]:
    """Return the numbers of a column, none where a cell holds no number."""
    try:
        found = [float(row[column].text) for row in answer.rows]  # type: ignore[union-attr]
    except (ValueError, AttributeError):
        return []
    return found if all(map(math.isfinite, found)) else []


_LATITUDE = frozenset({"lat", "latitude"})
_LONGITUDE = frozenset({"long", "lon", "lng", "longitude"})


def _marks(answer: Answered) -> list[tuple[float, float, str]]:
    """Return the points of an answer with columns such as ?latitude and ?longitude."""
    names = [name.lower() for name in answer.columns]
    latitude = next((n for n, name in enumerate(names) if name in _LATITUDE), None)
    longitude = next((n for n, name in enumerate(names) if name in _LONGITUDE), None)
    if latitude is None or longitude is None:
        return []
    marks = []
    for row in answer.rows:
        try:
            x, y = float(row[longitude].text), -float(row[latitude].text)  # type: ignore[union-attr]
        except (ValueError, AttributeError):
            continue
        others = (c.text for n, c in enumerate(row) if c and n not in {latitude, longitude})
        marks.append((x, y, " · ".join(others)))
    return marks[:_MARKS]


def _lines(query: str, error: QueryError) -> list[tuple[int, str, bool]]:
    """Return the lines of a query, the one with the error marked."""
    return [
        (number, line, number == error.line)
        for number, line in enumerate(query.splitlines(), start=1)
    ]


def _examples(word: str) -> list[tuple[str, str]]:
    folded = word.lower().split()
    asked = (question(name) for name in question_names())
    return [
        (one.comment, "/query?" + urlencode({"query": one.query}))
        for one in asked
        if _has(folded, (one.comment, *one.keywords))
    ]


def _has(words: Sequence[str], texts: Iterable[str]) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in words)
