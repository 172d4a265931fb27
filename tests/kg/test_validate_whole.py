"""The checks for whole registries report what pyshacl reports, of right and of spoilt records."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyshacl.errors import ReportableRuntimeError

from kg.extract.findings import Extraction
from kg.resources import SHAPES
from kg.validate import left_to_reference, validate_graph, validate_tokens
from kg.validate.shacl import graph_of
from kg.vocab import RDF, RDFS, TKG, XSD
from tests.conftest import ROOT
from tests.kg.test_quads import construct, quads, trial

EXAMPLES = {
    path.stem: list(ox.parse(path=path, format=ox.RdfFormat.TURTLE))
    for path in sorted((ROOT / "tests" / "shapes").glob("*.ttl"))
}
RECORD = quads(trial(), Extraction(constructs=(construct(),)))
WHOLE = {"record": RECORD, **EXAMPLES}

ODD_VALUES = [
    ox.Literal(""),
    ox.Literal('a\nb \\ "c" \u0001 é'),
    ox.Literal("x", language="en-GB"),
    ox.Literal("x", datatype=ox.NamedNode("https://a.example/type")),
    ox.Literal("-7", datatype=XSD.integer),
    ox.Literal("+07", datatype=XSD.integer),
    ox.Literal("seven", datatype=XSD.integer),
    ox.Literal("1e3", datatype=XSD.decimal),
    ox.Literal("3.5", datatype=XSD.decimal),
    ox.Literal("1", datatype=XSD.boolean),
    ox.Literal("2026-02-30", datatype=XSD.date),
    ox.Literal("2026-02-28", datatype=XSD.date),
    ox.Literal("2026-02-28Z", datatype=XSD.date),
    ox.Literal("2026-02-28T00:00:00Z", datatype=XSD.dateTime),
    ox.Literal("P1W", datatype=XSD.duration),
    ox.BlankNode("b"),
    ox.NamedNode("https://a.example/other"),
    TKG.Recruiting,
    TKG.Trial,
    TKG.SingleTarget,
]


def tokens(stated):
    return [(str(q.subject), str(q.predicate), str(q.object)) for q in stated]


def reports(stated):
    """What pyshacl and the checks say of a graph; an error stands for what cannot be checked."""
    distinct = list(dict.fromkeys(q.triple if isinstance(q, ox.Quad) else q for q in stated))
    found = []
    for validate in (
        lambda: validate_graph("one", graph_of(distinct)),
        lambda: validate_tokens("one", tokens(distinct)),
    ):
        try:
            found.append(validate())
        except ReportableRuntimeError as error:
            found.append(str(error))
    return found


@st.composite
def spoilt(draw):
    """A record or an example of a shape, with some statements changed, removed or added."""
    stated = list(WHOLE[draw(st.sampled_from(["record", *WHOLE]))])
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(stated) - 1))
        s, p, o = stated[place].subject, stated[place].predicate, stated[place].object
        other = stated[draw(st.integers(0, len(stated) - 1))]
        value = draw(st.sampled_from([*ODD_VALUES, other.object, other.subject]))
        change = draw(st.sampled_from(["remove", "replace", "add", "move", "retype"]))
        if change == "remove" and len(stated) > 1:
            del stated[place]
        elif change == "replace":
            stated[place] = ox.Quad(s, p, value)
        elif change == "add":
            stated.append(ox.Quad(s, p, value))
        elif change == "move":
            stated[place] = ox.Quad(s, other.predicate, o)
        elif isinstance(other.object, ox.NamedNode):
            stated.append(ox.Quad(s, RDF.type, other.object))
    return stated


@pytest.mark.parametrize("name", WHOLE)
def test_the_report_on_a_record_or_an_example_is_that_of_pyshacl(name):
    expected, found = reports(WHOLE[name])
    assert found == expected


@settings(max_examples=150, deadline=None)
@given(spoilt())
def test_the_report_on_a_spoilt_record_is_that_of_pyshacl(stated):
    expected, found = reports(stated)
    assert found == expected


def test_a_subclass_that_the_data_state_counts():
    sub, node = ox.NamedNode("https://a.example/Sub"), ox.NamedNode("https://a.example/1")
    stated = [ox.Quad(sub, RDFS.subClassOf, TKG.Trial), ox.Quad(node, RDF.type, sub)]
    expected, found = reports(stated)
    assert not found.conforms
    assert found == expected


def test_no_shape_is_left_to_pyshacl():
    assert left_to_reference() == []


def test_a_shape_without_a_check_is_left_to_pyshacl_and_named(tmp_path):
    text = (SHAPES / "country.ttl").read_text(encoding="utf-8")
    odd = """
        shapes:Country-odd a sh:PropertyShape ; sh:targetClass tkg:Country ;
            sh:path rdfs:label ; sh:maxLength 3 ; sh:message "short" .
        shapes:Country-node a sh:NodeShape ; sh:targetClass tkg:Country ; sh:nodeKind sh:BlankNode ;
            sh:message "blank" .
    """
    (tmp_path / "a.ttl").write_text(text + odd, encoding="utf-8")
    node = ox.NamedNode("https://a.example/country")
    stated = [
        ox.Triple(node, RDF.type, TKG.Country),
        ox.Triple(node, RDFS.label, ox.Literal("Utopia")),
    ]
    report = validate_tokens("one", tokens(stated), tmp_path)
    assert left_to_reference(tmp_path) == ["Country-node", "Country-odd"]
    assert {one.shape for one in report.violations} >= {"Country-node", "Country-odd"}
    assert report == validate_graph("one", graph_of(stated), tmp_path)
