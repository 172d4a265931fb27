"""SHACL: what is wrong with a record, a file or the store, in words."""

from __future__ import annotations

from kg.validate.described import Described
from kg.validate.shacl import (
    Report,
    Violation,
    load_shapes,
    validate_graph,
    validate_quads,
    validate_turtle,
    without_collection,
)
from kg.validate.terms import rdflib_term
from kg.validate.tokens import TripleTokens
from kg.validate.whole import (
    left_to_reference,
    validate_described,
    validate_store,
    validate_tokens,
)

__all__ = [
    "Described",
    "Report",
    "TripleTokens",
    "Violation",
    "left_to_reference",
    "load_shapes",
    "rdflib_term",
    "validate_described",
    "validate_graph",
    "validate_quads",
    "validate_store",
    "validate_tokens",
    "validate_turtle",
    "without_collection",
]
