"""What another source says of a trial: claims beside the registry's record, never on the trial."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

import msgspec
from pyoxigraph import NamedNode, Quad

from kg.extract.gazetteer import Gazetteer
from kg.iris import (
    content_key,
    country_iri,
    distinct,
    part_iri,
    source_graph,
    source_iri,
    trial_iri,
)
from kg.quads import literals
from kg.quads.trial import page
from kg.quads.triples import Triple, coded, given, individual
from kg.records import COPY, PRIMARY, REPORT, Age, Claims, PartialDate, Site, Text, Trial
from kg.vocab import DCTERMS, PROV, RDF, TKG

# Raised whenever the same record is written in another way.
RELEASE = "3"

STANDINGS = {
    PRIMARY: TKG.PrimaryRecord,
    COPY: TKG.CopyOfRecord,
    REPORT: TKG.PageAboutTrial,
}
_CODES = (
    ("recruitment_status", TKG.claimedStatus),
    ("sex", TKG.claimedSex),
)
_DATES = (
    ("start_date", TKG.claimedStart, TKG.claimedStartPrecision),
    ("completion_date", TKG.claimedCompletion, TKG.claimedCompletionPrecision),
)
_AGES = (
    ("minimum_age", TKG.claimedMinimumAge),
    ("maximum_age", TKG.claimedMaximumAge),
)
_STATEMENTS = (
    ("what_is_tested", TKG.WhatIsTested),
    ("could_lead_to", TKG.CouldLeadTo),
    ("could_go_wrong", TKG.CouldGoWrong),
)


class SourceGraph(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the graph of one secondary record.

    `source` is the name of the loader that read it, `standing` whose words they are; the dates are
    those at which any version and the shown one were retrieved.
    """

    source: str
    standing: int
    first_seen: dt.date | None = None
    last_changed: dt.date | None = None
    source_hash: str
    loader_version: str


def source_quads(
    trial: Trial, claims: Claims, gazetteer: Gazetteer, about: SourceGraph
) -> list[Quad]:
    """Return what a copy of a registration or a page about it says, each quad once.

    All of it stands on nodes of the source: the trial is only linked.
    """
    node = source_iri(about.source, trial.registry_id)
    graph = source_graph(about.source, trial.registry_id)
    triples = dict.fromkeys(_triples(trial, claims, gazetteer, about, node))
    return [Quad(*triple, graph) for triple in triples]


def _triples(
    trial: Trial, claims: Claims, gazetteer: Gazetteer, about: SourceGraph, node: NamedNode
) -> Iterator[Triple]:
    yield node, RDF.type, TKG.SecondaryRecord
    yield node, TKG.reportsOn, trial_iri(trial.registry, trial.registry_id)
    yield from _provenance(trial, claims, about, node)
    yield from _fields(trial, node)
    yield from _words(trial, claims, node)
    yield from _sites(trial.sites, gazetteer, node)
    yield from _statements(trial, claims, node)
    yield from _dropped(trial, node)


def _provenance(
    trial: Trial, claims: Claims, about: SourceGraph, node: NamedNode
) -> Iterator[Triple]:
    updated = trial.last_update_posted
    first = claims.first_seen or about.first_seen
    last = claims.last_updated or (updated.day if updated else None)
    yield from given(node, TKG.sourceName, literals.text(about.source))
    yield node, TKG.recordStanding, STANDINGS[about.standing]
    yield from given(node, PROV.wasDerivedFrom, page(claims.page or trial.source_url))
    if about.last_changed is not None:
        yield node, PROV.generatedAtTime, literals.start_of_day(about.last_changed)
    for predicate, day in ((TKG.sourceFirstSeen, first), (TKG.sourceLastUpdated, last)):
        if day is not None:
            yield node, predicate, literals.day(day)
    yield from given(node, TKG.sourceHash, literals.text(about.source_hash))
    yield from given(node, TKG.loaderVersion, literals.text(about.loader_version))


