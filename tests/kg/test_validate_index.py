"""The index that pyshacl reads answers as rdflib's own store does."""

from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, Literal, URIRef

from kg.validate.index import Index

TERMS = st.sampled_from([URIRef(f"https://example.org/{n}") for n in range(4)] + [Literal("x")])
TRIPLES = st.lists(st.tuples(TERMS, TERMS, TERMS), max_size=25)
PATTERN = st.tuples(*[st.none() | TERMS] * 3)


def graphs(triples):
    for graph in (Graph(), Graph(store=Index(), bind_namespaces="none")):
        for triple in triples:
            graph.store.add(triple, graph)
        yield graph


@given(TRIPLES, PATTERN)
def test_every_pattern_finds_the_same_triples_once(triples, pattern):
    reference, index = graphs(triples)
    found = list(index.triples(pattern))
    assert len(found) == len(set(found))
    assert set(found) == set(reference.triples(pattern))


@given(TRIPLES)
def test_a_repeated_triple_counts_once(triples):
    reference, index = graphs(triples)
    assert len(index) == len(reference)
