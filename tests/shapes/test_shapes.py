"""Every shape has an example that conforms and one that does not, and says why in words."""

from pathlib import Path

import pytest
from pyshacl import validate as reference
from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection

from kg.ontology import load_ontology
from kg.resources import SHAPES
from kg.validate import load_shapes, validate_turtle
from kg.vocab import CODE_LISTS, PREFIXES, TERMS

HERE = Path(__file__).parent
TKG = PREFIXES["tkg"]
NAMED = Namespace("https://w3id.org/trialkg/shapes#")
STEMS = sorted(path.stem for path in SHAPES.glob("*.ttl"))
COMPONENTS = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH.datatype: "Datatype",
    SH.minLength: "MinLength",
    SH.minInclusive: "MinInclusive",
    SH.maxInclusive: "MaxInclusive",
    SH.pattern: "Pattern",
    SH.nodeKind: "NodeKind",
    SH["class"]: "Class",
    SH["in"]: "In",
    SH.hasValue: "HasValue",
    SH.disjoint: "Disjoint",
    SH.lessThan: "LessThan",
    SH.lessThanOrEquals: "LessThanOrEquals",
    SH.qualifiedMinCount: "QualifiedMinCount",
    SH.qualifiedMaxCount: "QualifiedMaxCount",
}


def example(stem, kind):
    return (HERE / f"{stem}.{kind}.ttl").read_bytes()


def expected(stem):
    """The shape and constraint that each node of an invalid example says it fails."""
    graph = Graph().parse(data=example(stem, "invalid"), format="turtle")
    return {(str(node), str(words)) for node, words in graph.subject_objects(RDFS.comment)}


def reported(stem, kind):
    report = validate_turtle(stem, example(stem, kind))
    found = (*report.violations, *report.warnings)
    return {(one.focus_node, f"{one.shape} {one.component}") for one in found}


def constraints(stem):
    """What each shape of a file asks for, as "shape component"."""
    graph = Graph().parse(SHAPES / f"{stem}.ttl")
    return {
        f"{shape.removeprefix(NAMED)} {name}"
        for parameter, name in COMPONENTS.items()
        for shape in graph.subjects(parameter)
        if isinstance(shape, URIRef)
    }


def test_every_shapes_file_has_both_examples():
    examples = {path.name for path in HERE.glob("*.ttl")}
    assert examples == {f"{stem}.{kind}.ttl" for stem in STEMS for kind in ("valid", "invalid")}


@pytest.mark.parametrize("stem", STEMS)
def test_the_valid_example_conforms(stem):
    assert reported(stem, "valid") == set()


@pytest.mark.parametrize("stem", STEMS)
def test_the_invalid_example_fails_exactly_as_it_says(stem):
    assert reported(stem, "invalid") == expected(stem)


@pytest.mark.parametrize("stem", STEMS)
def test_every_constraint_is_failed_by_an_example(stem):
    assert constraints(stem) - {words for _, words in expected(stem)} == set()


@pytest.mark.parametrize("stem", STEMS)
def test_the_valid_example_uses_every_property_that_its_shapes_speak_of(stem):
    shapes = Graph().parse(SHAPES / f"{stem}.ttl")
    used = set(Graph().parse(data=example(stem, "valid"), format="turtle").predicates())
    asked = {
        path
        for shape, path in shapes.subject_objects(SH.path)
        if isinstance(path, URIRef) and (shape, SH.targetClass, None) in shapes
    }
    assert asked - used == set()


def test_every_term_in_the_shapes_is_defined_in_the_ontology():
    used = {
        str(term).removeprefix(TKG)
        for triple in load_shapes()
        for term in triple
        if isinstance(term, URIRef) and term.startswith(TKG)
    }
    assert used - TERMS.keys() == set()


def test_every_code_list_in_the_shapes_is_that_of_the_ontology():
    shapes, ontology = load_shapes(), load_ontology()
    lists = {name: set(members) for name, members in CODE_LISTS.items()}
    for shape, head in shapes.subject_objects(SH["in"]):
        members = [one for one in Collection(shapes, head) if str(one).startswith(TKG)]
        path = shapes.value(shape, SH.path)
        if not members or (shape, SH.targetClass, None) not in shapes or path == RDF.type:
            continue
        names = {str(one).removeprefix(TKG) for one in members}
        code_class = str(ontology.value(path, RDFS.range) or "").removeprefix(TKG)
        if code_class in lists:
            assert names == lists[code_class], shape
        elif not str(path).endswith("productModality"):
            assert names in lists.values(), shape


def test_every_modality_list_in_the_shapes_is_that_of_the_ontology():
    shapes = load_shapes()
    lists = [
        {str(one).removeprefix(TKG) for one in Collection(shapes, head)}
        for head in (
            shapes.value(
                shapes.value(NAMED["Construct-modality"], SH.qualifiedValueShape), SH["in"]
            ),
            shapes.value(NAMED["Product-productModality"], SH["in"]),
        )
    ]
    assert lists[0] == lists[1] == modalities()


def modalities():
    """The classes right below construct that are stated and not defined by a condition."""
    ontology = load_ontology()
    stated = set(ontology.subjects(RDFS.subClassOf, URIRef(TERMS["Construct"].value)))
    defined = set(ontology.subjects(OWL.equivalentClass))
    return {str(one).removeprefix(TKG) for one in stated - defined}


def test_every_shape_says_in_words_what_is_wrong_and_what_to_do():
    shapes = load_shapes()
    for shape in set(shapes.subjects(RDF.type, SH.PropertyShape)):
        if (shape, SH.property, None) in shapes:
            continue
        (message,) = shapes.objects(shape, SH.message)
        assert isinstance(message, Literal)
        assert ": " in message, shape
        assert message.endswith("."), shape


def test_every_class_of_the_contract_has_shapes():
    ontology, shapes = load_ontology(), load_shapes()
    classes = {
        str(one).removeprefix(TKG)
        for one in ontology.subjects(RDF.type, OWL.Class)
        if isinstance(one, URIRef)
    }
    constructs = {
        str(one).removeprefix(TKG)
        for one in ontology.subjects(RDFS.subClassOf, URIRef(TERMS["Construct"].value))
    }
    described = classes - constructs - CODE_LISTS.keys()
    targets = {str(one).removeprefix(TKG) for one in shapes.objects(None, SH.targetClass)}
    assert described - targets == set()


def test_the_shapes_are_themselves_well_formed():
    conforms, _, text = reference(Graph(), shacl_graph=load_shapes(), meta_shacl=True)
    assert conforms, text
