import itertools
import shutil
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from rdflib import RDFS, Graph, URIRef

from kg.errors import OntologyError
from kg.infer import INFERRED, inferred_quads
from kg.iris import antigen_iri, concept_iri, record_graph, trial_iri
from kg.ontology import classify, load_ontology, state_all_different
from kg.ontology.definitions import definitions
from kg.pipeline import Settings, build
from kg.publish import current_snapshot
from kg.resources import EXAMPLES
from kg.store import Store
from kg.vocab import CODE_LISTS, RDF, SKOS, TERMS, TKG
from loaders import LOADERS

RECORD = record_graph("clinicaltrials", "NCT00000001")
TRIAL = trial_iri("clinicaltrials", "NCT00000001")
CONSTRUCT = ox.NamedNode(f"{TRIAL.value}/construct/one")
CD19, CD20, EGFR, VIII = map(antigen_iri, ("CD19", "CD20", "EGFR", "EGFRvIII"))

needs_java = pytest.mark.skipif(
    shutil.which("java") is None, reason="HermiT needs Java, and there is none here"
)


def store(*triples, graph=RECORD):
    engine = ox.Store()
    engine.extend(ox.Quad(s, p, o, graph) for s, p, o in triples)
    return SimpleNamespace(engine=engine)


def construct(node=CONSTRUCT, modality="CARTTherapy", targets=(), **values):
    yield node, RDF.type, TKG.Construct
    yield node, RDF.type, TERMS[modality]
    for antigen in targets:
        yield node, TKG.targets, antigen
    for name, value in values.items():
        yield node, TERMS[name], TERMS[value]


def types(**described) -> set[str]:
    """Return the local names of all types, stated and inferred."""
    facts = list(construct(**described))
    quads = inferred_quads(store(*facts))
    found = [o for _, p, o in facts if p == RDF.type]
    found += [quad.object for quad in quads if quad.predicate == RDF.type]
    assert len(found) == len(set(found))
    return {one.value.partition("#")[2] for one in found}


def test_a_car_nk_product_is_a_cell_therapy_of_nk_cells():
    found = types(
        modality="CARNKTherapy", effectorCell="NKCell", donor="Allogeneic", preparation="ReadyMade"
    )
    assert found == {
        "Construct",
        "CARNKTherapy",
        "CARTherapy",
        "CellTherapy",
        "EngineeredCellTherapy",
        "NKCellTherapy",
        "AllogeneicTherapy",
        "OffTheShelfTherapy",
    }


def test_unmodified_nk_cells_are_nk_cell_therapy_and_not_engineered():
    found = types(modality="UnmodifiedNKTherapy", effectorCell="NKCell", cellSource="CellLine")
    assert "NKCellTherapy" in found
    assert not found & {"EngineeredCellTherapy", "CARTherapy"}


def test_an_nk_engager_is_an_antibody_and_no_nk_cell_therapy():
    found = types(modality="NKCellEngager", effectorCell="NKCell", donor="NotApplicable")
    assert found == {"Construct", "NKCellEngager", "AntibodyTherapy"}


def test_car_nkt_cells_are_no_nk_cell_therapy():
    found = types(modality="CARNKTTherapy", effectorCell="NKTCell", donor="Autologous")
    assert "NKCellTherapy" not in found
    assert {"CARTherapy", "TCellTherapy", "AutologousTherapy"} <= found


def test_an_in_vivo_car_is_a_car_therapy_off_the_shelf_and_no_cell_therapy():
    found = types(modality="InVivoCARTherapy", effectorCell="TCell", donor="NotApplicable")
    assert found == {"Construct", "InVivoCARTherapy", "CARTherapy", "OffTheShelfTherapy"}


def test_nk_cells_under_another_modality_of_cells_are_nk_cell_therapy():
    assert "NKCellTherapy" in types(modality="CIKTherapy", effectorCell="NKCell")


@pytest.mark.parametrize("source", ["CellLine", "CordBlood", "InducedPluripotentStemCell"])
def test_allogeneic_cells_of_a_bank_are_off_the_shelf(source):
    described = {"modality": "CARNKTherapy", "cellSource": source}
    assert "OffTheShelfTherapy" in types(donor="Allogeneic", **described)
    assert "OffTheShelfTherapy" not in types(donor="NotStated", **described)


