"""The ontology as quads."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from kg.errors import OntologyError
from kg.iris import named_graph, skolem_iri
from kg.ontology import ontology_triples
from kg.resources import ONTOLOGY


def ontology_quads(folder: Path = ONTOLOGY) -> list[Quad]:
    """Return the ontology in its graph, blank nodes as IRIs that depend on what they hold.

    A store renames blank nodes whenever it loads a file, and equal builds would differ.
    """
    graph = named_graph("ontology")
    return [
        Quad(_subject(triple.subject), triple.predicate, _object(triple.object), graph)
        for triple in ontology_triples(folder)
    ]


def _object(term: NamedNode | BlankNode | Literal | Triple) -> NamedNode | Literal:
    return term if isinstance(term, Literal) else _subject(term)


def _subject(term: NamedNode | BlankNode | Triple) -> NamedNode:
    if isinstance(term, Triple):
        raise OntologyError(f"the ontology quotes a triple, which OWL 2 cannot: {term}")
    return skolem_iri(term.value) if isinstance(term, BlankNode) else term
