"""Reads ontology/, classifies it and writes the constants of kg/vocab.py from it."""

from kg.ontology.constants import vocab_source, write_vocab
from kg.ontology.files import load_classified, load_ontology, ontology_digest, ontology_triples
from kg.ontology.reason import (
    classified_source,
    classify,
    state_all_different,
    write_classified,
)
from kg.ontology.terms import code_lists, own_base, own_terms, registry_codes, vocabularies

__all__ = [
    "classified_source",
    "classify",
    "code_lists",
    "load_classified",
    "load_ontology",
    "ontology_digest",
    "ontology_triples",
    "own_base",
    "own_terms",
    "registry_codes",
    "state_all_different",
    "vocab_source",
    "vocabularies",
    "write_classified",
    "write_vocab",
]
