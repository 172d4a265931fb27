"""Shared nodes: places and organisations, from the keys in their IRIs and from table rows alone.

So two records can only mean the identical triple, and a node leaves with the last record that
links to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

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
_LINKED = "SELECT DISTINCT ?p ?shared ?o { GRAPH ?g { ?s ?p ?o } FILTER(?g != ?shared) }"
Links = Callable[[NamedNode], Iterable[NamedNode]]


class Stated(NamedTuple):
    """What is read of the other graphs.

    The nodes to which a property links in all graphs but the shared one, organisations with the
    classes that are stated of them, and the smallest pair that is stated of the sites of a city.
    """

    links: Links
    classes: Callable[[], Iterable[tuple[NamedNode, Term]]]
    pair: Callable[[NamedNode], Pair | None]


_CLASSES = (
    "SELECT DISTINCT ?o ?c { GRAPH ?g "
    f"{{ ?s {TKG.organization} ?o . ?s {TKG.sponsorClass} ?c }} }}"
)
SPONSORS = (TKG.leadSponsor, TKG.collaborator)


def shared_quads(store: Store, lexicon: Lexicon, stated: Stated | None = None) -> list[Quad]:
    """Return what is said of the facilities, cities, countries and organisations in use, sorted.

    A pure function of the record graphs and of the tables. A city without a row in the gazetteer
    gets the smallest pair of coordinates that a record states. `stated` spares asking the store.
    """
    known = stated or _stored(store.engine)
    triples = {
        *_places(known, lexicon.gazetteer),
        *_organizations(known, lexicon.gazetteer),
    }
    return sorted((Quad(*triple, SHARED) for triple in triples), key=str)


def _stored(engine: ox.Store) -> Stated:
    return Stated(
        links=partial(_objects, engine),
        classes=partial(_classes, engine),
        pair=partial(smallest_pair, engine),
    )


def _objects(engine: ox.Store, predicate: NamedNode) -> Iterator[NamedNode]:
    """Yield the nodes to which a property links in all graphs but the one that is made here.

    The engine finds each once, which spares making terms of every link.
    """
    variables: dict[ox.Variable, NamedNode | ox.BlankNode | Literal | ox.Triple] = {
        ox.Variable("p"): predicate,
        ox.Variable("shared"): SHARED,
    }
    for row in cast("ox.QuerySolutions", engine.query(_LINKED, substitutions=variables)):
        if isinstance(node := row["o"], NamedNode):
            yield node


def _keys(links: Links, kind: str, predicates: Iterable[NamedNode]) -> set[tuple[str, ...]]:
    """Return the keys of the nodes of one kind that are linked to."""
    linked = (node for predicate in predicates for node in links(predicate))
    return {keys[1:] for node in linked if (keys := iri_keys(node))[:1] == (kind,)}


def _places(stated: Stated, gazetteer: Gazetteer) -> Iterator[Triple]:
    links = stated.links
    facilities = _keys(links, "facility", (TKG.facility,))
    cities = _keys(links, "city", (TKG.city,)) | {
        (country, city) for country, city, _ in facilities
    }
    countries = _keys(links, "country", (TKG.country, TKG.claimedCountry)) | {
        (code.upper(),) for code, _ in cities
    }
    for country, city, key in facilities:
        yield from facility_triples(country, city, key, gazetteer)
    for country, city in cities:
        known = (country.upper(), city) in gazetteer.cities
        pair = None if known else stated.pair(city_iri(country, city))
        yield from city_triples(country, city, gazetteer, pair)
    for (code,) in countries:
        yield from country_triples(code, gazetteer)


def country_triples(code: str, gazetteer: Gazetteer) -> Iterator[Triple]:
    """Yield what is said of a country."""
    yield country_iri(code), RDF.type, TKG.Country
    yield country_iri(code), RDFS.label, Literal(gazetteer.country_label(code))


def facility_triples(country: str, city: str, key: str, gazetteer: Gazetteer) -> Iterator[Triple]:
    """Yield what is said of a facility."""
    node = facility_iri(country, city, key)
    yield node, RDF.type, TKG.Facility
    yield node, RDFS.label, Literal(gazetteer.facility_label(key))
    yield node, TKG.city, city_iri(country, city)
    yield node, TKG.country, country_iri(country)


def city_triples(
    country: str, key: str, gazetteer: Gazetteer, stated: Pair | None
) -> Iterator[Triple]:
    """Yield what is said of a city; `stated` is where records say it is, if the table does not."""
    node = city_iri(country, key)
    known = gazetteer.cities.get((country.upper(), key))
    yield node, RDF.type, TKG.City
    yield node, RDFS.label, Literal(gazetteer.city_label(country, key))
    yield node, TKG.country, country_iri(country)
    if known:
        pair: Pair | None = (Decimal(repr(known.latitude)), Decimal(repr(known.longitude)))
    else:
        pair = stated
    if pair:
        latitude, longitude = pair
        yield node, GEOSPARQL.hasGeometry, geometry_iri(node)
        yield geometry_iri(node), RDF.type, GEOSPARQL.Geometry
        yield geometry_iri(node), GEOSPARQL.asWKT, literals.point(longitude, latitude)


def smallest_pair(engine: ox.Store, city: NamedNode) -> Pair | None:
    """Return the smallest pair of latitude and longitude that records state of a city's sites."""
    links = engine.quads_for_pattern(None, TKG.city, city, None)
    return min(filter(None, (pair_of(engine, quad) for quad in links)), default=None)


def pair_of(engine: ox.Store, link: Quad) -> Pair | None:
    """Return the latitude and longitude of what is linked to a city, but by the shared graph."""
    if link.graph_name == SHARED or not isinstance(link.subject, NamedNode):
        return None
    latitude = _number(engine, link.subject, GEO.lat)
    longitude = _number(engine, link.subject, GEO.long)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _number(engine: ox.Store, site: NamedNode, name: NamedNode) -> Decimal | None:
    for quad in engine.quads_for_pattern(site, name, None, None):
        if isinstance(quad.object, Literal):
            return Decimal(quad.object.value)
    return None


def _organizations(stated: Stated, gazetteer: Gazetteer) -> Iterator[Triple]:
    keys = {key for (key,) in _keys(stated.links, _KIND, (TKG.organization, *SPONSORS))}
    for key in _with_parents(keys, gazetteer):
        yield from organization_triples(key, gazetteer)
    yield from _sponsor_classes(stated)


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


def _classes(engine: ox.Store) -> Iterator[tuple[NamedNode, Term]]:
    for row in cast("ox.QuerySolutions", engine.query(_CLASSES)):
        if isinstance(organization := row["o"], NamedNode):
            yield organization, cast("Term", row["c"])


def _sponsor_classes(stated: Stated) -> Iterator[Triple]:
    """Yield every class that records state of an organisation; "unknown" only where it is alone."""
    classes: dict[NamedNode, set[Term]] = {}
    for organization, known in stated.classes():
        if iri_keys(organization)[0] == _KIND:
            classes.setdefault(organization, set()).add(known)
    for organization, found in classes.items():
        for known in told_classes(found):
            yield organization, TKG.sponsorClass, known


def told_classes(stated: set[Term]) -> set[Term]:
    """Return the classes of an organisation that are worth telling of those that records state."""
    return stated - {TKG.UnknownSponsorClass} or stated