def _fields(trial: Trial, node: NamedNode) -> Iterator[Triple]:
    for field, predicate in _CODES:
        yield from given(node, predicate, coded(getattr(trial, field)))
    for phase in trial.phases:
        yield node, TKG.claimedPhase, individual(phase)
    if trial.enrollment is not None:
        yield node, TKG.claimedEnrollment, literals.integer(trial.enrollment)
    for field, predicate, precision in _DATES:
        date: PartialDate | None = getattr(trial, field)
        if date is not None:
            yield node, predicate, literals.day(date.day)
            yield node, precision, individual(date.precision)
    for field, predicate in _AGES:
        age: Age | None = getattr(trial, field)
        if age is not None:
            yield node, predicate, literals.duration(age.duration)


def _words(trial: Trial, claims: Claims, node: NamedNode) -> Iterator[Triple]:
    yield from _texts(node, TKG.claimedTitle, (trial.brief_title,))
    yield from _texts(node, TKG.claimedCondition, (*trial.conditions, *claims.conditions))
    if trial.eligibility is not None:
        yield from _texts(node, TKG.claimedEligibility, (trial.eligibility,))
    yield from _texts(node, TKG.claimedActiveSubstance, claims.active_substances)
    yield from _texts(node, TKG.claimedIntervention, (one.name for one in trial.interventions))
    for other in trial.secondary_ids:
        yield from given(node, TKG.claimedSecondaryId, literals.text(other.value))
    if trial.lead_sponsor is not None and not trial.lead_sponsor.person:
        yield from given(node, TKG.claimedSponsor, literals.text(trial.lead_sponsor.name))


def _texts(node: NamedNode, predicate: NamedNode, texts: Iterable[Text]) -> Iterator[Triple]:
    for text in texts:
        yield from given(node, predicate, literals.text(text.plain))


def _sites(sites: Iterable[Site], gazetteer: Gazetteer, node: NamedNode) -> Iterator[Triple]:
    listed = list(sites)
    keys = distinct(_key(f"{site.country} {site.city} {site.facility}") for site in listed)
    for site, key in zip(listed, keys, strict=True):
        code = gazetteer.country_code(site.country)
        if code is not None:
            yield node, TKG.claimedCountry, country_iri(code)
        if site.facility is None and site.city is None:
            continue
        place = part_iri(node, "site", key)
        yield node, TKG.claimedSite, place
        yield place, RDF.type, TKG.ClaimedSite
        yield from given(place, TKG.asListed, literals.text(site.facility))
        yield from given(place, TKG.cityAsListed, literals.text(site.city))
        yield from given(place, TKG.countryAsListed, literals.text(site.country))
        yield from given(place, TKG.claimedSiteStatus, coded(site.status))


def _statements(trial: Trial, claims: Claims, node: NamedNode) -> Iterator[Triple]:
    for field, kind in _STATEMENTS:
        for text in getattr(claims, field):
            said = literals.text(text.plain)
            if said is None:
                continue
            statement = part_iri(node, "statement", content_key(f"{field} {text.plain}"))
            yield statement, RDF.type, TKG.LayStatement
            yield statement, TKG.text, said
            yield statement, TKG.statementKind, kind
            yield statement, TKG.inTrial, trial_iri(trial.registry, trial.registry_id)
            yield statement, DCTERMS.source, node


def _dropped(trial: Trial, node: NamedNode) -> Iterator[Triple]:
    keys = distinct(_key(one.field) for one in trial.dropped)
    for field, key in zip(trial.dropped, keys, strict=True):
        dropped = part_iri(node, "dropped-field", key)
        yield node, TKG.droppedField, dropped
        yield dropped, RDF.type, TKG.DroppedField
        yield from given(dropped, TKG.field, literals.text(field.field))
        yield from given(dropped, TKG.verbatim, literals.text(field.value))
        yield from given(dropped, TKG.reason, literals.text(field.reason))


def _key(text: str) -> str:
    try:
        return content_key(text)
    except ValueError:
        return "unnamed"
