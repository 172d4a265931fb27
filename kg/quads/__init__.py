"""Records, lexicon and ontology as quads: the only place where records become RDF."""

from __future__ import annotations

from kg.quads.dropped import dropped_fields
from kg.quads.lexicon import lexicon_quads
from kg.quads.ontology import ontology_quads
from kg.quads.provenance import RecordGraph
from kg.quads.record import record_nodes, record_quads

# Raised whenever a record is stated in another way.
RELEASE = "1"

__all__ = [
    "RELEASE",
    "RecordGraph",
    "dropped_fields",
    "lexicon_quads",
    "ontology_quads",
    "record_nodes",
    "record_quads",
]
