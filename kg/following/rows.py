"""A change as a row: what a table, a feed or a message shows of an event."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from kg.iris import iri_keys
from kg.quads.change import CHANGES
from kg.records import Record
from kg.vocab import DCTERMS, RDFS, TKG

Terms = dict[NamedNode, list[ox.NamedNode | ox.Literal]]


class Change(Record, frozen=True):
    """One change of one trial.

    `event` and `subject` are IRIs, `what` the words by which the record names what changed: a site,
    an arm, a construct; else the property, such as "start date", or the title. Codes are given by
    their labels, dates and numbers as they are. `abridged` marks a record whose sentences are not
    the registry's.
    """

    event: str
    registry: str
    trial: str
    title: str
    type: str
    subject: str
    what: str
    property: str | None
    before: str | None
    after: str | None
    outcome_type: str | None
    concerns: tuple[str, ...]
    registry_date: dt.date | None
    seen: dt.date
    abridged: bool


def read_change(engine: ox.Store, event: NamedNode) -> Change:
    """Return an event of a store as a row."""
    said = _terms(engine, event)
    trial = _node(said[TKG.ofTrial][0])
    _, registry, registry_id = iri_keys(trial)
    title = _literal(engine, trial, TKG.briefTitle) or registry_id
    changed = _first(said, TKG.changedProperty)
    before, after = (_shown(engine, _first(said, name)) for name in (TKG.before, TKG.after))
    listed = _shown(engine, _first(said, TKG.asListed))
    registry_date = _first(said, TKG.registryDate)
    return Change(
        event=event.value,
        registry=registry,
        trial=registry_id,
        title=title,
        type=_local(said[TKG.changeType][0]),
        subject=said[TKG.subjectNode][0].value,
        what=listed or (_property(engine, changed) if changed else before or after or title),
        property=_local(changed) if changed else None,
        before=before,
        after=after,
        outcome_type=_shown(engine, _first(said, TKG.outcomeType)),
        concerns=tuple(sorted(iri_keys(_node(one))[-1] for one in said[TKG.concerns])),
        registry_date=dt.date.fromisoformat(registry_date.value) if registry_date else None,
        seen=dt.date.fromisoformat(said[TKG.seenDate][0].value),
        abridged=_literal(engine, trial, TKG.abridged) == "true",
    )


def _terms(engine: ox.Store, event: NamedNode) -> Terms:
    said: Terms = defaultdict(list)
    for quad in engine.quads_for_pattern(event, None, None, CHANGES):
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            said[quad.predicate].append(quad.object)
    return said


def _first(said: Terms, predicate: NamedNode) -> NamedNode | Literal | None:
    return next(iter(said[predicate]), None)


def _node(term: NamedNode | Literal) -> NamedNode:
    return term if isinstance(term, NamedNode) else NamedNode(term.value)


def _shown(engine: ox.Store, term: NamedNode | Literal | None) -> str | None:
    if term is None or isinstance(term, Literal):
        return None if term is None else term.value
    return _literal(engine, term, RDFS.label) or _local(term)


def _property(engine: ox.Store, term: NamedNode | Literal) -> str:
    if term == DCTERMS.description:
        return "description"
    return _literal(engine, _node(term), RDFS.label) or _local(term)


def _literal(engine: ox.Store, subject: NamedNode, predicate: NamedNode) -> str | None:
    values = engine.quads_for_pattern(subject, predicate, None)
    return min((q.object.value for q in values if isinstance(q.object, Literal)), default=None)


def _local(term: NamedNode | Literal) -> str:
    return term.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
