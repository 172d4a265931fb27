"""Terms as N-Triples write them, the form in which whole registries are written and checked.

Equal tokens are equal terms, for an engine's term and for rdflib's alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox
from rdflib import XSD, Literal, URIRef
from rdflib.term import Node

from kg.validate.terms import rdflib_term

Token = str
TripleTokens = tuple[Token, Token, Token]

_ESCAPE = re.compile(r"\\(?:[tbnrf\"'\\]|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_LOOKED_INTO = frozenset(
    XSD[name]
    for name in ("string", "integer", "float", "decimal", "boolean", "date", "time", "dateTime")
)
_NUMBER = re.compile(
    rf'"(-?[0-9]+(?:\.[0-9]+)?)"\^\^<(?:{re.escape(str(XSD.integer))}|{re.escape(str(XSD.decimal))})>'
)


def rdflib_token(node: Node) -> Token:
    """Return a term of rdflib as N-Triples write it; blank nodes keep their names."""
    match node:
        case URIRef():
            return str(ox.NamedNode(str(node)))
        case Literal() if node.language:
            return str(ox.Literal(str(node), language=node.language))
        case Literal() if node.datatype:
            return str(ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))))
        case Literal():
            return str(ox.Literal(str(node)))
        case _:
            return f"_:{node}"


def is_iri(one: Token) -> bool:
    """Return whether a token is an IRI; that of a quoted triple begins with two brackets."""
    return one[0] == "<" and one[1] != "<"


def is_plain(one: Token) -> bool:
    """Return whether a token is a string without language."""
    return one[0] == '"' and one[-1] == '"'


def written(one: Token) -> str | None:
    """Return the text of an IRI or of a literal, None for any other term."""
    if one[0] == '"':
        text = one[1 : one.rindex('"')]
        return _ESCAPE.sub(_unescaped, text) if "\\" in text else text
    return one[1:-1] if is_iri(one) else None


@lru_cache(maxsize=1 << 16)
def amount(one: Token) -> Decimal | None:
    """Return a whole or decimal number, None for any other term."""
    found = _NUMBER.fullmatch(one)
    return Decimal(found[1]) if found else None


@lru_cache(maxsize=1 << 16)
def well_typed(one: Token) -> bool:
    """Return whether a literal surely has a value of its datatype, as rdflib reads it.

    Of datatypes that it does not look into, pyshacl takes everything that rdflib does not refuse.
    """
    literal = rdflib_term(parse_term(one))
    if not isinstance(literal, Literal) or literal.ill_typed:
        return False
    return literal.value is not None or literal.datatype not in _LOOKED_INTO


def parse_term(one: Token) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    """Return the term of a token."""
    line = f"<a:s> <a:p> {one} .\n"
    (quad,) = ox.parse(line, format=ox.RdfFormat.N_TRIPLES)
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple = quad.object
    return term


def parse_triples(triples: Iterable[TripleTokens]) -> Iterable[ox.Quad]:
    """Return the triples of tokens."""
    lines = "".join(f"{s} {p} {o} .\n" for s, p, o in triples)
    return ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _PLAIN[found[0][1]]
