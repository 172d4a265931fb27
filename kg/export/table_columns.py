"""Columns of flat tables: of which type they are, and how they are read off a node."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import polars as pl
from pyoxigraph import Literal, NamedNode

from kg.export.values import Statements, Term
from kg.iris import concept_curie, iri_keys
from kg.query.triples import plain
from kg.vocab import PREFIXES

Cell = str | int | float | bool | dt.date | list[str] | None


class Column(NamedTuple):
    """A column: its type, and its value at a node of which these statements are made."""

    dtype: Any
    value: Callable[[NamedNode, Statements], Cell]


def text(predicate: NamedNode) -> Column:
    """Return the column of the first value of a property."""
    return Column(pl.String(), lambda _, stated: _first(stated, predicate))


def texts(predicate: NamedNode) -> Column:
    """Return the column of all values of a property, sorted."""
    return Column(
        pl.List(pl.String()),
        lambda _, stated: sorted(_name(term) for term in stated.get(predicate, ())),
    )


def _typed(predicate: NamedNode, kind: type, dtype: Any) -> Column:  # noqa: ANN401 - of polars
    def value(_: NamedNode, stated: Statements) -> Cell:
        found = (plain(term) for term in stated.get(predicate, ()) if isinstance(term, Literal))
        return next((kind(one) for one in found if not isinstance(one, str)), None)

    return Column(dtype, value)


def integer(predicate: NamedNode) -> Column:
    """Return the column of a whole number."""
    return _typed(predicate, int, pl.Int64())


def number(predicate: NamedNode) -> Column:
    """Return the column of a number."""
    return _typed(predicate, float, pl.Float64())


def boolean(predicate: NamedNode) -> Column:
    """Return the column of true or false."""
    return _typed(predicate, bool, pl.Boolean())


def day(predicate: NamedNode) -> Column:
    """Return the column of a date."""

    def value(_: NamedNode, stated: Statements) -> Cell:
        found = (plain(term) for term in stated.get(predicate, ()) if isinstance(term, Literal))
        return next((one for one in found if isinstance(one, dt.date)), None)

    return Column(pl.Date(), value)


def _first(stated: Statements, predicate: NamedNode) -> str | None:
    return next((_name(term) for term in stated.get(predicate, ())), None)


def _name(term: Term) -> str:
    """Return a literal's text, the local name of a code, a concept's CURIE, the key of a node."""
    if not isinstance(term, NamedNode):
        return term.value if isinstance(term, Literal) else str(term)
    keys = iri_keys(term)
    if keys[:1] == ("trial",):
        return term.value
    if len(keys) > 1:
        return "/".join(keys[1:])
    return concept_curie(term) or term.value.removeprefix(PREFIXES["tkg"])


def _trial(node: NamedNode, _: Statements) -> str:
    return "/".join(node.value.split("/")[:_TRIAL_SEGMENTS])


# What a trial's IRI has before any part below it: scheme, host, base, kind, registry, id.
_TRIAL_SEGMENTS = 7
IRI = Column(pl.String(), lambda node, _: node.value)
KEY = Column(pl.String(), lambda node, _: _name(node))
TRIAL = Column(pl.String(), _trial)