def test_cells_of_a_donor_are_not_off_the_shelf_unless_the_record_says_so():
    assert "OffTheShelfTherapy" not in types(donor="Allogeneic")
    assert "OffTheShelfTherapy" in types(donor="Allogeneic", preparation="ReadyMade")


def test_a_graft_is_allogeneic_and_not_off_the_shelf():
    found = types(
        modality="HematopoieticStemCellTherapy", donor="Allogeneic", cellSource="CordBlood"
    )
    assert "AllogeneicTherapy" in found
    assert "OffTheShelfTherapy" not in found


@pytest.mark.parametrize("donor", ["NotStated", "EitherDonor", "NotApplicable"])
def test_a_donor_that_is_not_known_to_be_one_of_both_gives_no_class(donor):
    found = types(modality="CARTTherapy", donor=donor)
    assert not found & {"AllogeneicTherapy", "AutologousTherapy", "OffTheShelfTherapy"}


def test_nothing_is_inferred_from_what_is_merely_usual():
    assert "AutologousTherapy" not in types(donor="NotStated", usualDonor="Autologous")


def test_two_targets_and_not_a_spared_one_make_a_multi_target_construct():
    assert "MultiTargetConstruct" in types(targets=[CD19, CD20])
    spared = (CONSTRUCT, TKG.spares, CD20)
    quads = inferred_quads(store(*construct(targets=[CD19]), spared))
    assert TKG.MultiTargetConstruct not in {quad.object for quad in quads}


def test_a_variant_implies_the_antigen_that_it_is_a_form_of_and_no_family():
    family, member = antigen_iri("NKG2DL"), antigen_iri("MICA")
    facts = [
        *construct(targets=[VIII, family]),
        (VIII, TKG.variantOf, EGFR),
        (family, TKG.hasMember, member),
    ]
    found = {q.object for q in inferred_quads(store(*facts)) if q.predicate == TKG.targetsOrVariant}
    assert found == {VIII, EGFR, family}


def test_a_condition_implies_everything_above_it_by_every_path_and_stops_at_circles():
    low, left, right, top = (concept_iri(f"MONDO:{number}") for number in range(4))
    facts = [
        (TRIAL, TKG.condition, low),
        (low, SKOS.broader, left),
        (low, SKOS.broader, right),
        (left, SKOS.broader, top),
        (right, SKOS.broader, top),
        (top, SKOS.broader, low),
    ]
    found = [q for q in inferred_quads(store(*facts)) if q.predicate == TKG.conditionOrBroader]
    assert {quad.object for quad in found} == {low, left, right, top}
    assert len(found) == 4


def test_no_inferred_triple_stands_in_another_graph_and_a_second_run_adds_none():
    facts = store(*construct(modality="CARNKTherapy", donor="Allogeneic", targets=[CD19, CD20]))
    first = inferred_quads(facts)
    stated = {(q.subject, q.predicate, q.object) for q in facts.engine}
    assert not stated & {(q.subject, q.predicate, q.object) for q in first}
    assert {quad.graph_name for quad in first} == {INFERRED}
    facts.engine.extend(first)
    assert inferred_quads(facts) == first


def test_the_answer_does_not_depend_on_the_order_of_what_is_stated():
    facts = [*construct(donor="Allogeneic"), *construct(ox.NamedNode("urn:other"), "TCellEngager")]
    assert inferred_quads(store(*facts)) == inferred_quads(store(*reversed(facts)))


def test_a_definition_that_the_rules_cannot_evaluate_is_an_error_that_names_the_class():
    graph = load_ontology()
    graph.parse(
        format="turtle",
        data="""
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix tkg: <https://w3id.org/trialkg/ontology#> .
        tkg:NoTarget owl:equivalentClass
            [ a owl:Restriction ; owl:onProperty tkg:targets ; owl:maxCardinality 0 ] .
        """,
    )
    with pytest.raises(OntologyError, match="NoTarget"):
        definitions(graph)


