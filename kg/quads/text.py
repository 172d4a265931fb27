"""Quads as text: what the engine's own writer writes, without making quads first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg.quads.tokens import Token
from kg.quads.triples import Statement

TripleTokens = tuple[Token, Token, Token]


def triple_tokens(statements: Iterable[Statement]) -> dict[TripleTokens, None]:
    """Return triples as N-Triples write their terms, each once, in order.

    A term that comes again is written once; its token is then the same object everywhere.
    """
    # By identity: the list holds the terms, so none takes the place of another meanwhile.
    held = list(statements)
    tokens: dict[int, Token] = {}
    known = tokens.get
    found: dict[TripleTokens, None] = {}
    for s, p, o in held:
        subject = s if type(s) is str else known(id(s)) or tokens.setdefault(id(s), str(s))
        predicate = known(id(p)) or tokens.setdefault(id(p), str(p))
        value = o if type(o) is str else known(id(o)) or tokens.setdefault(id(o), str(o))
        found[subject, predicate, value] = None
    return found


def quad_tokens(quads: Iterable[Quad]) -> dict[TripleTokens, None]:
    """Return the triples of quads as N-Triples write their terms, each once, in order."""
    return dict.fromkeys([(str(q.subject), str(q.predicate), str(q.object)) for q in quads])


def nquads(tokens: Iterable[TripleTokens], graph: NamedNode) -> bytes:
    """Return triples of one graph as lines of N-Quads."""
    end = f" {graph} .\n"
    return "".join([f"{s} {p} {o}{end}" for s, p, o in tokens]).encode()


def quads(tokens: Iterable[TripleTokens], graph: NamedNode) -> Iterator[Quad]:
    """Return triples of one graph as the engine reads them."""
    return iter(parse(nquads(tokens, graph), format=RdfFormat.N_QUADS))
