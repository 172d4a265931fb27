"""Shared nodes: places and organisations, from the keys in their IRIs and from table rows alone.

So two records can only mean the identical triple, and a node leaves with the last record that
links to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from kg.extract.slug_label import readable_label
from kg.iris import (
    city_iri,
    country_iri,
    facility_iri,
    geometry_iri,
    iri_keys,
    named_graph,
    organization_iri,
)
from kg.quads import literals
from kg.quads.triples import Term, Triple
from kg.vocab import GEO, GEOSPARQL, RDF, RDFS, TKG

if TYPE_CHECKING:
    from kg.extract.gazetteer import Gazetteer
    from kg.extract.lexicon import Lexicon
    from kg.store import Store

Pair = tuple[Decimal, Decimal]

_KIND = "organization"
SHARED = named_graph("shared")
SPONSORS = (TKG.leadSponsor, TKG.collaborator)


def shared_quads(store: Store, lexicon: Lexicon) -> list[Quad]:
    """Return what is said of the facilities, cities, countries and organisations in use, sorted.

    A pure function of the record graphs and of the tables. A city without a row in the gazetteer
    gets the smallest pair of coordinates that a record states.
    """
    graph = named_graph("shared")
    triples = {
        *_places(store.engine, lexicon.gazetteer),
        *_organizations(store.engine, lexicon.gazetteer),
    }
    return sorted((Quad(*triple, graph) for triple in triples), key=str)


def _links(engine: ox.Store, predicate: NamedNode) -> Iterator[tuple[NamedNode, Term]]:
    """Yield subjects and objects of a predicate in all graphs but the one that is made here."""
    for quad in engine.quads_for_pattern(None, predicate, None, None):
        if quad.graph_name != SHARED:
            yield cast("NamedNode", quad.subject), cast("Term", quad.object)


def _objects(engine: ox.Store, predicate: NamedNode) -> set[NamedNode]:
    return {value for _, value in _links(engine, predicate) if isinstance(value, NamedNode)}


def _keys(engine: ox.Store, kind: str, predicates: Iterable[NamedNode]) -> set[tuple[str, ...]]:
    """Return the keys of the nodes of one kind that are linked to."""
    linked = (node for predicate in predicates for node in _objects(engine, predicate))
    return {keys[1:] for node in linked if (keys := iri_keys(node))[:1] == (kind,)}


def _places(engine: ox.Store, gazetteer: Gazetteer) -> Iterator[Triple]:
    facilities = _keys(engine, "facility", (TKG.facility,))
    cities = _keys(engine, "city", (TKG.city,)) | {
        (country, city) for country, city, _ in facilities
    }
    countries = _keys(engine, "country", (TKG.country, TKG.claimedCountry)) | {
        (code.upper(),) for code, _ in cities
    }
    for country, city, key in facilities:
        yield from facility_triples(country, city, key, gazetteer)
    stated = _smallest_pairs(engine)
    for country, city in cities:
        yield from city_triples(country, city, gazetteer, stated)
    for (code,) in countries:
        yield from country_triples(code, gazetteer)


def country_triples(code: str, gazetteer: Gazetteer) -> Iterator[Triple]:
    """Yield what is said of a country."""
    yield country_iri(code), RDF.type, TKG.Country
    yield country_iri(code), RDFS.label, Literal(gazetteer.countries.get(code, code))


def facility_triples(country: str, city: str, key: str, gazetteer: Gazetteer) -> Iterator[Triple]:
    """Yield what is said of a facility."""
    node = facility_iri(country, city, key)
    yield node, RDF.type, TKG.Facility
    yield node, RDFS.label, Literal(gazetteer.facility_label(key))
    yield node, TKG.city, city_iri(country, city)
    yield node, TKG.country, country_iri(country)


def city_triples(
    country: str, key: str, gazetteer: Gazetteer, stated: Mapping[NamedNode, Pair]
) -> Iterator[Triple]:
    """Yield what is said of a city; `stated` is what records say of where it is."""
    node = city_iri(country, key)
    known = gazetteer.cities.get((country.upper(), key))
    yield node, RDF.type, TKG.City
    yield node, RDFS.label, Literal(known.label if known else readable_label(key))
    yield node, TKG.country, country_iri(country)
    if known:
        pair: Pair | None = (Decimal(repr(known.latitude)), Decimal(repr(known.longitude)))
    else:
        pair = stated.get(node)
    if pair:
        latitude, longitude = pair
        yield node, GEOSPARQL.hasGeometry, geometry_iri(node)
        yield geometry_iri(node), RDF.type, GEOSPARQL.Geometry
        yield geometry_iri(node), GEOSPARQL.asWKT, literals.point(longitude, latitude)


def _smallest_pairs(engine: ox.Store) -> dict[NamedNode, Pair]:
    """Return for each city the smallest pair of latitude and longitude that a record states."""
    latitudes = {site: Decimal(value.value) for site, value in _links(engine, GEO.lat)}
    longitudes = {site: Decimal(value.value) for site, value in _links(engine, GEO.long)}
    smallest: dict[NamedNode, Pair] = {}
    for site, city in _links(engine, TKG.city):
        if isinstance(city, NamedNode) and site in latitudes and site in longitudes:
            pair = (latitudes[site], longitudes[site])
            smallest[city] = min(smallest.get(city, pair), pair)
    return smallest


def _organizations(engine: ox.Store, gazetteer: Gazetteer) -> Iterator[Triple]:
    keys = {key for (key,) in _keys(engine, _KIND, (TKG.organization, *SPONSORS))}
    for key in _with_parents(keys, gazetteer):
        yield from organization_triples(key, gazetteer)
    yield from _sponsor_classes(engine)


def organization_triples(key: str, gazetteer: Gazetteer) -> Iterator[Triple]:
    """Yield what is said of an organisation, but for the classes that records state."""
    node = organization_iri(key)
    yield node, RDF.type, TKG.Organization
    yield node, RDFS.label, Literal(gazetteer.organization_label(key))
    parent = gazetteer.part_of(key)
    if parent:
        yield node, TKG.partOfOrganization, organization_iri(parent)


def _with_parents(keys: Iterable[str], gazetteer: Gazetteer) -> set[str]:
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(filter(None, [gazetteer.part_of(key)]))
    return found


def _sponsor_classes(engine: ox.Store) -> Iterator[Triple]:
    """Yield every class that records state of an organisation; "unknown" only where it is alone."""
    stated: dict[NamedNode, set[Term]] = {}
    classes = dict(_links(engine, TKG.sponsorClass))
    for sponsorship, organization in _links(engine, TKG.organization):
        known = classes.get(sponsorship)
        if known and isinstance(organization, NamedNode) and iri_keys(organization)[0] == _KIND:
            stated.setdefault(organization, set()).add(known)
    for organization, found in stated.items():
        for known in told_classes(found):
            yield organization, TKG.sponsorClass, known


def told_classes(stated: set[Term]) -> set[Term]:
    """Return the classes of an organisation that are worth telling of those that records state."""
    return stated - {TKG.UnknownSponsorClass} or stated
