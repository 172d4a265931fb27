"""Answers of SPARQL for assistants: few rows, in short, with what is odd about the query."""

from __future__ import annotations

import json
from difflib import get_close_matches
from typing import Any

from kg.mcp.desk import Desk
from kg.query.lexer import tokens
from kg.query.triples import curie
from kg.vocab import TERMS

_MOST_ROWS = 500
_LONGEST_CELL = 2_000
_LONGEST_GRAPH = 100_000
_OWN = "tkg:"


async def answered(desk: Desk, sparql: str, limit: int) -> dict[str, Any]:
    """Return the first rows of a query, how many there are, and notes on its terms."""
    format_, body = await desk.ask(sparql)
    notes = unknown_terms(sparql)
    if format_ != "json":
        text = body.decode()
        cut = len(text) > _LONGEST_GRAPH
        return {"format": format_, "graph": text[:_LONGEST_GRAPH], "cut": cut, "notes": notes}
    told: Any = json.loads(body)
    if "boolean" in told:
        return {"answer": told["boolean"], "notes": notes}
    rows = told["results"]["bindings"]
    shown = rows[: max(1, min(limit, _MOST_ROWS))]
    return {
        "columns": told["head"]["vars"],
        "rows": [{name: _cell(term) for name, term in row.items()} for row in shown],
        "shown": len(shown),
        "total": len(rows),
        "notes": notes,
    }


def unknown_terms(sparql: str) -> list[str]:
    """Return what to know of the terms of a query that the ontology does not have."""
    names = dict.fromkeys(
        token.text for token in tokens(sparql) if token.kind == "name" and _is_own(token.text)
    )
    unknown = [name.removeprefix(_OWN) for name in names if name.removeprefix(_OWN) not in TERMS]
    return [_note(name) for name in unknown]


def _is_own(name: str) -> bool:
    return name.startswith(_OWN) and len(name) > len(_OWN)


def _note(name: str) -> str:
    near = ", ".join(f"{_OWN}{one}" for one in get_close_matches(name, TERMS, n=3, cutoff=0.6))
    return f"{_OWN}{name} is no term of the ontology; near: {near or 'nothing like it'}"


def _cell(term: dict[str, str]) -> str:
    value = curie(term["value"]) if term["type"] == "uri" else term["value"]
    return value if len(value) <= _LONGEST_CELL else f"{value[:_LONGEST_CELL]} … (cut)"
