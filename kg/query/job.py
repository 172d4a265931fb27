"""One query on its way to a worker, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pyoxigraph import NamedNode

from kg.errors import QueryError, QueryTimeout, QueryTooLarge
from kg.query.diagnosis import syntax_error
from kg.query.federation import Call, calls
from kg.query.form import Form
from kg.query.formats import GRAPHS, TABLES
from kg.query.gather import Walk
from kg.query.guard import check
from kg.vocab import PREFIXES

TABLE_FORMATS = tuple(TABLES)
GRAPH_FORMATS = tuple(GRAPHS)


@dataclass(frozen=True, slots=True)
class Job:
    """A query that the guard has let pass.

    `format` is one of TABLE_FORMATS or GRAPH_FORMATS; `default_graphs` and `named_graphs` are IRIs
    and, where any is given, are the whole data set; else the default graph is the `union` of all
    graphs or the store's own, or what FROM says. Relative IRIs are resolved against `base`.
    `snapshot` is what is asked where that is not the published one. A `walk` takes the place of the
    query.
    """

    query: str
    form: Form
    format: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    union: bool = True
    base: str | None = None
    calls: tuple[Call, ...] = ()
    snapshot: Path | None = None
    walk: Walk | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """What a worker says of an answer before its first byte."""

    kind: Literal["table", "boolean", "graph"]
    format: str
    snapshot: str


def job(
    query: str,
    format: str = "",  # noqa: A002 - the word of the protocol
    *,
    form: Form | None = None,
    default_graphs: tuple[str, ...] = (),
    named_graphs: tuple[str, ...] = (),
    timeout: float | None = None,
    union: bool = True,
    base: str | None = None,
    services: frozenset[str] = frozenset(),
) -> Job:
    """Return a query ready to be run; raises QueryError for what must not reach the engine.

    Without a format, tables are JSON and graphs are Turtle. `form` is what the guard returned,
    where it has been asked already. `services` are the endpoints that it may call.
    """
    form = form or check(query, calling=bool(services))
    made = calls(query, form, services, PREFIXES) if services else ()
    chosen = format or ("turtle" if form.graph else "json")
    fits = GRAPH_FORMATS if form.graph else TABLE_FORMATS
    if form.name and chosen not in fits:
        raise QueryError(
            f"{chosen} cannot hold the answer of {form.name}; choose {', '.join(fits)}",
            kind="format",
        )
    for graph in (*default_graphs, *named_graphs):
        _check_graph(graph)
    return Job(query, form, chosen, default_graphs, named_graphs, timeout, union, base, made)


def walk_job(walk: Walk) -> Job:
    """Return a walk ready to be taken; its answer is N-Triples."""
    return Job("", Form("CONSTRUCT", dataset=False, token=None), "ntriples", walk=walk)


def _check_graph(graph: str) -> None:
    try:
        NamedNode(graph)
    except ValueError as error:
        raise QueryError(f"{graph[:200]!r} is no IRI of a graph: {error}", kind="dataset") from None


def payload(asked: Job, result: int, rows: int = 0) -> dict[str, Any]:
    """Return what the worker is told: the most bytes and, unless 0, rows that it may answer."""
    return {
        "query": asked.query,
        "format": asked.format,
        "default_graphs": list(asked.default_graphs),
        "named_graphs": list(asked.named_graphs),
        "union": asked.union,
        "base": asked.base,
        "dataset": asked.form.dataset,
        "limit": result,
        "rows": rows,
        "walk": asked.walk,
    }


def failure(
    asked: Job, kind: str, message: str, prefixes: Mapping[str, str] | None = None
) -> QueryError:
    """Return the error behind what a worker reported."""
    if kind == "syntax":
        return syntax_error(asked.query, message, prefixes or {})
    return _CLASSES.get(kind, QueryError)(message, kind=kind, hint=_HINTS.get(kind))


def timed_out(seconds: float) -> QueryTimeout:
    """Return the error of a query that was stopped at its deadline."""
    return QueryTimeout(
        f"the query ran longer than {seconds:g} seconds and was stopped",
        kind="timeout",
        hint="bind more terms, ask for fewer rows, or use MINUS instead of FILTER NOT EXISTS",
    )


def died(status: int | None) -> QueryError:
    """Return the error of a query that ended its worker, from the exit status."""
    if status in {_KILLED_BY_KERNEL, _ABORTED}:
        return QueryTooLarge(
            "the query needs more memory than it may take", kind="memory", hint=_HINTS["memory"]
        )
    return QueryTooLarge(
        "the query is more than the engine can carry out",
        kind="crashed",
        hint="split it: its expressions or groups are nested or chained too far",
    )


_KILLED_BY_KERNEL, _ABORTED = -9, -6
_CLASSES: dict[str, type[QueryError]] = {
    "memory": QueryTooLarge,
    "result-too-large": QueryTooLarge,
}
_HINTS = {
    "memory": "sort, group or compare fewer rows; begin with the most selective pattern",
    "result-too-large": "ask for fewer rows with LIMIT, or in parts with OFFSET and ORDER BY",
}
