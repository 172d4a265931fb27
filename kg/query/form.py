"""Which form a SPARQL request has, and whether it names its own data set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kg.query.lexer import Token

QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATE_FORMS = (
    "INSERT",
    "DELETE",
    "LOAD",
    "CLEAR",
    "DROP",
    "CREATE",
    "ADD",
    "MOVE",
    "COPY",
    "WITH",
)
_PROLOGUE = ("BASE", "PREFIX", "VERSION")


class Form(NamedTuple):
    """`name` is one of the forms, or empty where the text begins with none.

    `dataset` is true where the text itself has FROM clauses.
    """

    name: str
    dataset: bool
    token: Token | None

    @property
    def graph(self) -> bool:
        """Whether the answer is a graph and not a table or a boolean."""
        return self.name in {"CONSTRUCT", "DESCRIBE"}

    @property
    def update(self) -> bool:
        """Whether the text would change data."""
        return self.name in UPDATE_FORMS


def form_of(tokens: Iterable[Token]) -> Form:
    """Return the form of a request; keywords may stand without white space behind them."""
    outside = (token for token in tokens if token.depth == 0)
    first = _behind_prologue(outside)
    name = "" if first is None else _starts(first, (*QUERY_FORMS, *UPDATE_FORMS))
    if not name:
        return Form("", False, first)
    everything = False
    for token in outside:
        if token.text == "{":
            break
        everything = everything or token.text == "*"
        if _is_from(token, described=name == "DESCRIBE" and not everything):
            return Form(name, True, first)
    return Form(name, False, first)


def _behind_prologue(outside: Iterator[Token]) -> Token | None:
    for token in outside:
        if token.kind not in {"word", "name"}:
            return token
        declares = _starts(token, _PROLOGUE)
        if not declares:
            return token
        if declares == "PREFIX" and token.kind == "word":
            next(outside, None)
        next(outside, None)
    return None


def _starts(token: Token, keywords: tuple[str, ...]) -> str:
    text = token.text.upper()
    return next((keyword for keyword in keywords if text.startswith(keyword)), "")


def _is_from(token: Token, *, described: bool) -> bool:
    if token.kind == "word":
        return token.text.upper().startswith("FROM")
    # `DESCRIBE from:x` names a resource; everywhere else the name can only follow FROM.
    return token.kind == "name" and not described and token.text.upper().startswith("FROM")
