"""What stands beside the record of a trial: its study, its history, and what others claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.iris import iri_keys, trial_iri
from kg.query.trial import Change, Claim, Identity, Link, OtherRecord, Study, as_precise
from kg.query.triples import Named, Triples
from kg.vocab import DCTERMS, PROV, RDF, TKG

_LINKS = {
    "follow-up of": TKG.followUpOf,
    "extension of": TKG.extensionOf,
    "substudy of": TKG.substudyOf,
    "expanded access for": TKG.expandedAccessFor,
    "names": TKG.crossReference,
}
_INVERSE = {
    "follow-up of": "followed up by",
    "extension of": "extended by",
    "substudy of": "has the substudy",
    "expanded access for": "expanded access in",
    "names": "named by",
}
# What another source claims -> what is compared with, by the name of the fact.
_CLAIMS = {
    "title": TKG.claimedTitle,
    "status": TKG.claimedStatus,
    "phase": TKG.claimedPhase,
    "enrolment": TKG.claimedEnrollment,
    "start": TKG.claimedStart,
    "completion": TKG.claimedCompletion,
    "sponsor": TKG.claimedSponsor,
    "sex": TKG.claimedSex,
    "minimum age": TKG.claimedMinimumAge,
    "maximum age": TKG.claimedMaximumAge,
    "condition": TKG.claimedCondition,
    "intervention": TKG.claimedIntervention,
    "active substance": TKG.claimedActiveSubstance,
    "country": TKG.claimedCountry,
    "identifier": TKG.claimedSecondaryId,
}
_PRECISIONS = {
    "start": TKG.claimedStartPrecision,
    "completion": TKG.claimedCompletionPrecision,
}


def beside(t: Triples, registry: str, registry_id: str) -> dict[str, Any]:
    """Return the fields of a trial that its own record does not hold."""
    trial = trial_iri(registry, registry_id)
    return {
        "study": _study(t, trial.value),
        "links": tuple(_links(t, trial.value)),
        "changes": _changes(t, trial),
        "other_records": tuple(_records(t, trial)),
    }


def _study(t: Triples, trial: str) -> Study | None:
    found = t.nodes(trial, TKG.registrationOf)
    if not found:
        return None
    members = t.subjects(TKG.registrationOf, NamedNode(found[0]))
    evidence = t.subjects(RDF.type, TKG.IdentityEvidence)
    return Study(
        iri=found[0],
        registrations=tuple(_trial(t, one) for one in members if one != trial),
        identity=tuple(_identity(t, one) for one in evidence),
    )


def _identity(t: Triples, iri: str) -> Identity:
    return Identity(
        members=tuple(_trial(t, one) for one in t.nodes(iri, TKG.member)),
        reason=t.text(iri, TKG.reason) or "",
        score=t.number(iri, TKG.score),
        verdict=t.one(iri, TKG.identityVerdict),
    )


def _links(t: Triples, trial: str) -> Iterator[Link]:
    for kind, predicate in _LINKS.items():
        for other in t.nodes(trial, predicate):
            yield Link(kind=kind, trial=_trial(t, other))
        for other in t.subjects(predicate, NamedNode(trial)):
            yield Link(kind=_INVERSE[kind], trial=_trial(t, other))


def _trial(t: Triples, iri: str) -> Named:
    """Return a trial by its id at the registry and, where it is known, its title."""
    named, title = t.name(iri), t.text(iri, TKG.briefTitle)
    label = iri_keys(NamedNode(iri))[-1] if iri_keys(NamedNode(iri)) else named.label
    return Named(iri=iri, curie=named.curie, label=f"{label}: {title}" if title else label)


def _changes(t: Triples, trial: NamedNode) -> tuple[Change, ...]:
    events = (_change(t, one) for one in t.subjects(TKG.ofTrial, trial))
    return tuple(sorted(events, key=lambda one: (-one.seen.toordinal(), one.iri)))


def _change(t: Triples, iri: str) -> Change:
    return Change(
        iri=iri,
        kind=t.one(iri, TKG.changeType),
        property=t.one(iri, TKG.changedProperty),
        what=t.text(iri, TKG.asListed),
        before=_shown(t, iri, TKG.before),
        after=_shown(t, iri, TKG.after),
        seen=t.date(iri, TKG.seenDate) or dt.date.min,
        registry_date=t.date(iri, TKG.registryDate),
    )


def _shown(t: Triples, iri: str, predicate: NamedNode) -> str | None:
    return next(iter(_texts(t, iri, predicate)), None)


def _texts(t: Triples, iri: str, predicate: NamedNode) -> Iterator[str]:
    for value in t.values(iri, predicate):
        if isinstance(value, Literal):
            yield value.value
        elif isinstance(value, NamedNode):
            yield t.name(value.value).label


def _records(t: Triples, trial: NamedNode) -> Iterator[OtherRecord]:
    for iri in t.subjects(TKG.reportsOn, trial):
        yield OtherRecord(
            iri=iri,
            source=t.text(iri, TKG.sourceName) or "",
            standing=t.one(iri, TKG.recordStanding),
            page=next(iter(t.nodes(iri, PROV.wasDerivedFrom)), None),
            last_updated=t.date(iri, TKG.sourceLastUpdated),
            claims=tuple(_claims(t, iri)),
            sites=len(t.nodes(iri, TKG.claimedSite)),
            statements=tuple(
                text
                for node in t.subjects(DCTERMS.source, NamedNode(iri))
                for text in t.texts(node, TKG.text)
            ),
        )


def _claims(t: Triples, iri: str) -> Iterator[Claim]:
    for about, predicate in _CLAIMS.items():
        precision = t.one(iri, _PRECISIONS[about]) if about in _PRECISIONS else None
        for value in _texts(t, iri, predicate):
            yield Claim(
                about=about, value=as_precise(value, precision.label if precision else None)
            )
