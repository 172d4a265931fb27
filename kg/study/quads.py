"""graph/studies: the studies, their registrations, the reasons, and links between trials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode, Quad

from kg.extract import findings
from kg.iris import content_key, named_graph, part_iri, study_iri, trial_iri
from kg.quads import literals
from kg.quads.triples import Triple, individual
from kg.study.likeness import Likeness, likenesses
from kg.study.merging import NONE, Refusals, Studies, in_registry_order, is_registry, merge
from kg.study.references import SAME, Reference
from kg.study.registration import Registration
from kg.vocab import DCTERMS, OA, RDF, TKG

_DUPLICATE = "possible-duplicate/same-title-sponsor-design"
_LINK = "identity/named-in-text"
_LINK_CONFIDENCE = 0.9
_LINKS = {
    "followUpOf": TKG.followUpOf,
    "extensionOf": TKG.extensionOf,
    "substudyOf": TKG.substudyOf,
    "expandedAccessFor": TKG.expandedAccessFor,
}


def study_quads(registrations: Iterable[Registration], refusals: Refusals = NONE) -> list[Quad]:
    """Return graph/studies: which registrations are of one study, why, and what links trials."""
    known = list(registrations)
    return joined_quads(known, list(likenesses(known)), refusals)


def joined_quads(
    registrations: Iterable[Registration], likely: Sequence[Likeness], refusals: Refusals = NONE
) -> list[Quad]:
    """Return what is said of registrations, of which all that are alike have been found."""
    known = in_registry_order(registrations)
    graph = named_graph("studies")
    studies = merge(known, likely, refusals)
    triples = dict.fromkeys(_triples(known, likely, studies))
    return [Quad(*triple, graph) for triple in triples]


def _triples(
    known: Sequence[Registration], likely: Sequence[Likeness], studies: Studies
) -> Iterator[Triple]:
    yield from _studies(known, studies)
    yield from _identity(known, studies)
    yield from _flags(likely)
    loaded: dict[str, list[NamedNode]] = {}
    for one in known:
        loaded.setdefault(one.key, []).append(_trial(one))
    for one in known:
        for reference in one.references:
            yield from _reference(one, reference, loaded)


def _studies(known: Sequence[Registration], studies: Studies) -> Iterator[Triple]:
    for one, number in zip(known, studies.first_members, strict=True):
        first = known[number]
        own = study_iri(one.registry, one.registry_id)
        study = study_iri(first.registry, first.registry_id)
        yield own, RDF.type, TKG.Study
        yield _trial(one), TKG.registrationOf, study
        if own != study:
            yield own, DCTERMS.isReplacedBy, study


def _identity(known: Sequence[Registration], studies: Studies) -> Iterator[Triple]:
    for one in studies.evidence:
        first, second = known[one.first], known[one.second]
        key = f"{second.registry}-{second.registry_id}"
        node = part_iri(_trial(first), "identity", content_key(key))
        yield node, RDF.type, TKG.IdentityEvidence
        yield node, TKG.member, _trial(first)
        yield node, TKG.member, _trial(second)
        yield node, TKG.reason, Literal("; ".join(one.reasons))
        yield node, TKG.score, literals.decimal(one.score)
        yield node, TKG.identityVerdict, individual(one.verdict)
        for stated in one.stated:
            yield node, TKG.statedId, Literal(stated)


def _reference(
    one: Registration, reference: Reference, loaded: Mapping[str, Sequence[NamedNode]]
) -> Iterator[Triple]:
    """Yield the links to a registration that a record names, whether or not it is known."""
    others = loaded.get(reference.key) or _named(reference)
    for other in others:
        if other == _trial(one):
            continue
        if reference.kind == SAME:
            yield _trial(one), TKG.crossReference, other
        else:
            yield from _link(one, reference, other)


def _named(reference: Reference) -> tuple[NamedNode, ...]:
    """Return the trial that an identifier names, where its registry is one and it can be a name."""
    if not is_registry(reference.registry):
        return ()
    try:
        return (trial_iri(reference.registry, reference.written),)
    except ValueError:
        return ()


def _link(one: Registration, reference: Reference, other: NamedNode) -> Iterator[Triple]:
    """Yield a link between two trials, with the words of the record that states it."""
    trial = _trial(one)
    subject, value = (other, trial) if reference.inverse else (trial, other)
    predicate = _LINKS[reference.kind]
    finding = part_iri(trial, "finding", content_key(f"{reference.kind} {reference.written}"))
    yield subject, predicate, value
    yield from _finding(finding, trial, (subject, predicate, value), _LINK, _LINK_CONFIDENCE)
    yield finding, TKG.basis, TKG.Stated
    if reference.evidence is not None:
        yield from _quote(finding, reference.evidence)


def _flags(likely: Sequence[Likeness]) -> Iterator[Triple]:
    best: dict[NamedNode, Likeness] = {}
    for pair in sorted(likely, key=lambda p: (_trial(p.first).value, _trial(p.second).value)):
        for member in (pair.first, pair.second):
            node = _trial(member)
            if pair.flag and (node not in best or pair.score > best[node].score):
                best[node] = pair
    for node, pair in best.items():
        member = pair.first if _trial(pair.first) == node else pair.second
        yield from _flag(member, node, pair)


def _flag(member: Registration, trial: NamedNode, pair: Likeness) -> Iterator[Triple]:
    finding = part_iri(trial, "finding", "trial-recordFlag-PossibleDuplicate")
    flagged = (trial, TKG.recordFlag, TKG.PossibleDuplicate)
    yield flagged
    yield from _finding(finding, trial, flagged, _DUPLICATE, pair.score)
    yield finding, TKG.basis, TKG.Inferred
    title = member.title
    yield from _quote(finding, findings.Evidence(title.field, title.raw, 0, len(title.raw)))


def _finding(
    finding: NamedNode, trial: NamedNode, stated: Triple, rule: str, confidence: float
) -> Iterator[Triple]:
    yield finding, RDF.type, TKG.Finding
    for term, value in zip((RDF.subject, RDF.predicate, RDF.object), stated, strict=True):
        yield finding, term, value
    yield finding, TKG.inTrial, trial
    yield finding, TKG.rule, Literal(rule)
    yield finding, TKG.confidence, literals.decimal(confidence)


def _quote(finding: NamedNode, words: findings.Evidence) -> Iterator[Triple]:
    # Below the finding: the same words may be quoted in the record's own graph.
    quote = part_iri(finding, "evidence", "words")
    yield finding, TKG.evidence, quote
    for kind in (TKG.Evidence, OA.TextQuoteSelector, OA.TextPositionSelector):
        yield quote, RDF.type, kind
    yield quote, TKG.field, Literal(words.field)
    yield quote, OA.exact, literals.quote(words.exact)
    yield quote, OA.start, literals.integer(words.start)
    yield quote, OA.end, literals.integer(words.end)


def _trial(one: Registration) -> NamedNode:
    return trial_iri(one.registry, one.registry_id)
