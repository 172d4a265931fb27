"""Classifies the ontology with HermiT and writes down what it found.

Needs Java. Nothing that installs, builds or serves a graph calls this: the hierarchy stands in
ontology/, and the rules of kg/infer.py read it from there.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import OntologyError
from kg.ontology.files import CLASSIFIED, load_ontology
from kg.ontology.terms import own_base
from kg.resources import ONTOLOGY

_MEGABYTES_OF_JAVA = 1000


def classify(facts: Graph | None = None, folder: Path = ONTOLOGY) -> Graph:
    """Return the subclass and type triples that follow from the ontology and are not stated in it.

    `facts` are triples about individuals to reason over together with it. Raises OntologyError
    where both together are inconsistent, where a class can have no member, and without Java.
    """
    stated = load_ontology(folder)
    for triple in facts or ():
        stated.add(triple)
    found = Graph(bind_namespaces="none")
    for triple in _entailed(stated):
        if triple not in stated:
            found.add(triple)
    return found


def state_all_different(graph: Graph, individuals: Iterable[URIRef]) -> None:
    """Add the axiom that no two of these individuals are the same."""
    axiom, members = BNode(), BNode()
    distinct: list[Node] = [*sorted(individuals)]
    Collection(graph, members, distinct)
    graph.add((axiom, RDF.type, OWL.AllDifferent))
    graph.add((axiom, OWL.distinctMembers, members))


def classified_source(folder: Path = ONTOLOGY) -> str:
    """Return the classified hierarchy as Turtle, one triple a line, sorted."""
    base = own_base(folder)
    lines = sorted(
        f"tkg:{str(s).removeprefix(base)} {_VERBS[p]} tkg:{str(o).removeprefix(base)} .\n"
        for s, p, o in classify(folder=folder)
    )
    return (
        "# What HermiT infers from the other files: superclasses that are not stated there.\n\n"
        f"@prefix rdfs: <{RDFS}> .\n@prefix tkg: <{base}> .\n\n{''.join(lines)}"
    )


_VERBS: dict[Node, str] = {RDFS.subClassOf: "rdfs:subClassOf", RDF.type: "a"}


def write_classified(folder: Path = ONTOLOGY) -> Path:
    """Classify the ontology, write the hierarchy beside it and return where it is."""
    path = folder / CLASSIFIED
    path.write_text(classified_source(folder), encoding="utf-8")
    return path


def _entailed(graph: Graph) -> Iterator[tuple[URIRef, URIRef, URIRef]]:
    world = _reasoned(graph)
    for subject in world.classes():
        for above in subject.ancestors():
            if above.iri not in (subject.iri, str(OWL.Thing)):
                yield URIRef(subject.iri), RDFS.subClassOf, URIRef(above.iri)
        for individual in subject.instances(world=world):
            yield URIRef(individual.iri), RDF.type, URIRef(subject.iri)


def _reasoned(graph: Graph) -> Any:  # noqa: ANN401  owlready2 has no types
    if shutil.which("java") is None:
        raise OntologyError("HermiT needs Java, and there is no java on the path: install a JRE")
    import owlready2  # type: ignore[import-untyped,unused-ignore]

    owlready2.reasoning.JAVA_MEMORY = _MEGABYTES_OF_JAVA
    world = owlready2.World()
    # owlready2 takes Turtle for N-Triples without an error, so it is given N-Triples
    triples = _logical(graph).serialize(format="nt").encode()
    world.get_ontology(own_base()).load(fileobj=BytesIO(triples))
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError as error:
        raise OntologyError("HermiT finds the ontology, with these facts, inconsistent") from error
    impossible = sorted(one.iri for one in world.inconsistent_classes())
    if impossible:
        raise OntologyError(f"no individual can belong to {', '.join(impossible)}")
    return world


def _logical(graph: Graph) -> Graph:
    """Leave out what HermiT has no use for: labels, definitions, mappings, concept schemes."""
    annotations = set(graph.subjects(RDF.type, OWL.AnnotationProperty))
    reasoned_over = (str(OWL), own_base())
    kept = Graph(bind_namespaces="none")
    for s, p, o in graph:
        known = p in _LOGICAL or str(p).startswith(reasoned_over)
        if p == RDF.type:
            known = str(o).startswith(reasoned_over)
        if known and p not in annotations:
            kept.add((s, p, o))
    return kept


_LOGICAL = frozenset((RDF.first, RDF.rest, RDFS.subClassOf, RDFS.subPropertyOf, RDFS.range))
