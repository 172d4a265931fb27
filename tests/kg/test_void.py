"""The description of the data, each number held to a count of the same graphs."""

from collections import Counter, defaultdict
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.publish import current_snapshot
from kg.store import Store
from kg.vocab import DCTERMS, PREFIXES, PROV, RDF, TKG, VOID, VOIDEXT, XSD
from kg.void import GRAPH, void_quads, void_quads_after

SMALL = """
@prefix graph: <https://w3id.org/trialkg/graph/> .
@prefix : <https://example.org/> .
graph:r\\/1 { graph:r\\/1 :says "x" . :t1 a :A ; :link :l . }
graph:s\\/2 { :t2 a :A ; :link <https://identifiers.org/hgnc:1> ; :size 3 . }
graph:inferred { :t2 a :B . }
graph:lexicon { :l a :L . }
"""


@pytest.fixture(scope="module")
def store(examples):
    with Store.read_only(current_snapshot(examples)) as opened:
        yield opened


@pytest.fixture(scope="module")
def graphs(store):
    """For each part, its graphs."""
    names = [graph for graph in store.graphs() if graph != GRAPH]
    records = set(store.record_graphs())
    one = {graph.value.rpartition("/")[2]: [graph] for graph in names if graph not in records}
    return {"all": names, "records": sorted(records, key=str)} | one


def select(store, query, graphs=None):
    union = {"default_graph": list(graphs)} if graphs else {"use_default_graph_as_union": True}
    return [
        {variable.value: row[variable] for variable in rows.variables if row[variable] is not None}
        for rows in [store.engine.query(query, prefixes=dict(PREFIXES), **union)]
        for row in rows
    ]


def void_node(part):
    return ox.NamedNode(f"https://w3id.org/trialkg/void/{part}")


def number(store, part, measure):
    (found,) = store.engine.quads_for_pattern(void_node(part), measure, None, GRAPH)
    return int(found.object.value)


