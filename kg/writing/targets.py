"""Which graphs a request may write to a published data set: those of users."""

from __future__ import annotations

from collections.abc import Iterable

from kg.errors import QueryError
from kg.iris import USER_GRAPHS, is_user_graph
from kg.query.guard import refused
from kg.query.lexer import Token
from kg.query.update import Operation, Update, targets


def check_targets(update: Update) -> None:
    """Raise QueryError for an operation that would write anything but a graph of users."""
    for operation in update.operations:
        for target in targets(operation):
            if not is_user_graph(target.iri):
                raise refused(update.text, target.token, "graph", *_elsewhere(target.iri))
        _check_where(update.text, operation)


def check_graph(graph: str) -> None:
    """Raise QueryError for a graph that is none of users."""
    if not is_user_graph(graph):
        raise QueryError(_elsewhere(graph)[0], kind="graph", hint=_elsewhere(graph)[1])


def _elsewhere(iri: str) -> tuple[str, str]:
    what = f"<{iri[:200]}>" if iri else "the default graph, a variable, or all graphs at once"
    return (
        f"{what} cannot be written here: only graphs under {USER_GRAPHS} can",
        f"name the graph, in full: GRAPH <{USER_GRAPHS}name>",
    )


def _check_where(text: str, operation: Operation) -> None:
    """Refuse a pattern that would silently find nothing: the default graph itself is empty."""
    words = operation.words
    where = next((t for t in operation.outside() if t.text.upper() == "WHERE"), None)
    if where is None or {"USING", "WITH"} & set(words):
        return
    pattern = [token for token in operation.tokens if token.offset > where.offset]
    if _states(pattern) and not any(token.text.upper() == "GRAPH" for token in pattern):
        message = "the WHERE of an update reads the default graph, which holds nothing here"
        hint = "name graphs: USING <…>, GRAPH ?g { … }, or using-graph-uri of the request"
        raise refused(text, where, "request", message, hint)


def _states(pattern: Iterable[Token]) -> bool:
    return any(token.kind in {"variable", "iri", "name"} for token in pattern)
