"""Shared nodes follow from the records that link to them and from the tables alone."""

import io
import random
from functools import cache, partial

from pyoxigraph import Literal, Quad

from kg.beside import Beside, Linked
from kg.extract.lexicon import load_lexicon
from kg.gathered import Gathered
from kg.iris import (
    city_iri,
    country_iri,
    facility_iri,
    geometry_iri,
    named_graph,
    organization_iri,
    part_iri,
    record_graph,
    trial_iri,
)
from kg.quads import literals
from kg.quads.text import quad_tokens
from kg.resources import LEXICON
from kg.shared import shared_quads
from kg.store import Store
from kg.validate import Described
from kg.vocab import GEO, GEOSPARQL, RDF, RDFS, TKG
from kg.void import Counts

lexicon = cache(partial(load_lexicon, (LEXICON,)))


def site(registry_id, *, city, facility=None, latitude=None, longitude=None):
    trial = trial_iri("clinicaltrials", registry_id)
    graph = record_graph("clinicaltrials", registry_id)
    node = part_iri(trial, "site", facility or city)
    triples = [
        (trial, TKG.site, node),
        (node, TKG.country, country_iri("CN")),
        (node, TKG.city, city_iri("CN", city)),
    ]
    if facility:
        triples.append((node, TKG.facility, facility_iri("CN", city, facility)))
    if latitude is not None:
        triples.append((node, GEO.lat, literals.decimal(latitude)))
        triples.append((node, GEO.long, literals.decimal(longitude)))
    return [Quad(*triple, graph) for triple in triples]


def sponsorship(registry_id, key, sponsor_class):
    trial = trial_iri("clinicaltrials", registry_id)
    graph = record_graph("clinicaltrials", registry_id)
    node = part_iri(trial, "sponsorship", f"lead-{key}")
    return [
        Quad(trial, TKG.leadSponsor, organization_iri(key), graph),
        Quad(node, TKG.organization, organization_iri(key), graph),
        Quad(node, TKG.sponsorClass, sponsor_class, graph),
    ]


def shared(*groups):
    with Store.in_memory() as store, Store.in_memory() as other:
        for quads in groups:
            store.engine.extend(quads)
        found = shared_quads(store, lexicon())
        assert shared_quads(other, lexicon(), Linked(other, left(groups)).stated()) == found
        return found


def left(groups):
    """What these records leave where they are made in bulk."""
    counts, gathered = Counts(), Gathered()
    for quads in groups:
        described, one = Described(dict.fromkeys(quad_tokens(quads))), Gathered()
        counts.add("clinicaltrials", described, ())
        one.add("registry.clinicaltrials", described)
        gathered.update(one)
    return Beside((), counts, gathered, io.BytesIO(), conforms=True)


def values(quads, subject, predicate):
    return [q.object for q in quads if q.subject == subject and q.predicate == predicate]


def test_a_facility_is_described_once_for_all_trials():
    found = shared(
        site("NCT1", city="shanghai", facility="huashan-hospital"),
        site("NCT2", city="shanghai", facility="huashan-hospital"),
    )
    node = facility_iri("CN", "shanghai", "huashan-hospital")
    assert values(found, node, RDF.type) == [TKG.Facility]
    assert values(found, node, TKG.city) == [city_iri("CN", "shanghai")]
    assert values(found, node, RDFS.label) == [Literal("Huashan Hospital")]
    assert {q.graph_name for q in found} == {named_graph("shared")}


def test_a_city_of_the_gazetteer_has_its_coordinates_from_there():
    found = shared(site("NCT1", city="shanghai", latitude=1.0, longitude=2.0))
    known = lexicon().gazetteer.cities["CN", "shanghai"]
    assert values(found, geometry_iri(city_iri("CN", "shanghai")), GEOSPARQL.asWKT)[0].value == (
        f"POINT({known.longitude} {known.latitude})"
    )


def test_a_city_without_a_row_has_the_smallest_pair_that_is_stated():
    groups = [
        site("NCT1", city="nowhere", latitude=31.5, longitude=121.0),
        site("NCT2", city="nowhere", latitude=9.25, longitude=122.0),
        site("NCT3", city="nowhere"),
    ]
    node = city_iri("CN", "nowhere")
    assert [v.value for v in values(shared(*groups), geometry_iri(node), GEOSPARQL.asWKT)] == [
        "POINT(122 9.25)"
    ]
    assert values(shared(*groups), node, RDFS.label) == [Literal("Nowhere")]


def test_a_city_that_nobody_places_has_no_geometry():
    found = shared(site("NCT1", city="nowhere"))
    assert values(found, city_iri("CN", "nowhere"), GEOSPARQL.hasGeometry) == []


def test_a_country_has_its_name():
    found = shared(site("NCT1", city="shanghai"))
    assert values(found, country_iri("CN"), RDFS.label) == [Literal("China")]


def test_an_organisation_has_every_class_that_is_stated():
    found = shared(
        sponsorship("NCT1", "acme", TKG.IndustrySponsor),
        sponsorship("NCT2", "acme", TKG.UnknownSponsorClass),
        sponsorship("NCT3", "acme", TKG.OtherSponsor),
    )
    assert set(values(found, organization_iri("acme"), TKG.sponsorClass)) == {
        TKG.IndustrySponsor,
        TKG.OtherSponsor,
    }


def test_an_unknown_class_is_kept_where_it_is_the_only_one():
    found = shared(sponsorship("NCT1", "acme", TKG.UnknownSponsorClass))
    assert values(found, organization_iri("acme"), TKG.sponsorClass) == [TKG.UnknownSponsorClass]


def test_a_person_is_no_organisation():
    trial, graph = trial_iri("clinicaltrials", "NCT1"), record_graph("clinicaltrials", "NCT1")
    node = part_iri(trial, "sponsorship", "lead-individual")
    found = shared(
        [
            Quad(trial, TKG.leadSponsor, TKG.IndividualSponsorRole, graph),
            Quad(node, TKG.organization, TKG.IndividualSponsorRole, graph),
            Quad(node, TKG.sponsorClass, TKG.IndividualSponsor, graph),
        ]
    )
    assert found == []


def test_what_was_made_before_says_nothing():
    with Store.in_memory() as store:
        store.engine.extend(site("NCT1", city="shanghai", facility="huashan-hospital"))
        first = shared_quads(store, lexicon())
        store.engine.extend(first)
        store.remove(record_graph("clinicaltrials", "NCT1"))
        assert shared_quads(store, lexicon()) == []


def test_the_order_of_the_records_does_not_matter():
    groups = [
        site(f"NCT{n}", city=f"city-{n % 3}", facility=f"f-{n % 5}", latitude=n, longitude=-n)
        for n in range(9)
    ]
    groups += [sponsorship(f"NCT{n}", f"o-{n % 2}", TKG.OtherSponsor) for n in range(4)]
    first = shared(*groups)
    random.Random(1).shuffle(groups)
    assert shared(*groups) == first