def count(store, pattern, graphs):
    (row,) = select(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", graphs)
    return int(row["n"].value)


PARTS = ["all", "records", "lexicon", "shared", "ontology", "inferred", "studies"]


@pytest.mark.parametrize("part", PARTS)
def test_triples_subjects_and_properties_are_those_of_a_query(store, graphs, part):
    for measure, pattern in {
        VOID.triples: "?s ?p ?o",
        VOID.distinctSubjects: "SELECT DISTINCT ?s WHERE { ?s ?p ?o }",
        VOID.properties: "SELECT DISTINCT ?p WHERE { ?s ?p ?o }",
    }.items():
        wanted = f"{{ {pattern} }}"
        assert number(store, part, measure) == count(store, wanted, graphs[part]), measure


@pytest.fixture(scope="module")
def classes(store, graphs):
    """For each node, the classes that any graph states."""
    found = defaultdict(set)
    for graph in graphs["all"]:
        for quad in store.engine.quads_for_pattern(None, RDF.type, None, graph):
            found[quad.subject].add(quad.object)
    return found


@pytest.mark.parametrize("part", PARTS)
def test_every_partition_is_what_is_counted_one_statement_after_the_other(
    store, graphs, classes, described, part
):
    wanted = Counter()
    for quad in (quad for graph in graphs[part] for quad in store.quads(graph)):
        value = quad.object
        typed = isinstance(value, ox.Literal)
        for one in classes.get(quad.subject, ()):
            wanted[one, quad.predicate, "", None] += 1
            if typed:
                wanted[one, quad.predicate, "datatype", value.datatype] += 1
            for to in () if typed else classes.get(value, ()):
                wanted[one, quad.predicate, "to", to] += 1
    assert told_partitions(described, part) == wanted
    assert wanted


@pytest.fixture(scope="module")
def described(store):
    """What the description says: of a node and a property, the values."""
    found = defaultdict(list)
    for quad in store.quads(GRAPH):
        found[quad.subject, quad.predicate].append(quad.object)
    return found


def told_partitions(said, part):
    told = {}
    for inside in said[void_node(part), VOID.classPartition]:
        (one,) = said[inside, VOID.class_]
        for of_property in said[inside, VOID.propertyPartition]:
            (name,) = said[of_property, VOID.property]
            told[one, name, "", None] = triples(said, of_property)
            for to in said[of_property, VOID.classPartition]:
                told[one, name, "to", said[to, VOID.class_][0]] = triples(said, to)
            for to in said[of_property, VOIDEXT.datatypePartition]:
                told[one, name, "datatype", said[to, VOIDEXT.datatype][0]] = triples(said, to)
    return told


def triples(said, node):
    (count,) = said[node, VOID.triples]
    return int(count.value)


def test_the_partitions_of_a_small_part_are_what_a_query_counts(store, graphs, described):
    """One grouped query over the whole for each sort of partition, the part as named graphs."""
    inside = " ".join(f"FROM NAMED {graph}" for graph in graphs["studies"])
    everything = " ".join(f"FROM {graph}" for graph in graphs["all"])
    head = f"{everything} {inside} WHERE {{ ?s a ?class . GRAPH ?g {{ ?s ?property ?o }}"
    queries = {
        "": f"SELECT ?class ?property (COUNT(*) AS ?n) {head} }} GROUP BY ?class ?property",
        "to": f"SELECT ?class ?property ?to (COUNT(*) AS ?n) {head} ?o a ?to }} "
        "GROUP BY ?class ?property ?to",
        "datatype": f"SELECT ?class ?property ?datatype (COUNT(*) AS ?n) {head} "
        "FILTER(isLiteral(?o)) BIND(DATATYPE(?o) AS ?datatype) } "
        "GROUP BY ?class ?property ?datatype",
    }
    wanted = {
        (row["class"], row["property"], sort, row.get(sort)): int(row["n"].value)
        for sort, query in queries.items()
        for row in select_dataset(store, query)
    }
    assert told_partitions(described, "studies") == wanted
    assert wanted


def select_dataset(store, query):
    rows = store.engine.query(query, prefixes=dict(PREFIXES))
    return [
        {variable.value: row[variable] for variable in rows.variables if row[variable] is not None}
        for row in rows
    ]


def test_entities_of_a_class_are_its_instances(store, graphs):
    told = select(
        store,
        """SELECT ?class ?n WHERE { <https://w3id.org/trialkg/void/all> void:classPartition
           [ void:class ?class ; void:entities ?n ] }""",
    )
    wanted = select(
        store,
        "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class",
        graphs["all"],
    )
    assert {(r["class"], r["n"].value) for r in told} == {
        (r["class"], r["n"].value) for r in wanted
    }


def test_the_triples_of_linksets_to_the_lexicon_are_those_of_a_query(store, graphs):
    (told,) = select(
        store,
        """SELECT (SUM(?n) AS ?sum) WHERE { ?set void:linkPredicate tkg:targets ; void:triples ?n ;
           void:objectsTarget <https://w3id.org/trialkg/void/lexicon> }""",
    )
    assert int(told["sum"].value) == count(store, "?s tkg:targets ?o", graphs["records"]) > 0


def test_the_sources_are_the_sites_of_the_registries(store):
    whole = ox.NamedNode("https://w3id.org/trialkg/void/all")
    stated = store.engine.quads_for_pattern(whole, DCTERMS.source, None, GRAPH)
    told = {quad.object.value for quad in stated}
    pages = store.engine.quads_for_pattern(None, TKG.registryPage, None)
    sites = {urljoin(quad.object.value, "/") for quad in pages}
    assert "https://clinicaltrials.gov/" in told
    assert told == sites


def test_the_description_has_no_blank_node_and_is_the_same_from_the_same_data(store):
    made = void_quads(store)
    assert set(made) == set(store.quads(GRAPH))
    assert not any(isinstance(term, ox.BlankNode) for quad in made for term in quad)


@pytest.fixture
def small():
    with Store.in_memory() as made:
        made.engine.load(SMALL.encode(), format=ox.RdfFormat.TRIG)
        yield made


def told(small):
    return {
        (quad.subject.value.rpartition("/")[2], quad.predicate, quad.object.value)
        for quad in void_quads(small)
    }


def test_registries_are_told_apart_and_taken_together(small):
    assert {
        ("registry.r", VOID.triples, "3"),
        ("registry.s", VOID.triples, "3"),
        ("records", VOID.triples, "6"),
        ("all", VOID.triples, "8"),
        ("records", VOID.distinctSubjects, "3"),
    } <= told(small)


def test_what_is_described_is_never_the_description(small):
    before = void_quads(small)
    small.set_graph(GRAPH, before)
    assert void_quads(small) == before


def test_a_link_to_a_vocabulary_elsewhere_is_a_linkset_to_its_space(small):
    assert ("vocabulary.hgnc", VOID.uriSpace, "https://identifiers.org/hgnc:") in told(small)


def node(name):
    return ox.NamedNode(f"https://example.org/{name}")


NODES = [node(name) for name in "abcd"] + [ox.BlankNode("b")]
CLASSES = [node(name) for name in "KLM"]
VALUES = [
    *NODES,
    *(ox.NamedNode(iri) for iri in ["https://identifiers.org/hgnc:1", "https://example.org/none"]),
    ox.Literal(1),
    ox.Literal('a " b\\ ^^<c> .'),
    ox.Literal("x", language="en"),
    ox.Literal("x", language="ar", direction=ox.BaseDirection.RTL),
    ox.Triple(NODES[0], RDF.type, CLASSES[0]),
]
GRAPHS = [
    ox.NamedNode(f"https://w3id.org/trialkg/graph/{name}")
    for name in ("r/1", "r/2", "s/1", "inferred", "lexicon", "user/a")
]
TYPED = st.builds(
    ox.Quad,
    st.sampled_from(NODES),
    st.just(RDF.type),
    st.sampled_from(CLASSES),
    st.sampled_from(GRAPHS),
)
STATED = st.builds(
    ox.Quad,
    st.sampled_from(NODES),
    st.sampled_from([node("p"), node("q")]),
    st.sampled_from(VALUES),
    st.sampled_from(GRAPHS),
)
DATED = st.builds(
    ox.Quad,
    st.sampled_from(NODES),
    st.sampled_from([TKG.firstSeen, TKG.lastChanged]),
    st.sampled_from([ox.Literal(f"2026-0{month}-01", datatype=XSD.date) for month in (1, 2, 3)]),
    st.sampled_from(GRAPHS[:2]),
)
DERIVED = st.builds(
    ox.Quad,
    st.sampled_from(NODES),
    st.just(PROV.wasDerivedFrom),
    st.sampled_from([ox.NamedNode(f"https://{host}.example/1") for host in ("one", "other")]),
    st.sampled_from(GRAPHS),
)
QUADS = st.sets(st.one_of(TYPED, STATED, DATED, DERIVED), max_size=25)


@settings(max_examples=200, deadline=None)
@given(first=QUADS, second=QUADS)
def test_a_change_is_counted_as_if_all_had_been_counted_again(first, second):
    with Store.in_memory() as changing:
        changing.engine.extend(first)
        changing.set_graph(GRAPH, void_quads(changing))
        for quad in first - second:
            changing.engine.remove(quad)
        changing.engine.extend(second)
        assert void_quads_after(changing, first, second) == void_quads(changing)
