"""The lexicon and the ontology as quads."""

import dataclasses
from collections import Counter
from functools import cache, partial

import pytest
from msgspec.structs import replace
from pyoxigraph import Literal, NamedNode

from kg.errors import LexiconError
from kg.extract.lexicon import load_lexicon
from kg.iris import antigen_iri, concept_iri, named_graph, product_iri
from kg.quads import lexicon_quads, ontology_quads
from kg.resources import LEXICON
from kg.vocab import OWL, RDF, RDFS, SKOS, TKG

SCLC = "MONDO:0008433"
lexicon = cache(partial(load_lexicon, (LEXICON,)))


@cache
def quads():
    return tuple(lexicon_quads(lexicon(), [SCLC]))


def values(subject, predicate):
    return {q.object for q in quads() if q.subject == subject and q.predicate == predicate}


def test_the_lexicon_stands_in_its_own_graph_without_repetition():
    assert {q.graph_name for q in quads()} == {named_graph("lexicon")}
    assert len(quads()) == len(set(quads()))


def test_a_protein_has_its_gene_and_its_protein():
    dll3 = antigen_iri("DLL3")
    assert values(dll3, TKG.antigenKind) == {TKG.Protein}
    assert values(dll3, TKG.gene) == {concept_iri("HGNC:2909")}
    assert concept_iri("UNIPROT:Q9NYJ7") in values(dll3, SKOS.exactMatch)
    assert values(concept_iri("HGNC:2909"), SKOS.notation) == {Literal("HGNC:2909")}


def test_a_variant_is_narrower_than_its_protein():
    variant = antigen_iri("EGFRvIII")
    assert values(variant, TKG.variantOf) == {antigen_iri("EGFR")}
    assert values(variant, TKG.gene) == {concept_iri("HGNC:3236")}
    assert values(variant, SKOS.exactMatch) == set()
    assert concept_iri("UNIPROT:P00533") in values(variant, SKOS.broadMatch)


def test_an_antigen_bears_the_curies_that_mean_the_same_as_it():
    assert values(antigen_iri("DLL3"), SKOS.notation) >= {
        Literal("HGNC:2909"),
        Literal("UNIPROT:Q9NYJ7"),
    }
    assert values(antigen_iri("EGFRvIII"), SKOS.notation) == set()


def test_an_identifier_of_no_known_vocabulary_names_its_row():
    row = replace(lexicon().antigens["DLL3"], other_ids=("nonsense",))
    wrong = dataclasses.replace(lexicon(), antigens={"DLL3": row}, products={})
    with pytest.raises(LexiconError, match=r"antigens\.tsv: DLL3"):
        list(lexicon_quads(wrong, []))


def test_no_match_is_both_exact_and_broader():
    matches = {
        predicate: {(q.subject, q.object) for q in quads() if q.predicate == predicate}
        for predicate in (SKOS.exactMatch, SKOS.broadMatch)
    }
    assert not matches[SKOS.exactMatch] & matches[SKOS.broadMatch]


def test_a_product_is_described_in_terms_of_its_own():
    spoken = {q.predicate for q in quads() if q.object == TKG.Product or q.subject == PRODUCT}
    assert not spoken & {TKG.targets, TKG.donor, TKG.effectorCell}
    types = {q.object for q in quads() if q.subject == PRODUCT and q.predicate == RDF.type}
    assert types == {TKG.Product}


PRODUCT = product_iri(min(lexicon().products))


def test_a_concept_brings_everything_above_it():
    described = {q.subject for q in quads() if q.object == SKOS.Concept}
    above = {concept_iri(curie) for curie in lexicon().concepts.ancestors(SCLC)}
    assert described == above | {concept_iri(SCLC)}
    linked = {q.object for q in quads() if q.predicate == SKOS.broader}
    assert linked <= described


def test_a_concept_that_is_not_known_is_left_out():
    found = list(lexicon_quads(lexicon(), ["MONDO:9999999"]))
    assert not [q for q in found if q.object == SKOS.Concept]


def test_every_concept_in_use_has_a_label():
    labelled = {q.subject for q in quads() if q.predicate == RDFS.label}
    assert {q.subject for q in quads() if q.object == SKOS.Concept} <= labelled


def test_the_ontology_has_no_blank_nodes_and_is_always_the_same():
    found = ontology_quads()
    assert all(isinstance(q.subject, NamedNode) for q in found)
    assert all(isinstance(q.object, NamedNode | Literal) for q in found)
    assert found == ontology_quads()
    assert {q.graph_name for q in found} == {named_graph("ontology")}


def test_the_ontology_says_no_triple_of_the_lexicon():
    stated = Counter((q.subject, q.predicate, q.object) for q in (*quads(), *ontology_quads()))
    assert [triple for triple, count in stated.items() if count > 1] == []


def test_restrictions_keep_their_parts():
    found = ontology_quads()
    restrictions = {q.subject for q in found if q.object == OWL.Restriction}
    properties = {q.subject for q in found if q.predicate == OWL.onProperty}
    assert restrictions
    assert restrictions == properties
