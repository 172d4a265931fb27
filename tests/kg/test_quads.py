"""One record as quads: what is said, where, and in which form."""

import datetime as dt
from decimal import Decimal
from functools import cache, partial

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.errors import LexiconError, OntologyError
from kg.extract.findings import (
    Claim,
    Component,
    ConditionTerm,
    Construct,
    Criterion,
    Evidence,
    Extraction,
    Mention,
    Place,
    Qualifier,
    Use,
)
from kg.extract.lexicon import load_lexicon
from kg.iris import antigen_iri, concept_iri, facility_iri, record_graph, trial_iri
from kg.quads import RecordGraph, dropped_fields, record_quads
from kg.records import (
    Age,
    Arm,
    Dropped,
    Intervention,
    Mesh,
    Outcome,
    PartialDate,
    Site,
    Sponsor,
    Text,
    Trial,
)
from kg.resources import LEXICON
from kg.vocab import GEO, OA, PROV, RDF, RDFS, TKG, XSD

lexicon = cache(partial(load_lexicon, (LEXICON,)))
GRAPH = RecordGraph(
    first_seen=dt.date(2026, 4, 24),
    last_changed=dt.date(2026, 8, 22),
    source_hash="abc",
    loader_version="1",
    extraction_version="1",
    lexicon_version="l",
    ontology_version="o",
    source="https://clinicaltrials.gov/study/NCT00000001",
)
NODE = trial_iri("clinicaltrials", "NCT00000001")
TITLE = "DLL3 CAR-NK in SCLC"


def text(words, field="/x"):
    return Text(field=field, raw=words, plain=words)


def claim(value, evidence=(), **more):
    return Claim(
        value=value, basis="Stated", rule="test", confidence=0.9, evidence=evidence, **more
    )


def trial(**fields):
    return Trial(
        registry="clinicaltrials",
        registry_id="NCT00000001",
        brief_title=text(TITLE, "/protocolSection/identificationModule/briefTitle"),
        **fields,
    )


def quote(words, start=0):
    return Evidence(
        field="/protocolSection/identificationModule/briefTitle",
        exact=words,
        start=start,
        end=start + len(words),
    )


def construct(label="DLL3 CAR-NK", targets=("DLL3",), **fields):
    given = {
        "modality": claim("CARNKTherapy", (quote("CAR-NK", 5),)),
        "effector_cell": claim("NKCell"),
        "cell_source": claim("NotStated"),
        "donor": claim("NotStated"),
        "target_logic": claim("SingleTarget"),
        "target_disclosure": claim("TargetStated"),
        "targets": tuple(claim(key, (quote("DLL3"),)) for key in targets),
        "evidence": (quote("DLL3 CAR-NK"),),
    }
    return Construct(label=label, **{**given, **fields})


def quads(a_trial, extraction=None, graph=GRAPH):
    return record_quads(a_trial, extraction or Extraction(), lexicon(), graph)


def triples(*arguments):
    return {(q.subject, q.predicate, q.object) for q in quads(*arguments)}


def values(found, subject, predicate):
    return [o for s, p, o in sorted(found, key=str) if s == subject and p == predicate]


def nodes(found, kind):
    return sorted(
        (s for s, p, o in found if p == RDF.type and o == kind), key=lambda node: node.value
    )


def test_every_quad_stands_in_the_graph_of_the_record():
    assert {q.graph_name for q in quads(trial())} == {record_graph("clinicaltrials", "NCT00000001")}


def test_a_trial_says_its_registry_id_and_title():
    found = triples(trial(source_url="https://clinicaltrials.gov/study/NCT00000001"))
    assert (NODE, TKG.registry, Literal("clinicaltrials")) in found
    assert (NODE, TKG.registryId, Literal("NCT00000001")) in found
    assert (NODE, TKG.briefTitle, Literal(TITLE)) in found
    assert (
        NODE,
        TKG.registryPage,
        NamedNode("https://clinicaltrials.gov/study/NCT00000001"),
    ) in found


def test_the_graph_says_from_what_and_with_what_it_was_made():
    found = triples(trial())
    graph = record_graph("clinicaltrials", "NCT00000001")
    assert values(found, graph, PROV.generatedAtTime) == [
        Literal("2026-08-22T00:00:00Z", datatype=XSD.dateTime)
    ]
    assert values(found, graph, TKG.sourceHash) == [Literal("abc")]
    assert values(found, graph, TKG.recordOf) == [NODE]
    assert values(found, NODE, TKG.firstSeen) == [Literal("2026-04-24", datatype=XSD.date)]
    assert values(found, NODE, TKG.lastChanged) == [Literal("2026-08-22", datatype=XSD.date)]


