"""When two queries are the same query, and whether the same query has the same answer twice."""

from __future__ import annotations

import hashlib

from kg.query.job import Job
from kg.query.lexer import Token, tokens

_CHANGING = frozenset({"RAND", "NOW", "UUID", "STRUUID", "BNODE"})


def identity(asked: Job) -> str | None:
    """Return a digest of all that the bytes of an answer depend on besides the snapshot.

    White space and comments do not matter. None where the answer may differ from run to run,
    or is of another snapshot than the published one.
    """
    if asked.calls or asked.snapshot is not None:
        return None
    read = list(tokens(asked.query))
    if any(_changes(token, graph=asked.form.graph) for token in read):
        return None
    digest = hashlib.sha256()
    setting = (asked.format, str(asked.union), asked.base or "", *_dataset(asked))
    for part in (_normalised(read), *setting):
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()[:32]


def _changes(token: Token, *, graph: bool) -> bool:
    if token.kind == "word":
        # A keyword needs no boundary, so that SELECTRAND is a call as well.
        return token.text.upper().endswith(tuple(_CHANGING))
    # A template makes blank nodes, which have new labels each time.
    return graph and (token.kind == "node" or token.text in {"[", "("})


def _normalised(read: list[Token]) -> str:
    parts: list[str] = []
    end = 0
    for token in read:
        if token.offset > end and parts:
            parts.append(" ")
        parts.append(token.text)
        end = token.offset + len(token.text)
    return "".join(parts)


def _dataset(asked: Job) -> list[str]:
    default = sorted(set(asked.default_graphs))
    named = sorted(set(asked.named_graphs))
    return [str(len(default)), *default, *named]
