"""The terms that the ontology defines, its code lists, and the namespaces of the graph."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from rdflib import RDF, RDFS, SKOS, Graph, URIRef

from kg.errors import OntologyError
from kg.ontology.files import VOCABULARIES
from kg.resources import ONTOLOGY

OWN_PREFIX = "tkg"


class Vocabulary(NamedTuple):
    """A namespace: its prefix, the class of constants in kg/vocab.py ("" for none), its terms."""

    prefix: str
    constants: str
    base: str
    terms: tuple[str, ...]


def vocabularies(folder: Path = ONTOLOGY) -> tuple[Vocabulary, ...]:
    """Return the namespaces of the graph, in the order of their table."""
    with (folder / VOCABULARIES).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tuple(
        Vocabulary(
            row["prefix"],
            row["constants"],
            row["base"],
            tuple(term for term in row["terms"].split("|") if term),
        )
        for row in rows
    )


def own_terms(graph: Graph, folder: Path = ONTOLOGY) -> tuple[str, ...]:
    """Return the local names of the terms that the ontology defines, sorted."""
    base = own_base(folder)
    return tuple(
        sorted(
            {
                str(subject)[len(base) :]
                for subject in graph.subjects(RDF.type)
                if isinstance(subject, URIRef) and str(subject).startswith(base)
            }
        )
    )


def own_labels(graph: Graph, folder: Path = ONTOLOGY) -> dict[str, str]:
    """Return the label of each term that the ontology defines, by its local name."""
    base = own_base(folder)
    names = own_terms(graph, folder)
    return {name: str(graph.value(URIRef(base + name), RDFS.label) or name) for name in names}


def own_base(folder: Path = ONTOLOGY) -> str:
    """Return the namespace of the terms that the ontology defines."""
    return next(v.base for v in vocabularies(folder) if v.prefix == OWN_PREFIX)


def code_lists(graph: Graph, folder: Path = ONTOLOGY) -> dict[str, tuple[str, ...]]:
    """Return the individuals of each code list, by the local name of its class."""
    base = own_base(folder)
    lists: dict[str, list[str]] = {}
    for scheme in graph.subjects(RDF.type, SKOS.ConceptScheme):
        code_class = graph.value(scheme, RDFS.seeAlso)
        if code_class is None:
            raise OntologyError(f"{scheme} has no rdfs:seeAlso to the class of its individuals")
        members = (str(one)[len(base) :] for one in graph.subjects(SKOS.inScheme, scheme))
        lists[str(code_class)[len(base) :]] = sorted(members)
    return {name: tuple(lists[name]) for name in sorted(lists)}


def registry_codes(graph: Graph, folder: Path = ONTOLOGY) -> dict[str, dict[str, str]]:
    """Return for each code list that has them the registry's codes and their individuals."""
    base = own_base(folder)
    found: dict[str, dict[str, str]] = {}
    for name, members in code_lists(graph, folder).items():
        codes = {
            str(code): member
            for member in members
            for code in graph.objects(URIRef(base + member), SKOS.notation)
        }
        if codes:
            found[name] = dict(sorted(codes.items()))
    return found
