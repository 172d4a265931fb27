import shutil

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg.errors import OntologyError
from kg.ontology import (
    classified_source,
    classify,
    load_classified,
    load_ontology,
    own_base,
    state_all_different,
)
from kg.resources import ONTOLOGY

BASE = own_base()
CONSTRUCT = URIRef("urn:example:construct")

needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT needs Java, and there is none here"
)


def tkg(name: str) -> URIRef:
    return URIRef(BASE + name)


def construct(*types: str, **values: str) -> Graph:
    graph = Graph()
    for name in ("Construct", *types):
        graph.add((CONSTRUCT, RDF.type, tkg(name)))
    for name, value in values.items():
        graph.add((CONSTRUCT, tkg(name), tkg(value)))
    return graph


@needs_java
def test_the_classified_hierarchy_is_current():
    written = (ONTOLOGY / "classified.ttl").read_text(encoding="utf-8")
    assert written == classified_source()


def test_the_hierarchy_says_nothing_that_the_ontology_states():
    assert set(load_classified()) & set(load_ontology()) == set()


def test_the_hierarchy_is_closed_so_that_queries_need_no_paths():
    both = load_ontology() + load_classified()
    for sub, middle in both.subject_objects(RDFS.subClassOf):
        for above in both.objects(middle, RDFS.subClassOf):
            if not str(above).startswith(str(OWL)):
                assert (sub, RDFS.subClassOf, above) in both


@needs_java
@pytest.mark.parametrize(
    "facts",
    [
        construct("CARTTherapy", "TCellEngager"),
        construct("InVivoCARTherapy", "CellTherapy"),
        construct("CARNKTTherapy", "NKCellTherapy"),
        construct("CARTTherapy", donor="Autologous") + construct(donor="Allogeneic"),
        construct(targets="TCell", spares="TCell"),
    ],
    ids=["two modalities", "vector as cells", "NKT as NK", "two donors", "target spared"],
)
def test_facts_that_contradict_the_ontology_are_found(facts):
    with pytest.raises(OntologyError, match="inconsistent"):
        classify(facts)


@needs_java
def test_two_targets_count_as_two_only_where_antigens_are_known_to_differ():
    antigens = [URIRef("urn:example:CD19"), URIRef("urn:example:CD20")]
    facts = construct("CARTTherapy")
    for antigen in antigens:
        facts.add((CONSTRUCT, tkg("targets"), antigen))
    conclusion = (CONSTRUCT, RDF.type, tkg("MultiTargetConstruct"))
    assert conclusion not in classify(facts)
    state_all_different(facts, antigens)
    assert conclusion in classify(facts)


def test_without_java_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OntologyError, match="install a JRE"):
        classify()
