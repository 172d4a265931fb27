"""The engine's complaint about a query, in words that help.

The engine gives the position in the text of its message only, and buries an unknown prefix among
ranges of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import pairwise

from kg.errors import QueryError
from kg.query.lexer import Token, position, tokens

_POSITION = re.compile(r"error at (\d+):(\d+): ?(.*)", re.DOTALL)
_RANGES = re.compile(r"\[[^\]]*?(?:'[^']*'|_)[^\]]*\](?:,\s*)?")
# "Any character" is expected by the rule that nothing may follow: it fails one too far.
_BEYOND = "[_]"
_LONGEST_MESSAGE = 300


def syntax_error(text: str, message: str, prefixes: Mapping[str, str]) -> QueryError:
    """Return the error that tells where a query is wrong and what to try."""
    read = _tokens(text)
    unknown = _unknown_prefix(read, prefixes)
    if unknown is not None:
        return _prefix_error(text, unknown, read, prefixes)
    unbalanced = _unbalanced(read)
    if unbalanced is not None:
        return _bracket_error(text, *unbalanced)
    found = _POSITION.search(message)
    if found is None:
        return QueryError(_short(message), kind="syntax")
    offset = _offset(text, int(found[1]), int(found[2]))
    if _BEYOND in found[3]:
        offset = max(0, offset - 1)
    token = next((token for token in read if token.offset + len(token.text) > offset), None)
    place = len(text) if token is None else token.offset
    line, column = position(text, place)
    there = "at the end" if token is None else f"at {token.text[:40]!r}"
    return QueryError(
        f"line {line}, column {column}, {there}: {_short(found[3])}",
        kind="syntax",
        line=line,
        column=column,
        offset=place,
        token=None if token is None else token.text[:80],
        hint="the query ends too early" if token is None else None,
    )


def _tokens(text: str) -> list[Token]:
    try:
        return list(tokens(text))
    except QueryError:
        return []


def _unknown_prefix(read: list[Token], prefixes: Mapping[str, str]) -> Token | None:
    known = _declared(read) | set(prefixes)
    names = (token for token in read if token.kind == "name")
    return next((token for token in names if _prefix(token) not in known), None)


def _declared(read: list[Token]) -> set[str]:
    apart = {_prefix(name) for word, name in pairwise(read) if word.text.upper() == "PREFIX"}
    glued = (_prefix(token) for token in read if token.kind == "name" and not token.depth)
    return apart | {name[6:] for name in glued if name.upper().startswith("PREFIX")}


def _prefix(token: Token) -> str:
    return token.text.partition(":")[0]


def _prefix_error(
    text: str, token: Token, read: list[Token], prefixes: Mapping[str, str]
) -> QueryError:
    prefix = _prefix(token)
    line, column = position(text, token.offset)
    return QueryError(
        f"line {line}, column {column}: the prefix {prefix + ':'!r} is not declared",
        kind="syntax",
        line=line,
        column=column,
        offset=token.offset,
        token=token.text[:80],
        hint=_prefix_hint(prefix, sorted({*prefixes, *_declared(read)})),
    )


def _prefix_hint(prefix: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(prefix, names, n=1, cutoff=0.5)
    listed = ", ".join(f"{name}:" for name in names)
    return f"did you mean {near[0]}: ? Known are {listed}" if near else f"known are {listed}"


def _unbalanced(read: list[Token]) -> tuple[Token, Token | None] | None:
    """Return a bracket that does not match and, for a closing one, what it should have closed."""
    opened: list[Token] = []
    for token in read:
        if token.kind != "mark" or token.text not in "(){}[]":
            continue
        if token.text in "({[":
            opened.append(token)
        elif not opened or opened[-1].text + token.text not in {"()", "{}", "[]"}:
            return token, opened[-1] if opened else None
        else:
            opened.pop()
    return (opened[-1], None) if opened else None


def _bracket_error(text: str, token: Token, other: Token | None) -> QueryError:
    line, column = position(text, token.offset)
    if other is not None:
        there = position(text, other.offset)
        what = f"this {token.text!r} meets the {other.text!r} of line {there[0]}, column {there[1]}"
    elif token.text in "({[":
        what = f"this {token.text!r} is never closed"
    else:
        what = f"this {token.text!r} closes nothing"
    return QueryError(
        f"line {line}, column {column}: {what}",
        kind="syntax",
        line=line,
        column=column,
        offset=token.offset,
        token=token.text,
        hint="close brackets in the order in which they were opened",
    )


def _offset(text: str, line: int, column: int) -> int:
    lines = text.split("\n")
    return min(len(text), sum(len(before) + 1 for before in lines[: line - 1]) + column - 1)


def _short(message: str) -> str:
    words = " ".join(_RANGES.sub("", message).split()).rstrip(", ")
    if len(words) > _LONGEST_MESSAGE:
        words = words[:_LONGEST_MESSAGE].rsplit(" ", 1)[0].rstrip(",") + " …"
    return words or "this is not expected here"
