"""The changes that somebody wants, read off a published snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from kg.errors import UsageError
from kg.following.rows import Change, read_change
from kg.following.wanted import Wanted
from kg.iris import antigen_iri, concept_iri, country_iri, organization_iri
from kg.quads.change import CHANGES
from kg.quads.triples import individual
from kg.records import Record
from kg.store import Store
from kg.vocab import SKOS, TKG

MOST = 10_000

_SITES = frozenset((TKG.SiteAdded, TKG.SiteRemoved, TKG.SiteStatusChanged))


class Selected(Record, frozen=True):
    """Changes, the last seen first, and how many more there are than were asked for."""

    changes: tuple[Change, ...]
    more: int


def select(snapshot: Path, wanted: Wanted, *, most: int = MOST) -> Selected:
    """Return the changes of a snapshot that are wanted, at most so many.

    A trial counts for an antigen, a condition or a country while it has one of them and when a
    change took the last one away. Of sites only those in the wanted country count. Raises
    UsageError for a trial that is not in the graph.
    """
    with Store.read_only(snapshot) as store:
        engine = store.engine
        found = sorted(
            (
                (seen, event)
                for event, seen in _events(engine, wanted)
                if _meets(engine, event, wanted)
            ),
            key=lambda pair: (-pair[0].toordinal(), pair[1].value),
        )
        rows = tuple(read_change(engine, event) for _, event in found[:most])
    return Selected(changes=rows, more=max(0, len(found) - most))


def _events(engine: ox.Store, wanted: Wanted) -> Iterator[tuple[NamedNode, dt.date]]:
    """Yield the events of the wanted trials and days."""
    trials = _trials(engine, wanted)
    if trials is None:
        quads = engine.quads_for_pattern(None, TKG.seenDate, None, CHANGES)
    else:
        quads = (
            quad
            for trial in trials
            for link in engine.quads_for_pattern(None, TKG.ofTrial, trial, CHANGES)
            for quad in engine.quads_for_pattern(link.subject, TKG.seenDate, None, CHANGES)
        )
    first, last = wanted.since or dt.date.min, wanted.until or dt.date.max
    for quad in quads:
        seen = dt.date.fromisoformat(_value(quad.object))
        if first <= seen <= last and isinstance(quad.subject, NamedNode):
            yield quad.subject, seen


def _trials(engine: ox.Store, wanted: Wanted) -> set[NamedNode] | None:
    """Return the trials that are wanted, None for all."""
    sets = []
    if wanted.trials:
        sets.append({node for one in wanted.trials for node in _registered(engine, one)})
    if wanted.antigen is not None:
        sets.append(set(_of_antigen(engine, antigen_iri(wanted.antigen))))
    if wanted.condition is not None:
        sets.append(set(_of_condition(engine, concept_iri(wanted.condition))))
    if wanted.sponsor is not None:
        node = organization_iri(wanted.sponsor)
        sets.append(set(_subjects(engine, (TKG.leadSponsor, TKG.collaborator), node)))
    if wanted.country is not None:
        sets.append(set(_of_country(engine, country_iri(wanted.country))))
    return set.intersection(*sets) if sets else None


def _registered(engine: ox.Store, registry_id: str) -> Iterator[NamedNode]:
    found = list(_subjects(engine, (TKG.registryId,), Literal(registry_id)))
    if not found:
        raise UsageError(f"there is no trial {registry_id} in the graph")
    yield from found


def _of_antigen(engine: ox.Store, antigen: NamedNode) -> Iterator[NamedNode]:
    for construct in _subjects(engine, (TKG.targetsOrVariant, TKG.targets), antigen):
        yield from _subjects(engine, (TKG.investigates,), construct)
    for event in _subjects(engine, (TKG.concerns, TKG.before, TKG.after), antigen):
        yield from _trial_of(engine, event)


def _of_condition(engine: ox.Store, concept: NamedNode) -> Iterator[NamedNode]:
    yield from _subjects(engine, (TKG.conditionOrBroader,), concept)
    below, waiting = {concept}, [concept]
    while waiting:
        for one in _subjects(engine, (SKOS.broader,), waiting.pop()):
            if one not in below:
                below.add(one)
                waiting.append(one)
    for one in below:
        for event in _subjects(engine, (TKG.subjectNode,), one):
            yield from _trial_of(engine, event)


def _of_country(engine: ox.Store, country: NamedNode) -> Iterator[NamedNode]:
    for site in _subjects(engine, (TKG.country,), country):
        yield from _subjects(engine, (TKG.site,), site)
    for event in _subjects(engine, (TKG.concerns,), country):
        yield from _trial_of(engine, event)


def _trial_of(engine: ox.Store, event: NamedNode) -> Iterator[NamedNode]:
    for quad in engine.quads_for_pattern(event, TKG.ofTrial, None, CHANGES):
        if isinstance(quad.object, NamedNode):
            yield quad.object


def _meets(engine: ox.Store, event: NamedNode, wanted: Wanted) -> bool:
    (link,) = engine.quads_for_pattern(event, TKG.changeType, None, CHANGES)
    if wanted.types and link.object not in {individual(one) for one in wanted.types}:
        return False
    if wanted.country is None or link.object not in _SITES:
        return True
    there = ox.Quad(event, TKG.concerns, country_iri(wanted.country), CHANGES)
    return there in engine


def _subjects(
    engine: ox.Store, predicates: Iterable[NamedNode], value: NamedNode | Literal
) -> Iterator[NamedNode]:
    for predicate in predicates:
        for quad in engine.quads_for_pattern(None, predicate, value):
            if isinstance(quad.subject, NamedNode):
                yield quad.subject


def _value(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""
