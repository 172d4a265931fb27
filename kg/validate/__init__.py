"""SHACL: what is wrong with a record, a file or the store, in words."""

from __future__ import annotations

from kg.validate.shacl import (
    Report,
    Violation,
    load_shapes,
    rdflib_term,
    validate_graph,
    validate_quads,
    validate_store,
    validate_turtle,
)

__all__ = [
    "Report",
    "Violation",
    "load_shapes",
    "rdflib_term",
    "validate_graph",
    "validate_quads",
    "validate_store",
    "validate_turtle",
]
