"""Nodes and edges in the words of the Biolink Model, as KGX exchanges them.

Ids are CURIEs. Those of our own nodes have the prefix `trialkg`, and "~" where their IRI has a
slash, which kgx does not take in a CURIE; the IRI stands beside it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

import pyoxigraph as ox

from kg.export import biolink
from kg.export.edges import EDGE_ATTRIBUTES, Edge, kind_edges
from kg.export.network import all_edges, all_nodes
from kg.export.nodes import NODE_ATTRIBUTES, Node
from kg.export.values import Value, statements, values
from kg.iris import BASE, concept_curie, iri_keys
from kg.vocab import SKOS

_OURS, _SLASH = "trialkg", "~"
_OWN_NODE = tuple(name for name in NODE_ATTRIBUTES if name not in ("label", "notation"))
_OWN_EDGE = tuple(
    name for name in EDGE_ATTRIBUTES if name not in ("label", "kind", "quote", "confidence")
)
NODE_COLUMNS = ("id", "category", "name", "synonym", "xref", "iri", "provided_by", *_OWN_NODE)
EDGE_COLUMNS = (
    *("id", "subject", "predicate", "object", "category", "original_predicate"),
    *("knowledge_level", "agent_type", "primary_knowledge_source", "aggregator_knowledge_source"),
    *("supporting_text", "has_confidence_score", "clinical_trial", *_OWN_EDGE),
)

Row = Mapping[str, Value | Sequence[str]]


def node_rows(engine: ox.Store) -> Iterator[Row]:
    """Yield the nodes of a store."""
    return (_node_row(engine, node) for node in all_nodes(engine))


def edge_rows(engine: ox.Store) -> Iterator[Row]:
    """Yield the edges of a store, and each construct with each condition that it is tested for."""
    rows = chain(map(_edge_row, all_edges(engine)), _tested_rows(engine))
    for number, row in enumerate(rows):
        yield {"id": f"{_OURS}:edge{_SLASH}{number}", **row}


def curie(iri: str) -> str:
    """Return the id of a node: its CURIE in a vocabulary or registry, else one of our own."""
    node = ox.NamedNode(iri)
    match iri_keys(node):
        case ("trial", registry, registry_id):
            return f"{registry}:{registry_id}"
        case ():
            return concept_curie(node) or iri
    return f"{_OURS}:{iri.removeprefix(BASE).replace('/', _SLASH)}"


def _node_row(engine: ox.Store, node: Node) -> Row:
    stated = statements(engine, ox.NamedNode(node.id))
    category = biolink.ANTIGEN_CATEGORIES.get(str(node.attributes.get("antigen_kind")))
    own = curie(node.id)
    if own.startswith("MONDO:"):
        category = "biolink:Disease"
    return {
        "id": own,
        "category": [category or biolink.CATEGORIES[node.kind]],
        "name": node.label,
        "synonym": [str(name) for name in values(stated, SKOS.altLabel)],
        "xref": [str(one) for one in values(stated, SKOS.notation) if str(one) != own],
        "iri": node.id,
        "provided_by": [biolink.AGGREGATOR],
        "kind": node.kind,
        **{name: value for name, value in node.attributes.items() if name in _OWN_NODE},
    }


def _edge_row(edge: Edge) -> Row:
    knowledge = biolink.READ if edge.kind in biolink.READ_KINDS else biolink.STATED
    return _row(edge, biolink.PREDICATES[edge.kind], knowledge)


def _tested_rows(engine: ox.Store) -> Iterator[Row]:
    """Yield each construct with each condition of the trial that investigates it."""
    conditions: dict[str, list[str]] = defaultdict(list)
    for edge in kind_edges(engine, "condition"):
        if edge.target not in conditions[edge.source]:
            conditions[edge.source].append(edge.target)
    for edge in kind_edges(engine, "investigates"):
        for condition in conditions[edge.source]:
            tested = Edge(edge.target, "investigates", condition, {})
            row = _row(tested, biolink.TESTED, biolink.READ)
            yield {**row, "clinical_trial": curie(edge.source)}


def _row(edge: Edge, predicate: str, knowledge: biolink.Knowledge) -> Row:
    attributes = edge.attributes
    return {
        "subject": curie(edge.source),
        "predicate": predicate,
        "object": curie(edge.target),
        "category": ["biolink:Association"],
        "original_predicate": f"{'skos' if edge.kind == 'broader' else 'tkg'}:{edge.kind}",
        "knowledge_level": knowledge.level,
        "agent_type": knowledge.agent,
        "primary_knowledge_source": _source(edge.source),
        "aggregator_knowledge_source": [biolink.AGGREGATOR],
        "supporting_text": attributes.get("quote", ""),
        "has_confidence_score": attributes.get("confidence", ""),
        **{name: value for name, value in attributes.items() if name in _OWN_EDGE},
    }


def _source(iri: str) -> str:
    """Return the information resource behind what starts at a node."""
    keys = iri_keys(ox.NamedNode(iri))
    origin = keys[1] if keys[:1] == ("trial",) else curie(iri).partition(":")[0]
    return biolink.INFORMATION_RESOURCES.get(origin, biolink.AGGREGATOR)
