"""The edges that graph tools get: statements between nodes, with their grounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode, Store

from kg.export.nodes import KINDS
from kg.export.values import (
    Link,
    Statements,
    Value,
    joined,
    links,
    members,
    nodes,
    statements,
    values,
)
from kg.vocab import OA, RDF, SKOS, TKG


class Edge(NamedTuple):
    """An edge between two nodes; `kind` is the local name of the property behind it."""

    source: str
    kind: str
    target: str
    attributes: Mapping[str, Value]


# Kind of edge: the kind of node where it starts, and the property.
LINKS: Mapping[str, tuple[str, NamedNode]] = {
    "investigates": ("trial", TKG.investigates),
    "leadSponsor": ("trial", TKG.leadSponsor),
    "collaborator": ("trial", TKG.collaborator),
    "arm": ("trial", TKG.arm),
    "targets": ("construct", TKG.targets),
    "spares": ("construct", TKG.spares),
    "recruits": ("construct", TKG.recruits),
    "product": ("construct", TKG.product),
    "variantOf": ("antigen", TKG.variantOf),
    "hasMember": ("antigen", TKG.hasMember),
    "productTarget": ("product", TKG.productTarget),
    "broader": ("condition", SKOS.broader),
    "partOfOrganization": ("organization", TKG.partOfOrganization),
    "city": ("facility", TKG.city),
    "country": ("city", TKG.country),
}

# Properties whose statements were concluded, so that findings say why.
_DERIVED = frozenset((TKG.targets, TKG.spares, TKG.recruits, TKG.product))
_GROUNDS = {"basis": TKG.basis, "confidence": TKG.confidence}
_SITE = {
    "status": TKG.siteStatus,
    "status_basis": TKG.siteStatusBasis,
    "open_for_enrolment": TKG.openForEnrolment,
    "as_listed": TKG.asListed,
}
_USE = {"role": TKG.role, "dose": TKG.doseText, "route": TKG.route, "schedule": TKG.schedule}
_TERM = {"as_listed": TKG.asListed, "mapping": TKG.mapping}


# Attributes of edges, with the type of their values.
EDGE_ATTRIBUTES: Mapping[str, type] = {
    "label": str,
    "kind": str,
    **dict.fromkeys((*_GROUNDS, *_SITE, *_USE, *_TERM, "quote"), str),
    "confidence": float,
    "open_for_enrolment": bool,
}


def kind_edges(engine: Store, kind: str) -> Iterator[Edge]:
    """Yield all edges of one kind, sorted by where they start, then by where they lead."""
    if kind in _GATHERED:
        yield from sorted(_GATHERED[kind](engine), key=_order)
        return
    start, predicate = LINKS[kind]
    starts = set(members(engine, KINDS[start].type, RDF.type))
    grounds = _grounds(engine, predicate) if predicate in _DERIVED else {}
    for source, target in links(engine, predicate):
        if source in starts:
            yield Edge(source.value, kind, target.value, grounds.get((source, target), {}))


def _conditions(engine: Store) -> Iterator[Edge]:
    grounds = _grounds(engine, TKG.concept)
    for trial, term in links(engine, TKG.conditionTerm):
        stated = statements(engine, term)
        for concept in nodes(stated, TKG.concept):
            listed = {**_taken(stated, _TERM), **grounds.get((term, concept), {})}
            yield Edge(trial.value, "condition", concept.value, listed)


def _sites(engine: Store) -> Iterator[Edge]:
    """Lead to the facility of each site, else to its city, else to its country."""
    for trial, site in links(engine, TKG.site):
        stated = statements(engine, site)
        places = (nodes(stated, place) for place in (TKG.facility, TKG.city, TKG.country))
        place = next((node for found in places for node in found), None)
        if place is not None:
            yield Edge(trial.value, "site", place.value, _taken(stated, _SITE))


def _uses(engine: Store) -> Iterator[Edge]:
    """Lead from the arm of each use, or from the trial where it lists none, to the construct."""
    grounds = _grounds(engine, TKG.role)
    for trial, use in links(engine, TKG.use):
        stated = statements(engine, use)
        start = next(nodes(stated, TKG.inArm), trial)
        why = [grounds.get((use, role), {}) for role in nodes(stated, TKG.role)]
        given = {**_taken(stated, _USE), **(why[0] if why else {})}
        for construct in nodes(stated, TKG.construct):
            yield Edge(start.value, "use", construct.value, given)


_GATHERED: Mapping[str, Callable[[Store], Iterator[Edge]]] = {
    "condition": _conditions,
    "site": _sites,
    "use": _uses,
}

EDGE_KINDS = (*LINKS, *_GATHERED)


def _order(edge: Edge) -> tuple[str, str, str]:
    return edge.source, edge.target, str(sorted(edge.attributes.items()))


def _taken(stated: Statements, wanted: Mapping[str, NamedNode]) -> dict[str, Value]:
    found = {name: joined(stated, predicate) for name, predicate in wanted.items()}
    return {name: value for name, value in found.items() if value is not None}


def _grounds(engine: Store, predicate: NamedNode) -> dict[Link, Mapping[str, Value]]:
    """Return basis, confidence and quotes of the findings behind the statements of a predicate."""
    grounds: dict[Link, Mapping[str, Value]] = {}
    for finding in members(engine, predicate, RDF.predicate):
        stated = statements(engine, finding)
        quotes = [str(quote) for quote in _quotes(engine, stated)]
        why = {**_taken(stated, _GROUNDS), **({"quote": " … ".join(quotes)} if quotes else {})}
        for subject in nodes(stated, RDF.subject):
            for value in nodes(stated, RDF.object):
                grounds[subject, value] = why
    return grounds


def _quotes(engine: Store, finding: Statements) -> Iterator[Value]:
    for evidence in nodes(finding, TKG.evidence):
        yield from values(statements(engine, evidence), OA.exact)
