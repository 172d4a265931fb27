"""What the files of ontology/ hold: graphs, a digest, triples for the store."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import OntologyError
from kg.resources import ONTOLOGY

CLASSIFIED = "classified.ttl"
VOCABULARIES = "vocabularies.tsv"


def load_ontology(folder: Path = ONTOLOGY) -> Graph:
    """Parse every Turtle file of the ontology but the classified hierarchy into one graph."""
    graph = Graph(bind_namespaces="none")
    paths = sorted(path for path in folder.glob("*.ttl") if path.name != CLASSIFIED)
    if not paths:
        raise OntologyError(f"{folder} holds no Turtle file: reinstall, or name the folder")
    for path in paths:
        _parse(graph, path)
    return graph


def load_classified(folder: Path = ONTOLOGY) -> Graph:
    """Parse the hierarchy that `classify` found and that stands in the repository."""
    graph = Graph(bind_namespaces="none")
    _parse(graph, folder / CLASSIFIED)
    return graph


def _parse(graph: Graph, path: Path) -> None:
    try:
        graph.parse(path, format="turtle")
    except (OSError, SyntaxError, ValueError) as error:
        raise OntologyError(f"{path} is no Turtle: {error}") from error


def ontology_digest(folder: Path = ONTOLOGY) -> str:
    """Return a digest that changes with any byte of the ontology, the hierarchy included."""
    digest = hashlib.sha256()
    for path in sorted([*folder.glob("*.ttl"), folder / VOCABULARIES]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def ontology_triples(folder: Path = ONTOLOGY) -> list[ox.Triple]:
    """Return what the graph says of its terms, classified hierarchy included, sorted.

    Blank nodes are named by what they hold and where they hang, so that equal files give equal
    triples.
    """
    graph = load_ontology(folder)
    for triple in load_classified(folder):
        graph.add(triple)
    names = _blank_names(graph)
    made = {
        ox.Triple(_term(s, names), _term(p, names), _term(o, names))  # type: ignore[arg-type]
        for s, p, o in graph
    }
    return sorted(made, key=str)


def _term(node: Node, names: Mapping[BNode, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(node, BNode):
        return ox.BlankNode(names[node])
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(
            str(node), datatype=ox.NamedNode(node.datatype) if node.datatype else None
        )
    return ox.NamedNode(str(node))


def _blank_names(graph: Graph) -> dict[BNode, str]:
    """Name blank nodes from their root down; in OWL they form trees."""
    names: dict[BNode, str] = {}

    def name(node: BNode, place: str) -> None:
        names[node] = hashlib.sha256(f"{place} {_content(graph, node)}".encode()).hexdigest()[:24]
        descend(node, names[node])

    def descend(subject: Node, place: str) -> None:
        for predicate, value in graph.predicate_objects(subject):
            if isinstance(value, BNode):
                name(value, f"{place} {predicate}")

    for subject in set(graph.subjects()):
        if isinstance(subject, URIRef):
            descend(subject, str(subject))
        elif isinstance(subject, BNode) and next(graph.subjects(None, subject), None) is None:
            name(subject, "")
    return names


def _content(graph: Graph, node: BNode) -> str:
    held = sorted(
        f"{predicate.n3()} {_content(graph, value) if isinstance(value, BNode) else value.n3()}"
        for predicate, value in graph.predicate_objects(node)
    )
    return f"[{'; '.join(held)}]"
