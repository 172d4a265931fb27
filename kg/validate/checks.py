"""Constraints of SHACL as functions that tell at a glance that a node surely conforms.

A check may err in one direction only: where it is not certain that pyshacl finds nothing, it says
no, and pyshacl is asked. What no check here expresses is left to pyshacl altogether.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Container, Iterable, Sequence
from decimal import Decimal
from functools import partial

from rdflib import SH, XSD
from rdflib.term import Node

from kg.validate.described import Described, Values
from kg.validate.tokens import (
    Token,
    amount,
    is_iri,
    is_plain,
    rdflib_token,
    well_typed,
    written,
)

ValueCheck = Callable[[Token], bool]
NodeCheck = Callable[[Described, Token, Values], bool]

_DAY = re.compile(r'"[0-9]{4}-[0-9]{2}-[0-9]{2}')
_DATE = re.compile(rf'"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"\^\^{re.escape(rdflib_token(XSD.date))}')


def _is_day(text: str) -> bool:
    if _DAY.fullmatch(text) is None:
        return False
    try:
        dt.date.fromisoformat(text[1:])
    except ValueError:
        return False
    return True


_USUAL: dict[Node, Callable[[str], object]] = {
    XSD.integer: re.compile(r'"-?[0-9]{1,18}').fullmatch,
    XSD.decimal: re.compile(r'"-?[0-9]{1,9}(?:\.[0-9]{1,9})?').fullmatch,
    XSD.date: _is_day,
}
_KINDS: dict[Node, str] = {SH.Literal: '"', SH.BlankNode: "_"}


class Inexpressible(Exception):  # noqa: N818 - no error: pyshacl checks the shape then
    """A shape says something for which there is no check."""


def of_datatype(wanted: Node) -> ValueCheck:
    """Check sh:datatype."""
    if wanted == XSD.string:
        return is_plain
    ending = f'"^^{rdflib_token(wanted)}'
    # Numbers and dates as they are mostly written need no second look.
    usual = _USUAL.get(wanted)
    if usual is not None:
        return lambda one: (
            one.endswith(ending) and (bool(usual(one[: -len(ending)])) or well_typed(one))
        )
    return lambda one: one.endswith(ending) and well_typed(one)


def of_kind(kind: Node) -> ValueCheck:
    """Check sh:nodeKind, one kind."""
    if kind == SH.IRI:
        return is_iri
    if kind not in _KINDS:
        raise Inexpressible(kind)
    first = _KINDS[kind]
    return lambda one: one[0] == first


def matching(pattern: Node) -> ValueCheck:
    """Check sh:pattern without flags on IRIs and literals."""
    search = re.compile(str(pattern)).search

    def check(one: Token) -> bool:
        text = written(one)
        return text is not None and search(text) is not None

    return check


def at_least_long(length: Node) -> ValueCheck:
    """Check sh:minLength on IRIs and literals."""
    shortest = int(str(length))
    if shortest == 1:
        return is_written

    def check(one: Token) -> bool:
        text = written(one)
        return text is not None and len(text) >= shortest

    return check


def is_written(one: Token) -> bool:
    """Return whether an IRI or a literal is not empty."""
    if is_plain(one):
        return len(one) > 2
    return bool(written(one))


def is_text(one: Token) -> bool:
    """Return whether a token is a string without language that is not empty."""
    return one[-1] == '"' and one[0] == '"' and len(one) > 2


def not_below(limit: Node) -> ValueCheck:
    """Check sh:minInclusive of a number."""
    least = _limit(limit)
    return lambda one: (stated := amount(one)) is not None and stated >= least


def not_above(limit: Node) -> ValueCheck:
    """Check sh:maxInclusive of a number."""
    most = _limit(limit)
    return lambda one: (stated := amount(one)) is not None and stated <= most


def one_of(members: Iterable[Node]) -> ValueCheck:
    """Check sh:in."""
    return frozenset(map(rdflib_token, members)).__contains__


def instance_of(name: Node) -> NodeCheck:
    """Check sh:class in a graph that states no subclasses."""
    wanted = rdflib_token(name)

    def check(graph: Described, _focus: Token, values: Values) -> bool:
        return graph.instances(wanted).issuperset(values)

    return check


def with_value(value: Node) -> NodeCheck:
    """Check sh:hasValue."""
    wanted = rdflib_token(value)
    return lambda _graph, _focus, values: wanted in values


def disjoint_with(name: Node) -> NodeCheck:
    """Check sh:disjoint."""
    return partial(_disjoint, rdflib_token(name))


def _disjoint(other: Token, graph: Described, focus: Token, values: Values) -> bool:
    return not set(values).intersection(graph.get(focus, {}).get(other, ()))


def below(name: Node) -> NodeCheck:
    """Check sh:lessThan of numbers and dates."""
    return partial(_ordered, rdflib_token(name), strict=True)


def below_or_same(name: Node) -> NodeCheck:
    """Check sh:lessThanOrEquals of numbers and dates."""
    return partial(_ordered, rdflib_token(name), strict=False)


def _ordered(other: Token, graph: Described, focus: Token, values: Values, *, strict: bool) -> bool:
    return all(
        _before(one, than, strict=strict)
        for than in graph.get(focus, {}).get(other, ())
        for one in values
    )


def _before(one: Token, than: Token, *, strict: bool) -> bool:
    first, second = amount(one), amount(than)
    if first is not None and second is not None:
        return first < second or (not strict and first == second)
    if _DATE.fullmatch(one) and _DATE.fullmatch(than) and well_typed(one) and well_typed(than):
        return one < than or (not strict and one == than)
    return False


def qualified(members: frozenset[Token], least: int, most: int | None) -> NodeCheck:
    """Check how many values are among these IRIs: sh:qualifiedValueShape with sh:in alone."""

    def check(_graph: Described, _focus: Token, values: Values) -> bool:
        count = sum(one in members for one in values)
        return count >= least and (most is None or count <= most)

    return check


def _limit(limit: Node) -> Decimal:
    stated = amount(rdflib_token(limit))
    if stated is None:
        raise Inexpressible(limit)
    return stated


VALUE_CHECKS: dict[Node, Callable[..., ValueCheck]] = {
    SH.datatype: of_datatype,
    SH.nodeKind: of_kind,
    SH.pattern: matching,
    SH.minLength: at_least_long,
    SH.minInclusive: not_below,
    SH.maxInclusive: not_above,
}
NODE_CHECKS: dict[Node, Callable[..., NodeCheck]] = {
    SH["class"]: instance_of,
    SH.hasValue: with_value,
    SH.disjoint: disjoint_with,
    SH.lessThan: below,
    SH.lessThanOrEquals: below_or_same,
}


class Each:
    """A check of all values; short values that have passed once are remembered, but those `apart`.

    `surely` tells of one value, as fast as can be, that it passes; it may not know it of some.
    """

    __slots__ = ("_checks", "apart", "passed", "surely")

    def __init__(self, checks: Sequence[ValueCheck]) -> None:
        self._checks = _TEXT if {*checks} == {is_plain, is_written} else tuple(checks)
        self.passed: set[Token] = set()
        self.apart: Container[Token] = ()
        self.surely: ValueCheck = self.passed.__contains__
        match self._checks:
            case [check] if check in _QUICK:
                self.surely = check

    def __call__(self, values: Values) -> bool:
        """Return whether every value surely passes."""
        if not self._checks:
            return True
        passed = self.passed
        for one in values:
            if one in passed:
                continue
            for check in self._checks:
                if not check(one):
                    return False
            if len(one) < _SHORT and one not in self.apart:
                if len(passed) >= _MOST_REMEMBERED:
                    passed.clear()
                passed.add(one)
        return True


_SHORT = 90
_MOST_REMEMBERED = 1 << 14
_TEXT = (is_text,)
# Checks that take no longer than to look for what has passed.
_QUICK = frozenset((is_text, is_iri))
