"""Quads as text: what the engine's own writer writes, without making quads first."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from kg.quads.triples import Triple

TripleTokens = tuple[str, str, str]


def triple_tokens(triples: Iterable[Triple]) -> dict[TripleTokens, None]:
    """Return triples as N-Triples write their terms, each once, in order.

    A term that comes again is written once; its token is then the same object everywhere.
    """
    # By identity: the list holds the terms, so none takes the place of another meanwhile.
    held = list(triples)
    tokens: dict[int, str] = {}
    known = tokens.get
    found: dict[TripleTokens, None] = {}
    for subject, predicate, value in held:
        s = known(id(subject)) or tokens.setdefault(id(subject), str(subject))
        p = known(id(predicate)) or tokens.setdefault(id(predicate), str(predicate))
        o = known(id(value)) or tokens.setdefault(id(value), str(value))
        found[s, p, o] = None
    return found


def quad_tokens(quads: Iterable[Quad]) -> dict[TripleTokens, None]:
    """Return the triples of quads as N-Triples write their terms, each once, in order."""
    return dict.fromkeys([(str(q.subject), str(q.predicate), str(q.object)) for q in quads])


def nquads(tokens: Iterable[TripleTokens], graph: NamedNode) -> bytes:
    """Return triples of one graph as lines of N-Quads."""
    end = f" {graph} .\n"
    return "".join([f"{s} {p} {o}{end}" for s, p, o in tokens]).encode()
