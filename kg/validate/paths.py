"""SHACL property paths over tokens."""

from __future__ import annotations

from collections.abc import Callable

from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.validate.checks import Inexpressible
from kg.validate.described import Described, Values
from kg.validate.tokens import Token, rdflib_token

Path = Callable[[Described, Token], Values]


def simple(path: Node | None) -> Token | None:
    """Return the token of a path that is one property, None for any other."""
    return rdflib_token(path) if isinstance(path, URIRef) else None


def compile_path(shapes: Graph, path: Node | None) -> Path:
    """Return a function from a node to its values, each once.

    Raises Inexpressible for paths of other kinds than properties, sequences, alternatives and the
    inverse of a property.
    """
    if isinstance(path, URIRef):
        return _forwards(rdflib_token(path))
    inverse = shapes.value(path, SH.inversePath)
    if isinstance(inverse, URIRef):
        return _backwards(rdflib_token(inverse))
    either = shapes.value(path, SH.alternativePath)
    if either is not None:
        return _either([compile_path(shapes, one) for one in Collection(shapes, either)])
    if path is not None and shapes.value(path, RDF.first) is not None:
        return _sequence([compile_path(shapes, one) for one in Collection(shapes, path)])
    raise Inexpressible(path)


def _forwards(name: Token) -> Path:
    return lambda graph, focus: graph.get(focus, {}).get(name, ())


def _backwards(name: Token) -> Path:
    return lambda graph, focus: graph.backwards(name).get(focus, ())


def _either(paths: list[Path]) -> Path:
    def values(graph: Described, focus: Token) -> Values:
        return list(dict.fromkeys(one for path in paths for one in path(graph, focus)))

    return values


def _sequence(paths: list[Path]) -> Path:
    def values(graph: Described, focus: Token) -> Values:
        reached: Values = [focus]
        for path in paths:
            reached = list(dict.fromkeys(one for node in reached for one in path(graph, node)))
        return reached

    return values