def test_a_month_is_its_first_day_and_says_its_precision():
    date = PartialDate(day=dt.date(2026, 3, 1), precision="Month", date_type="EstimatedDate")
    found = triples(trial(start_date=date))
    assert values(found, NODE, TKG.startDate) == [Literal("2026-03-01", datatype=XSD.date)]
    assert values(found, NODE, TKG.startDatePrecision) == [TKG.Month]
    assert values(found, NODE, TKG.startDateType) == [TKG.EstimatedDate]


def test_empty_texts_and_unprintable_characters_are_not_written():
    found = triples(trial(keywords=(text("  "), text("a\x00b"))))
    assert values(found, NODE, TKG.keyword) == [Literal("ab")]


def test_a_code_that_the_ontology_lacks_is_an_error():
    with pytest.raises(OntologyError, match="Phase9"):
        quads(trial(phases=("Phase9",)))


def test_an_antigen_without_a_row_is_an_error():
    extraction = Extraction(constructs=(construct(targets=("XYZ",)),))
    with pytest.raises(LexiconError, match="XYZ"):
        quads(trial(), extraction)


def test_every_derived_triple_has_one_finding_that_leads_to_its_quote():
    found = triples(trial(), Extraction(constructs=(construct(),)))
    (node,) = nodes(found, TKG.Construct)
    assert (node, TKG.targets, antigen_iri("DLL3")) in found
    (finding,) = [
        one
        for one in nodes(found, TKG.Finding)
        if (one, RDF.subject, node) in found
        and (one, RDF.predicate, TKG.targets) in found
        and (one, RDF.object, antigen_iri("DLL3")) in found
    ]
    (evidence,) = values(found, finding, TKG.evidence)
    assert values(found, evidence, OA.exact) == [Literal("DLL3")]
    assert values(found, evidence, OA.start) == [Literal("0", datatype=XSD.integer)]
    assert values(found, evidence, OA.end) == [Literal("4", datatype=XSD.integer)]
    assert set(values(found, evidence, RDF.type)) == {
        TKG.Evidence,
        OA.TextQuoteSelector,
        OA.TextPositionSelector,
    }


def test_findings_speak_only_of_triples_that_are_there():
    extraction = Extraction(
        constructs=(construct(hla_restriction=(claim("HLA-A*02:01"),)),),
        uses=(Use(role=claim("ExperimentalRole"), construct=0),),
        conditions=(
            ConditionTerm(position=0, mapping="ExactMapping", concept=claim("MONDO:0008433")),
        ),
        record_flags=(claim("SelfDescribedExample"),),
        design_features=(claim("Adaptive"),),
        monitored_risks=(claim("ICANS"),),
    )
    found = triples(trial(conditions=(text("SCLC"),)), extraction)
    spoken = {
        tuple(values(found, one, part)[0] for part in (RDF.subject, RDF.predicate, RDF.object))
        for one in nodes(found, TKG.Finding)
    }
    assert spoken <= found
    predicates = {predicate for _, predicate, _ in spoken}
    assert {
        RDF.type,
        TKG.role,
        TKG.concept,
        TKG.recordFlag,
        TKG.designFeature,
        TKG.monitoredRisk,
        TKG.hlaRestriction,
    } <= predicates


def test_two_claims_of_one_triple_make_one_finding_with_both_quotes():
    weak = Claim(
        value="Adaptive", basis="Implied", rule="b", confidence=0.5, evidence=(quote("DLL3"),)
    )
    strong = claim("Adaptive", (quote("CAR-NK", 5),))
    found = triples(trial(), Extraction(design_features=(weak, strong)))
    (finding,) = nodes(found, TKG.Finding)
    assert values(found, finding, TKG.rule) == [Literal("test")]
    assert len(values(found, finding, TKG.evidence)) == 2


def test_what_is_experimental_in_any_use_is_investigated():
    arms = (Arm(label=text("A")), Arm(label=text("B")))
    uses = tuple(
        Use(role=claim(role), arm=arm, construct=number)
        for role, arm, number in (
            ("PartnerRole", 0, 0),
            ("ExperimentalRole", 1, 0),
            ("ComparatorRole", 1, 1),
        )
    )
    extraction = Extraction(constructs=(construct("One"), construct("Two")), uses=uses)
    found = triples(trial(arms=arms), extraction)
    (investigated,) = values(found, NODE, TKG.investigates)
    assert values(found, investigated, RDFS.label) == [Literal("One")]
    assert len(values(found, NODE, TKG.use)) == 3


