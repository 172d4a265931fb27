"""Quads as text: what the engine's own writer writes, without making quads first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from kg import vocab
from kg.quads.tokens import Token
from kg.quads.triples import Statement

TripleTokens = tuple[Token, Token, Token]
Nodes = dict[Token, dict[Token, list[Token]]]
"""The values of each property of each node, each value once, as N-Triples write them."""
Described = Mapping[Token, Mapping[Token, Sequence[Token]]]

# The terms of the vocabularies live as long as the process, so that identity finds them.
_VOCABULARY = {
    id(term): str(term)
    for space in vars(vocab).values()
    if isinstance(space, type)
    for term in vars(space).values()
    if isinstance(term, NamedNode)
}


def nodes(statements: Iterable[Statement]) -> Nodes:
    """Return what is stated of each node, each value once, in order."""
    known = _VOCABULARY.get
    found: Nodes = {}
    several: list[list[Token]] = []
    last: NamedNode | Token | None = None
    said: dict[Token, list[Token]] = {}
    for s, p, o in statements:
        # Statements of one node mostly come one after another.
        if s is not last:
            last = s
            said = found.setdefault(s if type(s) is str else str(s), {})
        name = known(id(p)) or str(p)
        value = o if type(o) is str else known(id(o)) or str(o)
        values = said.get(name)
        if values is None:
            said[name] = [value]
        else:
            if len(values) == 1:
                several.append(values)
            values.append(value)
    for values in several:
        if len(set(values)) < len(values):
            values[:] = dict.fromkeys(values)
    return found


def quad_tokens(quads: Iterable[Quad]) -> Iterator[TripleTokens]:
    """Yield the triples of quads as N-Triples write their terms."""
    return ((str(q.subject), str(q.predicate), str(q.object)) for q in quads)


def nquads(described: Described, graph: NamedNode) -> bytes:
    """Return what one graph says as lines of N-Quads."""
    end = f" {graph} .\n"
    lines = [
        f"{node} {name} {value}{end}"
        for node, said in described.items()
        for name, values in said.items()
        for value in values
    ]
    return "".join(lines).encode()


def quads(described: Described, graph: NamedNode) -> Iterator[Quad]:
    """Return what one graph says as the engine reads it."""
    return iter(parse(nquads(described, graph), format=RdfFormat.N_QUADS))
