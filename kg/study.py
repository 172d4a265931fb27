"""Identity of studies: what one or more registrations are about.

Every registration is a study of its own until something more than likeness joins two; two that
look alike are flagged, with the reason, and stay two.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from pyoxigraph import Literal, NamedNode, Quad

from kg.extract.findings import Extraction
from kg.iris import named_graph, part_iri, study_iri, trial_iri
from kg.quads import literals
from kg.quads.triples import Triple
from kg.records import Record, Text, Trial
from kg.vocab import OA, RDF, TKG

RELEASE = "1"

_RULE = "possible-duplicate/same-title-sponsor-design"
# Score of a pair whose sites agree, and of one where a record lists none.
_SCORES = {True: 0.9, False: 0.7}


class Registration(Record, frozen=True):
    """What one registration is compared by.

    `sponsor` and `sites` are keys of shared nodes, `design` is empty unless phases and enrolment
    are both stated.
    """

    registry: str
    registry_id: str
    title: Text
    sponsor: str | None = None
    sites: tuple[str, ...] = ()
    design: tuple[str, ...] = ()


class Likeness(Record, frozen=True):
    """Two registrations that may be one study, in the order of their ids."""

    first: Registration
    second: Registration
    score: float
    reason: str


def registration(trial: Trial, extraction: Extraction) -> Registration:
    """Return what a trial is compared by."""
    organizations = extraction.organizations
    return Registration(
        registry=trial.registry,
        registry_id=trial.registry_id,
        title=trial.brief_title,
        sponsor=organizations[0] if organizations and trial.lead_sponsor else None,
        sites=tuple(
            sorted(
                {
                    f"{place.country}/{place.city}/{place.facility}"
                    for place in extraction.places
                    if place.facility
                }
            )
        ),
        design=_design(trial),
    )


def study_quads(registrations: Iterable[Registration]) -> list[Quad]:
    """Return graph/studies: a study for each registration, and what is known of their identity."""
    known = sorted(registrations, key=lambda one: (one.registry, one.registry_id))
    graph = named_graph("studies")
    triples = dict.fromkeys(_triples(known))
    return [Quad(*triple, graph) for triple in triples]


def likenesses(registrations: Sequence[Registration]) -> Iterator[Likeness]:
    """Yield the pairs of one registry that may be registrations of one study.

    Both have the same title, lead sponsor, study type, phases and enrolment, and share a site
    unless one of them lists none. Linear but for groups that are equal in all of the former.
    """
    groups: dict[tuple[object, ...], list[Registration]] = defaultdict(list)
    for one in registrations:
        if one.sponsor and one.design:
            key = (one.registry, _folded(one.title.plain), one.sponsor, one.design)
            groups[key].append(one)
    for group in groups.values():
        for first, second in combinations(group, 2):
            if first.sites and second.sites and not set(first.sites) & set(second.sites):
                continue
            yield _likeness(first, second)


def _likeness(first: Registration, second: Registration) -> Likeness:
    shared = sorted(set(first.sites) & set(second.sites))
    where = f"site {shared[0]}" if shared else "no site in one of the two records"
    reason = f"same title, lead sponsor, study type, phases and enrolment; {where}"
    return Likeness(first=first, second=second, score=_SCORES[bool(shared)], reason=reason)


def _folded(title: str) -> str:
    folded = unicodedata.normalize("NFKC", title).casefold()
    return "".join(character for character in folded if character.isalnum())


def _design(trial: Trial) -> tuple[str, ...]:
    if trial.study_type is None or not trial.phases or trial.enrollment is None:
        return ()
    return (trial.study_type, "/".join(trial.phases), str(trial.enrollment))


def _triples(known: Sequence[Registration]) -> Iterator[Triple]:
    for one in known:
        study = study_iri(one.registry, one.registry_id)
        yield study, RDF.type, TKG.Study
        yield _trial(one), TKG.registrationOf, study
    best: dict[NamedNode, Likeness] = {}
    for pair in likenesses(known):
        yield from _identity(pair)
        for member in (pair.first, pair.second):
            node = _trial(member)
            if node not in best or pair.score > best[node].score:
                best[node] = pair
    for node, pair in best.items():
        member = pair.first if _trial(pair.first) == node else pair.second
        yield from _flag(member, node, pair)


def _trial(one: Registration) -> NamedNode:
    return trial_iri(one.registry, one.registry_id)


def _identity(pair: Likeness) -> Iterator[Triple]:
    first, second = _trial(pair.first), _trial(pair.second)
    node = part_iri(first, "identity", f"{pair.second.registry}-{pair.second.registry_id}")
    yield node, RDF.type, TKG.IdentityEvidence
    yield node, TKG.member, first
    yield node, TKG.member, second
    yield node, TKG.reason, Literal(pair.reason)
    yield node, TKG.score, literals.decimal(pair.score)


def _flag(member: Registration, trial: NamedNode, pair: Likeness) -> Iterator[Triple]:
    finding = part_iri(trial, "finding", "trial-recordFlag-PossibleDuplicate")
    yield trial, TKG.recordFlag, TKG.PossibleDuplicate
    yield finding, RDF.type, TKG.Finding
    yield finding, RDF.subject, trial
    yield finding, RDF.predicate, TKG.recordFlag
    yield finding, RDF.object, TKG.PossibleDuplicate
    yield finding, TKG.inTrial, trial
    yield finding, TKG.basis, TKG.Inferred
    yield finding, TKG.rule, Literal(_RULE)
    yield finding, TKG.confidence, literals.decimal(pair.score)
    # Below the finding: the same words may be quoted in the record's own graph.
    quote = part_iri(finding, "evidence", "brief-title")
    yield finding, TKG.evidence, quote
    for kind in (TKG.Evidence, OA.TextQuoteSelector, OA.TextPositionSelector):
        yield quote, RDF.type, kind
    yield quote, TKG.field, Literal(member.title.field)
    yield quote, OA.exact, literals.quote(member.title.raw)
    yield quote, OA.start, literals.integer(0)
    yield quote, OA.end, literals.integer(len(member.title.raw))