def test_a_role_that_follows_from_a_code_quotes_the_name_of_what_is_given():
    listed = (Intervention(name=text("X1", "/interventions/0/name")),)
    extraction = Extraction(uses=(Use(role=claim("ExperimentalRole"), intervention=0),))
    found = triples(trial(interventions=listed), extraction)
    (evidence,) = nodes(found, TKG.Evidence)
    assert values(found, evidence, TKG.field) == [Literal("/interventions/0/name")]
    assert values(found, evidence, OA.exact) == [Literal("X1")]


def test_nodes_are_named_by_content_and_counted_on_repetition():
    found = triples(trial(arms=(Arm(label=text("Arm A")), Arm(label=text("arm a")))))
    assert [node.value.rsplit("/", 1)[1] for node in nodes(found, TKG.Arm)] == ["arm-a", "arm-a-2"]


def test_a_label_without_letters_still_names_its_node():
    found = triples(trial(arms=(Arm(label=text("---")),)))
    (node,) = nodes(found, TKG.Arm)
    assert values(found, node, TKG.armLabel) == [Literal("---")]


def site(country="China", **fields):
    return Site(field="/s/0", country=country, **fields)


PLACE = Place(position=0, country="CN", city="shanghai", facility="huashan-hospital")


@pytest.mark.parametrize(
    ("trial_status", "own", "status", "basis", "is_open"),
    [
        ("Recruiting", "Recruiting", TKG.Recruiting, TKG.Reported, "true"),
        ("Recruiting", None, TKG.Recruiting, TKG.FromTrialStatus, "true"),
        ("Recruiting", "Completed", TKG.Completed, TKG.Reported, "false"),
        ("ActiveNotRecruiting", "Recruiting", TKG.Recruiting, TKG.Reported, "false"),
        ("UnknownStatus", "Recruiting", TKG.Recruiting, TKG.LastReported, "false"),
        ("UnknownStatus", None, TKG.UnknownStatus, TKG.FromTrialStatus, "false"),
        ("NotYetRecruiting", None, TKG.NotYetRecruiting, TKG.FromTrialStatus, "false"),
        ("EnrollingByInvitation", None, TKG.EnrollingByInvitation, TKG.FromTrialStatus, "false"),
    ],
)
def test_a_site_is_open_when_it_and_its_trial_recruit(trial_status, own, status, basis, is_open):
    a_trial = trial(recruitment_status=trial_status, sites=(site(facility="Huashan", status=own),))
    found = triples(a_trial, Extraction(places=(PLACE,)))
    (node,) = nodes(found, TKG.SiteParticipation)
    assert values(found, node, TKG.siteStatus) == [status]
    assert values(found, node, TKG.siteStatusBasis) == [basis]
    assert values(found, node, TKG.openForEnrolment) == [Literal(is_open, datatype=XSD.boolean)]


def test_a_site_keeps_the_words_and_links_the_places():
    listed = site(facility="Huashan Hospital", city="Shanghai", latitude=31.2, longitude=121.0)
    found = triples(trial(sites=(listed,)), Extraction(places=(PLACE,)))
    (node,) = nodes(found, TKG.SiteParticipation)
    assert values(found, node, TKG.facility) == [facility_iri("CN", "shanghai", "huashan-hospital")]
    assert values(found, node, TKG.asListed) == [Literal("Huashan Hospital")]
    assert values(found, node, GEO.long) == [Literal("121", datatype=XSD.decimal)]
    assert nodes(found, TKG.Facility) == []


@pytest.mark.parametrize(
    ("country", "city", "listed"),
    [
        ("China", "Shanghai", []),
        ("China", "Shanghai Shi", ["Shanghai Shi"]),
        ("P.R. China", "Shanghai", ["P.R. China"]),
    ],
)
def test_a_place_stands_as_listed_only_where_its_label_is_another(country, city, listed):
    sites = (site(facility="Huashan Hospital", city=city, country=country),)
    found = triples(trial(sites=sites), Extraction(places=(PLACE,)))
    (node,) = nodes(found, TKG.SiteParticipation)
    assert [
        one.value
        for name in (TKG.cityAsListed, TKG.countryAsListed)
        for one in values(found, node, name)
    ] == listed


