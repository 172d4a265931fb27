"""A small graph that has every kind of node and edge, and text that breaks careless writers."""

import pyoxigraph as ox
import pytest

from kg.infer import inferred_quads
from kg.iris import (
    antigen_iri,
    city_iri,
    concept_iri,
    country_iri,
    facility_iri,
    named_graph,
    organization_iri,
    part_iri,
    product_iri,
    record_graph,
    trial_iri,
)
from kg.quads import ontology_quads
from kg.store import Store
from kg.vocab import OA, RDF, RDFS, SKOS, TKG, XSD

RECORD = record_graph("clinicaltrials", "NCT00000001")
TRIAL = trial_iri("clinicaltrials", "NCT00000001")
CONSTRUCT = part_iri(TRIAL, "construct", "car")
HOSTILE = 'A\x00B\x0b<&">\r\n\tC\ufffe\u2028D|E ' + "long " * 20_000


def text(value):
    return ox.Literal(value)


def record():
    arm, use, site = (part_iri(TRIAL, *key) for key in (("arm", "a"), ("use", "u"), ("site", "s")))
    term, finding = part_iri(TRIAL, "condition-term", "t"), part_iri(TRIAL, "finding", "f")
    quote = part_iri(TRIAL, "evidence", "e")
    return [
        (TRIAL, RDF.type, TKG.Trial),
        (TRIAL, TKG.registryId, text("NCT00000001")),
        (TRIAL, TKG.briefTitle, text(HOSTILE)),
        (TRIAL, TKG.phase, TKG.Phase1),
        (TRIAL, TKG.phase, TKG.Phase2),
        (TRIAL, TKG.enrollment, ox.Literal(12)),
        (TRIAL, TKG.abridged, ox.Literal(value=True)),
        (TRIAL, TKG.investigates, CONSTRUCT),
        (TRIAL, TKG.leadSponsor, TKG.IndividualSponsorRole),
        (TRIAL, TKG.collaborator, organization_iri("acme")),
        (TRIAL, TKG.arm, arm),
        (arm, RDF.type, TKG.Arm),
        (arm, TKG.armLabel, text("Arm")),
        (TRIAL, TKG.use, use),
        (use, TKG.inArm, arm),
        (use, TKG.construct, CONSTRUCT),
        (use, TKG.role, TKG.ExperimentalRole),
        (TRIAL, TKG.site, site),
        (site, RDF.type, TKG.SiteParticipation),
        (site, TKG.facility, facility_iri("CN", "chengdu", "hospital")),
        (site, TKG.country, country_iri("CN")),
        (site, TKG.siteStatus, TKG.Recruiting),
        (site, TKG.openForEnrolment, ox.Literal(value=True)),
        (TRIAL, TKG.conditionTerm, term),
        (TRIAL, TKG.condition, concept_iri("MONDO:0008433")),
        (term, RDF.type, TKG.ConditionTerm),
        (term, TKG.asListed, text("SCLC")),
        (term, TKG.concept, concept_iri("MONDO:0008433")),
        (CONSTRUCT, RDF.type, TKG.Construct),
        (CONSTRUCT, RDF.type, TKG.CARNKTherapy),
        (CONSTRUCT, RDFS.label, text("DLL3 CAR")),
        (CONSTRUCT, SKOS.altLabel, text("one|two")),
        (CONSTRUCT, TKG.targets, antigen_iri("DLL3")),
        (CONSTRUCT, TKG.targets, antigen_iri("GD2")),
        (CONSTRUCT, TKG.product, product_iri("tarlatamab")),
        (finding, RDF.subject, CONSTRUCT),
        (finding, RDF.predicate, TKG.targets),
        (finding, RDF.object, antigen_iri("DLL3")),
        (finding, TKG.basis, TKG.Stated),
        (finding, TKG.confidence, ox.Literal("0.9", datatype=XSD.decimal)),
        (finding, TKG.evidence, quote),
        (quote, OA.exact, text("targeting\tDLL3 <br>")),
    ]


def lexicon():
    return [
        (antigen_iri("DLL3"), RDF.type, TKG.Antigen),
        (antigen_iri("DLL3"), RDFS.label, text("DLL3")),
        (antigen_iri("DLL3"), TKG.antigenKind, TKG.Protein),
        (antigen_iri("DLL3"), SKOS.notation, text("HGNC:2909")),
        (antigen_iri("GD2"), RDF.type, TKG.Antigen),
        (antigen_iri("GD2"), RDFS.label, text("GD2")),
        (antigen_iri("GD2"), TKG.antigenKind, TKG.Glycolipid),
        (product_iri("tarlatamab"), RDF.type, TKG.Product),
        (product_iri("tarlatamab"), RDFS.label, text("tarlatamab")),
        (product_iri("tarlatamab"), TKG.productTarget, antigen_iri("DLL3")),
        (concept_iri("MONDO:0008433"), RDF.type, SKOS.Concept),
        (concept_iri("MONDO:0008433"), RDFS.label, text("small cell lung carcinoma")),
        (concept_iri("MONDO:0008433"), SKOS.notation, text("MONDO:0008433")),
        (concept_iri("MONDO:0008433"), SKOS.broader, concept_iri("MONDO:0004992")),
        (concept_iri("MONDO:0004992"), RDF.type, SKOS.Concept),
        (concept_iri("MONDO:0004992"), RDFS.label, text("cancer")),
    ]


def changes():
    event = part_iri(TRIAL, "change", "2026-01-02-status-changed-a")
    return [
        (event, RDF.type, TKG.ChangeEvent),
        (event, TKG.ofTrial, TRIAL),
        (event, TKG.changeType, TKG.StatusChanged),
        (event, TKG.subjectNode, TRIAL),
        (event, TKG.changedProperty, TKG.recruitmentStatus),
        (event, TKG.before, TKG.Recruiting),
        (event, TKG.after, TKG.Completed),
        (event, TKG.registryDate, ox.Literal("2026-01-01", datatype=XSD.date)),
        (event, TKG.seenDate, ox.Literal("2026-01-02", datatype=XSD.date)),
    ]


def shared_nodes():
    facility, city = facility_iri("CN", "chengdu", "hospital"), city_iri("CN", "chengdu")
    return [
        (organization_iri("acme"), RDF.type, TKG.Organization),
        (organization_iri("acme"), RDFS.label, text("Acme")),
        (facility, RDF.type, TKG.Facility),
        (facility, RDFS.label, text("Hospital")),
        (facility, TKG.city, city),
        (city, RDF.type, TKG.City),
        (city, RDFS.label, text("Chengdu")),
        (city, TKG.country, country_iri("CN")),
        (country_iri("CN"), RDF.type, TKG.Country),
        (country_iri("CN"), RDFS.label, text("China")),
    ]


@pytest.fixture
def store():
    with Store.in_memory() as store:
        for graph, triples in (
            (RECORD, record()),
            (named_graph("lexicon"), lexicon()),
            (named_graph("shared"), shared_nodes()),
            (named_graph("changes"), changes()),
        ):
            store.engine.extend(ox.Quad(s, p, o, graph) for s, p, o in triples)
        store.engine.extend(ontology_quads())
        store.engine.extend(inferred_quads(store))
        yield store
