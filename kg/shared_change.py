"""Shared nodes after a change of some records, of which only those it touches are looked at.

Equal to making the graph anew: a node is there as long as a record, or another shared node, links
to it, which the store answers from its indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.iris import geometry_iri, iri_keys, organization_iri
from kg.shared import (
    SHARED,
    SPONSORS,
    city_triples,
    country_triples,
    facility_triples,
    organization_triples,
    smallest_pair,
    told_classes,
)
from kg.vocab import GEO, TKG

if TYPE_CHECKING:
    import pyoxigraph as ox

    from kg.extract.gazetteer import Gazetteer
    from kg.quads.triples import Term, Triple
    from kg.store import Store

# By kind, the properties that link to a node of it; each kind is linked to by those before it.
_LINKS: Mapping[str, tuple[NamedNode, ...]] = {
    "facility": (TKG.facility,),
    "city": (TKG.city,),
    "country": (TKG.country, TKG.claimedCountry),
    "organization": (TKG.organization, *SPONSORS, TKG.partOfOrganization),
}
_LINKING = frozenset(name for names in _LINKS.values() for name in names)
# What is said of a part of a record, and the property that links the part to a shared node.
_SAID_OF = {
    GEO.lat: TKG.city,
    GEO.long: TKG.city,
    TKG.sponsorClass: TKG.organization,
}


def change_shared(store: Store, gazetteer: Gazetteer, changed: Iterable[Quad]) -> None:
    """Bring the graph `shared` up to date after quads of other graphs came or left."""
    touched = dict.fromkeys(_touched(store.engine, changed))
    for kind, stated in _STATED.items():
        waiting = [node for node in touched if iri_keys(node)[:1] == (kind,)]
        seen: set[NamedNode] = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            for other in _renew(store, node, kind, stated, gazetteer):
                touched[other] = None
                # What an organisation is part of is an organisation as well.
                if iri_keys(other)[0] == kind:
                    waiting.append(other)


def _touched(engine: ox.Store, changed: Iterable[Quad]) -> Iterator[NamedNode]:
    for quad in changed:
        if quad.predicate in _LINKING and isinstance(quad.object, NamedNode):
            yield quad.object
        elif quad.predicate in _SAID_OF and isinstance(quad.subject, NamedNode):
            link = _SAID_OF[quad.predicate]
            for found in engine.quads_for_pattern(quad.subject, link, None, None):
                if isinstance(found.object, NamedNode):
                    yield found.object


def _renew(
    store: Store, node: NamedNode, kind: str, stated: _Stated, gazetteer: Gazetteer
) -> Iterator[NamedNode]:
    """Let the graph say of a node what it has to; yield shared nodes that are linked otherwise."""
    engine = store.engine
    wanted: set[Quad] = set()
    if any(_linked(engine, node, kind)):
        keys = iri_keys(node)[1:]
        wanted = {Quad(*triple, SHARED) for triple in stated(engine, node, keys, gazetteer)}
    present = {
        quad
        for said in (node, geometry_iri(node))
        for quad in engine.quads_for_pattern(said, None, None, SHARED)
    }
    if wanted != present:
        store.change(present - wanted, wanted - present)
    for quad in wanted ^ present:
        if isinstance(quad.object, NamedNode) and quad.predicate in _LINKING:
            yield quad.object


def _linked(engine: ox.Store, node: NamedNode, kind: str) -> Iterator[bool]:
    for name in _LINKS[kind]:
        for _ in engine.quads_for_pattern(None, name, node, None):
            yield True


def _facility(
    _engine: ox.Store, _node: NamedNode, keys: tuple[str, ...], gazetteer: Gazetteer
) -> Iterator[Triple]:
    country, city, key = keys
    return facility_triples(country, city, key, gazetteer)


def _city(
    engine: ox.Store, node: NamedNode, keys: tuple[str, ...], gazetteer: Gazetteer
) -> Iterator[Triple]:
    country, key = keys
    known = (country.upper(), key) in gazetteer.cities
    stated = None if known else smallest_pair(engine, node)
    return city_triples(country, key, gazetteer, stated)


def _country(
    _engine: ox.Store, _node: NamedNode, keys: tuple[str, ...], gazetteer: Gazetteer
) -> Iterator[Triple]:
    return country_triples(keys[0], gazetteer)


def _organization(
    engine: ox.Store, node: NamedNode, keys: tuple[str, ...], gazetteer: Gazetteer
) -> Iterator[Triple]:
    yield from organization_triples(keys[0], gazetteer)
    for known in told_classes(_sponsor_classes(engine, node)):
        yield organization_iri(keys[0]), TKG.sponsorClass, known


def _sponsor_classes(engine: ox.Store, organization: NamedNode) -> set[Term]:
    found: set[Term] = set()
    for link in engine.quads_for_pattern(None, TKG.organization, organization, None):
        if link.graph_name != SHARED and isinstance(link.subject, NamedNode):
            for quad in engine.quads_for_pattern(link.subject, TKG.sponsorClass, None, None):
                if isinstance(quad.object, NamedNode | Literal):
                    found.add(quad.object)
    return found


_Stated = Callable[["ox.Store", NamedNode, tuple[str, ...], "Gazetteer"], "Iterator[Triple]"]
_STATED: Mapping[str, _Stated] = {
    "facility": _facility,
    "city": _city,
    "country": _country,
    "organization": _organization,
}