def test_moving_a_site_in_the_list_renames_none():
    one, other = site(facility="Research Site", city="A"), site(facility="Research Site", city="B")
    first, second = (
        {
            (node.value, values(found, node, TKG.cityAsListed)[0].value)
            for node in nodes(found, TKG.SiteParticipation)
        }
        for found in (triples(trial(sites=(one, other))), triples(trial(sites=(other, one))))
    )
    assert first == second


def test_a_facility_without_a_name_is_dropped_and_reported():
    a_trial = trial(sites=(site(facility="---", city="Shanghai"),))
    extraction = Extraction(places=(Place(position=0, country="CN", city="shanghai"),))
    found = triples(a_trial, extraction)
    (dropped,) = nodes(found, TKG.DroppedField)
    assert values(found, dropped, TKG.field) == [Literal("/s/0/facility")]
    assert values(found, dropped, TKG.verbatim) == [Literal("---")]
    (node,) = nodes(found, TKG.SiteParticipation)
    assert values(found, node, TKG.facility) == []


def test_a_country_that_is_not_known_is_dropped_and_reported():
    (dropped,) = dropped_fields(trial(sites=(site(),)), Extraction(places=(Place(position=0),)))
    assert (dropped.field, dropped.value) == ("/s/0/country", "China")


def test_a_field_that_the_loader_could_not_read_is_kept_verbatim():
    field = Dropped(field="/a/b", value='{"x": 1}', reason="no code of phase")
    found = triples(trial(dropped=(field,)))
    (node,) = nodes(found, TKG.DroppedField)
    assert values(found, node, TKG.verbatim) == [Literal('{"x": 1}')]


def test_a_person_as_sponsor_has_no_name():
    a_trial = trial(lead_sponsor=Sponsor(name="", sponsor_class="IndividualSponsor", person=True))
    found = triples(a_trial, Extraction(organizations=(None,)))
    assert values(found, NODE, TKG.leadSponsor) == [TKG.IndividualSponsorRole]
    (node,) = nodes(found, TKG.Sponsorship)
    assert values(found, node, TKG.asListed) == []


def test_organisations_are_linked_in_the_order_of_the_sponsors():
    a_trial = trial(lead_sponsor=Sponsor(name="Lead"), collaborators=(Sponsor(name="Helper"),))
    found = triples(a_trial, Extraction(organizations=("lead", "helper")))
    assert [o.value.rsplit("/", 1)[1] for o in values(found, NODE, TKG.leadSponsor)] == ["lead"]
    assert [o.value.rsplit("/", 1)[1] for o in values(found, NODE, TKG.collaborator)] == ["helper"]


def test_a_trial_without_lead_sponsor_keeps_its_collaborators():
    a_trial = trial(collaborators=(Sponsor(name="Helper"),))
    found = triples(a_trial, Extraction(organizations=(None, "helper")))
    assert values(found, NODE, TKG.leadSponsor) == []
    assert len(values(found, NODE, TKG.collaborator)) == 1


def test_a_condition_keeps_its_words_concept_and_qualifiers():
    term = ConditionTerm(
        position=0,
        mapping="BroaderMapping",
        concept=claim("MONDO:0008433"),
        qualifiers=(Qualifier(axis="stage", value="extensive"),),
    )
    found = triples(trial(conditions=(text("ES-SCLC"),)), Extraction(conditions=(term,)))
    (node,) = nodes(found, TKG.ConditionTerm)
    assert values(found, node, TKG.asListed) == [Literal("ES-SCLC")]
    assert values(found, node, TKG.concept) == [concept_iri("MONDO:0008433")]
    assert values(found, NODE, TKG.condition) == [concept_iri("MONDO:0008433")]
    (qualifier,) = values(found, node, TKG.qualifier)
    assert values(found, qualifier, TKG.qualifierValue) == [Literal("extensive")]


def test_the_registrys_own_mesh_terms_stay_apart():
    found = triples(trial(registry_mesh=(Mesh(id="D055752", term="SCLC"),)))
    assert values(found, NODE, TKG.registryMesh) == [concept_iri("MESH:D055752")]
    assert values(found, NODE, TKG.condition) == []


