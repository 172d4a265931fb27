"""The tokens of a SPARQL text, read as the engine reads them.

A guard that reads differently from the engine can be talked past, so three habits of the engine are
followed here. A keyword needs no boundary: `SERVICEx:y{` calls the service x:y. Inside an
expression a `<` behind an operand compares, so that `?a<?b)SERVICE#>` holds no IRI. And a local
name goes over one run of dots only: `x:a.b.SERVICE` is x:a.b, the end of a triple, and a call.
Grammar: section 19.8 of SPARQL 1.1 Query Language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kg.errors import QueryError

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
# A bound keeps the reading linear; what is longer reads as words, and these are looked at too.
_LONGEST_PREFIX = 128
_FIRST = f"[{_BASE}_]"
_CHAR = f"[{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040-]"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL_FIRST = f"(?:{_FIRST}|[:0-9]|{_ESCAPED})"
_LOCAL_CHAR = f"(?:{_CHAR}|:|{_ESCAPED})"

_TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<string>'''(?:'{{0,2}}+(?:[^'\\]|\\.))*+'''
        |\"\"\"(?:"{{0,2}}+(?:[^"\\]|\\.))*+\"\"\"
        |'(?:[^'\\\r\n]|\\.)*+'|"(?:[^"\\\r\n]|\\.)*+")
    | (?P<variable>[?$](?:{_FIRST}|[0-9])(?:(?!-){_CHAR})*+)
    | (?P<node>_:(?:{_FIRST}|[0-9])(?:\.*+{_CHAR})*)
    | (?P<name>(?:[{_BASE}](?:\.{{0,8}}{_CHAR}){{0,{_LONGEST_PREFIX}}})?:
        (?:{_LOCAL_FIRST}{_LOCAL_CHAR}*+(?:\.++{_LOCAL_CHAR}++)?+)?)
    | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*(?:--[a-z]++)?)
    | (?P<number>(?:[0-9]++\.[0-9]*+(?=[eE])|\.?[0-9]++(?=[eE][+-]?[0-9]))[eE][+-]?[0-9]++
        |[0-9]*\.[0-9]++|[0-9]++)
    | (?P<word>[A-Za-z_][A-Za-z0-9_]*+)
    | (?P<mark>\^\^|\|\||&&|[(){{}}\[\].;,/|^*+?!=<>&~-])
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERANDS = frozenset({"iri", "string", "variable", "name", "tag", "number"})
_NO_FUNCTION = frozenset({"A", "VALUES", "UNDEF", "WHERE", "TRUE", "FALSE"})


class Token(NamedTuple):
    """One token: `depth` brackets are open before it; `within` says what the innermost one is."""

    kind: str
    text: str
    offset: int
    depth: int
    within: str


class Bracket(NamedTuple):
    """An open bracket: `within` is expression, list, pattern, data or head."""

    mark: str
    within: str


def position(text: str, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens without white space and comments.

    Raises QueryError at the first character that can begin no token; linear in the text.
    """
    brackets: list[Bracket] = []
    state = _State()
    offset = 0
    while offset < len(text):
        within = brackets[-1].within if brackets else "head"
        if within == "expression" and text[offset] == "<" and state.operand:
            kind, found = "mark", "<"
        else:
            kind, found = _match(text, offset)
        if kind != "space":
            if found in _CLOSERS and kind == "mark":
                _close(brackets, found)
            yield Token(kind, found, offset, len(brackets), within)
            if found in _OPENERS and kind == "mark":
                brackets.append(Bracket(found, state.opened(found, within)))
            elif kind == "word" and found.upper() == "SELECT" and brackets:
                brackets[-1] = Bracket(brackets[-1].mark, "head")
            state.read(kind, found)
        offset += len(found)


_OPENERS = frozenset("({[")
_CLOSERS = {")": "(", "}": "{", "]": "["}


class _State:
    """What the next bracket or `<` means, after the tokens so far."""

    def __init__(self) -> None:
        self.operand = False
        self.function = False
        self.expression = False
        self.data = False

    def opened(self, mark: str, within: str) -> str:
        """Return what the bracket that opens now holds."""
        if mark == "{":
            return "data" if self.data or within == "data" else "pattern"
        if mark == "[":
            return "pattern" if within != "data" else "data"
        if within in {"expression", "head"} or self.function or self.expression:
            return "expression"
        return "list" if within != "data" else "data"

    def read(self, kind: str, found: str) -> None:
        """Take note of a token."""
        upper = found.upper() if kind == "word" else ""
        self.operand = kind in _OPERANDS or found == ")" or upper in {"TRUE", "FALSE"}
        self.function = kind == "word" and upper not in _NO_FUNCTION
        if found in "({" and kind == "mark":
            self.expression = False
            self.data = self.data and found == "("
        elif upper in {"FILTER", "HAVING", "BY"}:
            self.expression = True
        elif upper.endswith(("VALUES", "DATA")):
            self.data = True


def _match(text: str, offset: int) -> tuple[str, str]:
    found = _TOKEN.match(text, offset)
    if found is None or found.lastgroup is None:
        line, column = position(text, offset)
        character = text[offset]
        what = "this string does not end" if character in "'\"" else "no token begins so"
        raise QueryError(
            f"line {line}, column {column}: {what}: {text[offset : offset + 20]!r}",
            kind="syntax",
            line=line,
            column=column,
            offset=offset,
            token=character,
        )
    return found.lastgroup, found.group()


def _close(brackets: list[Bracket], mark: str) -> None:
    # A stray closer is left for the engine, which says better what it expected.
    if brackets and brackets[-1].mark == _CLOSERS[mark]:
        brackets.pop()
