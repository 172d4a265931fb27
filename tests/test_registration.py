"""Whatever is added in one place has to be told in another; these tests notice what was not."""

import importlib
import pkgutil

import pytest
from rdflib import OWL, RDF, RDFS, SH, Graph, URIRef

import kg.export
import loaders
from kg.export import EXPORTS
from kg.ontology import code_lists, load_ontology, own_base
from kg.resources import SHAPES
from loaders import LOADERS

BASE = own_base()
STEMS = sorted(path.stem for path in SHAPES.glob("*.ttl"))


def modules(package):
    names = (found.name for found in pkgutil.iter_modules(package.__path__))
    return {name: importlib.import_module(f"{package.__name__}.{name}") for name in names}


def test_every_loader_of_the_folder_is_registered_under_its_registry():
    found = {name: one.LOADER for name, one in modules(loaders).items() if hasattr(one, "LOADER")}
    assert found == LOADERS
    assert all(name == loader.name for name, loader in LOADERS.items())


def test_every_module_that_writes_a_format_is_registered_under_its_name():
    registered = {export.write for export in EXPORTS.values()}
    writing = {one.write for one in modules(kg.export).values() if hasattr(one, "write")}
    assert writing <= registered
    assert all(export.title for export in EXPORTS.values())


@pytest.mark.parametrize("stem", STEMS)
def test_every_shape_has_a_valid_and_an_invalid_example(root, stem):
    for kind in ("valid", "invalid"):
        assert (root / "tests" / "shapes" / f"{stem}.{kind}.ttl").is_file()


def test_every_example_of_a_shape_has_its_shape(root):
    examples = (path.name.split(".") for path in (root / "tests" / "shapes").glob("*.ttl"))
    assert {stem for stem, *_ in examples} == set(STEMS)


def test_every_class_of_nodes_has_a_shape_of_its_own():
    ontology, shapes = load_ontology(), Graph()
    for stem in STEMS:
        shapes.parse(SHAPES / f"{stem}.ttl")
    construct = URIRef(f"{BASE}Construct")
    constructs = set(ontology.transitive_subjects(RDFS.subClassOf, construct)) - {construct}
    codes = {URIRef(BASE + name) for name in code_lists(ontology)}
    named = {one for one in ontology.subjects(RDF.type, OWL.Class) if isinstance(one, URIRef)}
    assert named - constructs - codes <= set(shapes.objects(None, SH.targetClass))