def test_a_criterion_hangs_below_its_parent():
    words = "DLL3 CAR-NK"
    criteria = (
        Criterion(text=words, polarity="Inclusion", evidence=quote(words)),
        Criterion(text="DLL3", polarity="Inclusion", evidence=quote("DLL3"), parent=0),
    )
    found = triples(trial(), Extraction(criteria=criteria))
    (child,) = [
        one for one in nodes(found, TKG.Criterion) if values(found, one, TKG.parentCriterion)
    ]
    assert values(found, child, TKG.criterionText) == [Literal("DLL3")]
    assert values(found, child, TKG.order) == [Literal("2", datatype=XSD.integer)]


def test_a_criterion_has_its_own_place_and_a_slice_only_where_its_text_is_another():
    raw = "DLL3\nCAR-NK \\> 1"
    criteria = (
        Criterion(text="DLL3 CAR-NK > 1", polarity="Inclusion", evidence=quote(raw, 8)),
        Criterion(text="Adults", polarity="Inclusion", evidence=quote("Adults")),
    )
    found = triples(trial(), Extraction(criteria=criteria))
    assert nodes(found, TKG.Evidence) == []
    assert values(found, NODE, TKG.eligibilityField) == [Literal(criteria[0].evidence.field)]
    said = {
        values(found, one, TKG.order)[0].value: [
            [value.value for value in values(found, one, name)] for name in (OA.start, OA.exact)
        ]
        for one in nodes(found, TKG.Criterion)
    }
    assert said == {"1": [["8"], [raw]], "2": [["0"], []]}


def test_an_antigen_mention_belongs_to_its_construct():
    mention = Mention(antigen="DLL3", role="TargetMention", evidence=(quote("DLL3"),), construct=0)
    found = triples(trial(), Extraction(constructs=(construct(),), mentions=(mention,)))
    (node,) = nodes(found, TKG.AntigenMention)
    assert values(found, node, TKG.construct) == nodes(found, TKG.Construct)
    assert values(found, node, TKG.inTrial) == [NODE]


def test_components_of_two_constructs_never_share_a_node():
    part = Component(kind=claim("Armour"), label="C", antigen="CD56", action="Secretes")
    other = Component(kind=claim("SafetySwitch"), label="B C")
    extraction = Extraction(
        constructs=(construct("A B", components=(part,)), construct("A", components=(other,)))
    )
    found = triples(trial(), extraction)
    assert len(nodes(found, TKG.Component)) == 2


def test_outcomes_and_interventions_are_there_as_listed():
    a_trial = trial(
        interventions=(
            Intervention(
                name=text("DLL3-CAR-NK"),
                intervention_type="BiologicalIntervention",
                other_names=(text("X1"),),
            ),
        ),
        outcomes=(Outcome(outcome_type="primary", measure=text("DLT"), time_frame="28 days"),),
    )
    found = triples(a_trial)
    (intervention,) = nodes(found, TKG.Intervention)
    assert values(found, intervention, TKG.otherName) == [Literal("X1")]
    (outcome,) = nodes(found, TKG.Outcome)
    assert values(found, outcome, TKG.timeFrame) == [Literal("28 days")]


def test_ages_stand_as_duration_in_years_and_as_listed():
    age = Age(as_listed="90 Minutes", duration="PT90M", years=Decimal("0.000170"))
    found = triples(trial(minimum_age=age))
    assert values(found, NODE, TKG.minimumAge) == [Literal("PT1H30M", datatype=XSD.duration)]
    assert values(found, NODE, TKG.minimumAgeYears) == [Literal("0.00017", datatype=XSD.decimal)]
    assert values(found, NODE, TKG.minimumAgeAsListed) == [Literal("90 Minutes")]


def test_abridged_is_said_only_where_it_is_true():
    assert values(triples(trial()), NODE, TKG.abridged) == []
    assert values(triples(trial(abridged=True)), NODE, TKG.abridged) == [
        Literal("true", datatype=XSD.boolean)
    ]


def test_the_store_gives_back_what_was_written():
    a_trial = trial(
        enrollment=0,
        has_results=False,
        minimum_age=Age(as_listed="6 Weeks", duration="P6W", years=Decimal("0.1150")),
        sites=(site(latitude=31.22220, longitude=-0.0),),
        start_date=PartialDate(day=dt.date(2026, 3, 1), precision="Day"),
    )
    written = quads(a_trial, Extraction(constructs=(construct(),), places=(PLACE,)))
    store = Store()
    store.extend(written)
    assert set(store) == set(written)
    assert len(written) == len(set(written))
    assert all(isinstance(one, Quad) for one in written)
