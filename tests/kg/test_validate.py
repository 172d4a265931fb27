"""Reports say which record is wrong, where and why."""

import datetime as dt

import pyoxigraph as ox
import pytest
from pyshacl import validate as reference
from rdflib import Graph, Literal, URIRef

from kg.errors import OntologyError
from kg.extract.findings import Extraction
from kg.iris import named_graph
from kg.records import PartialDate
from kg.store import Store
from kg.validate import (
    load_shapes,
    rdflib_term,
    validate_graph,
    validate_quads,
    validate_store,
    validate_turtle,
)
from kg.vocab import RDF, RDFS, TKG, XSD
from tests.kg.test_quads import NODE, construct, quads, trial


def without(given, predicate):
    return [q for q in given if q.predicate != predicate]


def record(number, extraction=None):
    made = quads(trial(), extraction)
    text = ox.serialize(made, format=ox.RdfFormat.N_QUADS).decode()
    changed = text.replace("NCT00000001", f"NCT0000000{number}")
    return list(ox.parse(changed, ox.RdfFormat.N_QUADS))


def test_a_record_as_written_conforms():
    (report,) = validate_quads([("one", quads(trial(), Extraction(constructs=(construct(),))))])
    assert report.conforms
    assert report.violations == ()


def test_a_violation_names_record_node_property_and_remedy():
    good, bad = record(1), without(record(2), TKG.registryId)
    first, second = validate_quads([("good", good), ("bad", bad)])
    assert (first.name, first.conforms) == ("good", True)
    assert (second.name, second.conforms) == ("bad", False)
    (violation,) = second.violations
    assert violation.focus_node.endswith("NCT00000002")
    assert violation.path == TKG.registryId.value
    assert (violation.shape, violation.component) == ("Trial-registryId", "MinCount")
    assert violation.severity == "Violation"
    assert "correct the loader" in violation.message


def test_a_violation_of_a_part_belongs_to_its_record():
    extraction = Extraction(constructs=(construct(),))
    batch = [(str(n), record(n, extraction)) for n in (1, 2, 3)]
    batch[1] = ("2", without(batch[1][1], TKG.donor))
    reports = validate_quads(batch)
    assert [report.conforms for report in reports] == [True, False, True]
    assert {one.shape for one in reports[1].violations} == {"Construct-donor"}


def test_a_batch_says_the_same_as_each_record_alone():
    extraction = Extraction(constructs=(construct(),))
    batch = [(str(n), without(record(n, extraction), drop)) for n, drop in DROPPED]
    alone = [validate_quads([one])[0] for one in batch]
    assert validate_quads(batch) == alone


DROPPED = list(enumerate((TKG.targets, TKG.briefTitle, RDFS.comment, TKG.targetLogic), start=1))


def test_a_trial_that_ends_before_it_starts_is_a_warning():
    def on(year):
        return PartialDate(day=dt.date(year, 1, 1), precision="Day")

    made = quads(trial(start_date=on(2027), completion_date=on(2026)))
    (report,) = validate_quads([("one", made)])
    assert report.conforms
    assert [one.shape for one in report.warnings] == ["Trial-startDate-order"]


def test_an_empty_batch_has_no_reports():
    assert validate_quads([]) == []


def test_plain_strings_stay_plain_for_rdflib():
    assert rdflib_term(ox.Literal("x")) == Literal("x")
    assert rdflib_term(ox.Literal("x")) != Literal("x", datatype=URIRef(XSD.string.value))


def test_a_typed_value_keeps_the_form_it_was_written_in():
    term = rdflib_term(ox.Literal("P8W", datatype=XSD.duration))
    assert str(term) == "P8W"


def test_pyshacl_by_itself_says_the_same():
    made = without(quads(trial(), Extraction(constructs=(construct(),))), TKG.targets)
    graph = Graph()
    graph.parse(
        data=ox.serialize((q.triple for q in made), format=ox.RdfFormat.N_TRIPLES), format="nt"
    )
    conforms, results, _ = reference(graph, shacl_graph=load_shapes(), allow_warnings=True)
    report = validate_graph("one", graph)
    assert conforms == report.conforms
    told = set(results.objects(None, URIRef("http://www.w3.org/ns/shacl#resultMessage")))
    assert {str(one) for one in told} == {
        one.message for one in (*report.violations, *report.warnings)
    }


def test_a_users_turtle_is_validated_as_it_is():
    turtle = b"<https://example.org/t> a <https://w3id.org/trialkg/ontology#Trial> ."
    report = validate_turtle("mine", turtle)
    assert {one.shape for one in report.violations} == {
        "Trial-registry",
        "Trial-registryId",
        "Trial-briefTitle",
    }


def test_what_is_no_turtle_is_an_error():
    with pytest.raises(SyntaxError):
        validate_turtle("mine", b"<a> <b>")


def test_the_store_is_validated_graph_by_graph_without_the_records():
    with Store.in_memory() as store:
        store.engine.extend(without(quads(trial()), TKG.registryId))
        store.engine.add(ox.Quad(NODE, RDF.type, TKG.Country, named_graph("shared")))
        (report,) = validate_store(store)
    assert report.name == named_graph("shared").value
    assert [one.shape for one in report.violations] == ["Country-label"]


def test_after_a_change_only_graphs_that_it_touches_are_validated():
    shared = named_graph("shared")
    with Store.in_memory() as store:
        store.engine.add(ox.Quad(NODE, RDF.type, TKG.Country, shared))
        assert validate_store(store, touched={named_graph("studies"): {NODE}}) == []
        assert validate_store(store, conforming={shared}) == []
        (report,) = validate_store(store, touched={shared: {NODE}})
    assert [one.shape for one in report.violations] == ["Country-label"]


@pytest.mark.parametrize("name", ["shared", "inferred", "changes"])
def test_a_wrong_node_in_a_large_graph_is_found_among_those_that_changed(name):
    graph = named_graph(name)
    others = [ox.NamedNode(f"{NODE.value}-{number}") for number in range(5001)]
    with Store.in_memory() as store:
        store.engine.extend(ox.Quad(one, RDFS.comment, ox.Literal("x"), graph) for one in others)
        store.engine.add(ox.Quad(NODE, RDF.type, TKG.Country, graph))
        (whole,) = validate_store(store)
        (after,) = validate_store(store, touched={graph: {NODE}})
    assert [one.shape for one in whole.violations] == ["Country-label"]
    assert after == whole


def test_a_folder_without_shapes_is_an_error(tmp_path):
    with pytest.raises(OntologyError, match="holds no Turtle"):
        load_shapes(tmp_path)


def test_a_broken_shapes_file_is_named(tmp_path):
    (tmp_path / "a.ttl").write_text("<a> <b>")
    with pytest.raises(OntologyError, match=r"a\.ttl"):
        load_shapes(tmp_path)
