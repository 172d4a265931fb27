"""Quads as text: what the engine's own writer writes, without making quads first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import vocab
from kg.quads.tokens import Token
from kg.quads.triples import Statement

TripleTokens = tuple[Token, Token, Token]

# The terms of the vocabularies live as long as the process, so that identity finds them.
_VOCABULARY = {
    id(term): str(term)
    for space in vars(vocab).values()
    if isinstance(space, type)
    for term in vars(space).values()
    if isinstance(term, NamedNode)
}


def triple_tokens(statements: Iterable[Statement]) -> dict[TripleTokens, None]:
    """Return triples as N-Triples write their terms, each once, in order."""
    known = _VOCABULARY.get
    found: dict[TripleTokens, None] = {}
    for s, p, o in statements:
        subject = s if type(s) is str else str(s)
        value = o if type(o) is str else known(id(o)) or str(o)
        found[subject, known(id(p)) or str(p), value] = None
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