def modalities() -> list[str]:
    graph = load_ontology()
    defined = {name.value for name in definitions(graph)}
    below = graph.subjects(RDFS.subClassOf, URIRef(TKG.Construct.value))
    return sorted(str(one).partition("#")[2] for one in below if str(one) not in defined)


def every_case() -> list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    """Describe a construct for each modality with each effector cell, and with each donor.

    No definition reads effector cell and donor at once, so that each pair of them is enough. NK
    cells in a product of NKT cells contradict each other and cannot occur.
    """
    facts = []
    effectors, donors = CODE_LISTS["EffectorCell"], CODE_LISTS["Donor"]
    for number, (modality, effector) in enumerate(itertools.product(modalities(), effectors)):
        if (modality, effector) != CONTRADICTION:
            node = ox.NamedNode(f"{TRIAL.value}/construct/{number}")
            targets, donor = (CD19, CD20)[: number % 3], donors[number % len(donors)]
            facts += construct(node, modality, targets, effectorCell=effector, donor=donor)
    return facts


def shelf_cases() -> list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    """Describe cells of each source and donor, ready made or not: one definition reads all."""
    donors, sources = CODE_LISTS["Donor"], CODE_LISTS["CellSource"]
    cells = ("CARNKTherapy", "HematopoieticStemCellTherapy")
    facts = []
    cases = itertools.product(cells, donors, sources, ({}, {"preparation": "ReadyMade"}))
    for number, (modality, donor, source, made) in enumerate(cases):
        node = ox.NamedNode(f"{TRIAL.value}/construct/shelf-{number}")
        facts += construct(node, modality, donor=donor, cellSource=source, **made)
    return facts


CONTRADICTION = ("CARNKTTherapy", "NKCell")


def as_rdflib(facts) -> Graph:
    graph = Graph()
    for triple in facts:
        graph.add(tuple(URIRef(term.value) for term in triple))
    return graph


def types_by_rules(facts) -> set[tuple[str, str]]:
    quads = inferred_quads(store(*facts))
    return {(q.subject.value, q.object.value) for q in quads if q.predicate == RDF.type}


def types_by_hermit(facts) -> set[tuple[str, str]]:
    graph = as_rdflib(facts)
    antigens = set(graph.objects(None, URIRef(TKG.targets.value)))
    state_all_different(graph, antigens)
    subjects = {str(subject) for subject, _, _ in graph}
    return {
        (str(s), str(o))
        for s, p, o in classify(graph)
        if str(p) == RDF.type.value and str(s) in subjects
    }


@needs_java
def test_hermit_and_the_rules_infer_the_same_types_for_every_kind_of_construct():
    facts = every_case()
    assert len(modalities()) == 26
    assert len({subject for subject, _, _ in facts}) == 26 * 9 - 1
    facts += shelf_cases()
    assert types_by_rules(facts) == types_by_hermit(facts)


REASONED_OVER = (RDF.type, TKG.targets, TKG.spares, TKG.effectorCell, TKG.cellSource, TKG.donor)


def construct_facts(engine) -> list[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode]]:
    """Return what records state of their constructs, without what was inferred."""
    constructs = {q.subject for q in engine.quads_for_pattern(None, RDF.type, TKG.Construct, None)}
    return [
        (quad.subject, quad.predicate, quad.object)
        for subject in constructs
        for quad in engine.quads_for_pattern(subject, None, None, None)
        if quad.predicate in REASONED_OVER and quad.graph_name != INFERRED
    ]


@needs_java
def test_hermit_and_the_rules_infer_the_same_types_for_the_bundled_examples(tmp_path):
    build(tmp_path, [EXAMPLES], LOADERS, settings=Settings(processes=1))
    with Store.read_only(current_snapshot(tmp_path)) as published:
        facts = construct_facts(published.engine)
        inferred = published.engine.quads_for_pattern(None, RDF.type, None, INFERRED)
        by_rules = {(quad.subject.value, quad.object.value) for quad in inferred}
    assert len({subject for subject, _, _ in facts}) >= 25
    assert by_rules == types_by_hermit(facts)
