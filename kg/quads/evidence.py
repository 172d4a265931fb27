"""Why a statement is believed: findings, quotes, and the antigens that a record names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from kg.extract.findings import Claim, Evidence, Extraction
from kg.iris import antigen_iri
from kg.quads import tokens
from kg.quads.names import Names, parts, short_key
from kg.quads.sentence import around
from kg.quads.tokens import Token
from kg.quads.triples import Derived, Statement, Term, given, individual
from kg.records import Trial, texts
from kg.vocab import OA, RDF, TKG

Quotes = Mapping[Evidence, Token]


def name_quotes(
    extraction: Extraction,
    derived: Sequence[Derived],
    trial: NamedNode,
    further: Iterable[Evidence] = (),
) -> dict[Evidence, Token]:
    """Name every quote once, equal words counted in the order of where they stand."""
    found = dict.fromkeys((*_quotes(extraction, derived), *further))
    ordered = sorted(found, key=lambda quote: (quote.field, quote.start, quote.end, quote.exact))
    named = parts(trial, "evidence", [short_key(quote.exact) for quote in ordered])
    return {quote: part.token for quote, part in zip(ordered, named, strict=True)}


def quote_triples(quotes: Quotes, trial: Trial) -> Iterator[Statement]:
    """Yield each quote with its place in the source record and the sentence that it stands in."""
    raw = {text.field: text.raw for text in texts(trial)}
    for quote, node in quotes.items():
        yield node, RDF.type, TKG.Evidence
        yield node, RDF.type, OA.TextQuoteSelector
        yield node, RDF.type, OA.TextPositionSelector
        yield node, TKG.field, tokens.plain(quote.field)
        yield node, OA.exact, tokens.quote(quote.exact)
        yield node, OA.start, tokens.integer(quote.start)
        yield node, OA.end, tokens.integer(quote.end)
        before, behind = around(raw.get(quote.field, ""), quote.start, quote.end)
        if before:
            yield node, OA.prefix, tokens.quote(before)
        if behind:
            yield node, OA.suffix, tokens.quote(behind)


def merge_claims(derived: Iterable[Derived]) -> list[Derived]:
    """Keep one entry a triple: the most confident claim, with the evidence of all."""
    merged: dict[Statement, Derived] = {}
    for one in derived:
        known = merged.get(one.triple)
        merged[one.triple] = one if known is None else _joined(known, one)
    return list(merged.values())


def finding_triples(
    derived: Sequence[Derived], names: Names, quotes: Quotes
) -> Iterator[Statement]:
    """Yield one finding for each derived triple."""
    keys = [short_key(f"{one.key}-{_tail(one.predicate)}-{_tail(one.value)}") for one in derived]
    for one, (_, node) in zip(derived, parts(names.trial, "finding", keys), strict=True):
        yield node, RDF.type, TKG.Finding
        yield node, RDF.subject, one.subject
        yield node, RDF.predicate, one.predicate
        yield node, RDF.object, one.value
        yield node, TKG.inTrial, names.token
        yield from _grounds(one.claim, node, quotes)


def mention_triples(extraction: Extraction, names: Names, quotes: Quotes) -> Iterator[Statement]:
    """Yield the antigens that the record names, each in its role."""
    for mention, (_, node) in zip(extraction.mentions, names.mentions, strict=True):
        yield node, RDF.type, TKG.AntigenMention
        yield node, TKG.inTrial, names.token
        yield node, TKG.antigen, antigen_iri(mention.antigen)
        yield node, TKG.role, individual(mention.role)
        if mention.construct is not None:
            yield node, TKG.construct, names.constructs[mention.construct].token
        for evidence in mention.evidence:
            yield node, TKG.evidence, quotes[evidence]


def trial_findings(extraction: Extraction, names: Names) -> Iterator[Derived]:
    """Yield flags, design features and monitored risks of the trial itself."""
    for predicate, claims in (
        (TKG.recordFlag, extraction.record_flags),
        (TKG.designFeature, extraction.design_features),
        (TKG.monitoredRisk, extraction.monitored_risks),
    ):
        for claim in claims:
            yield Derived(names.token, "trial", predicate, individual(claim.value), claim)


def _grounds(claim: Claim, node: Token, quotes: Quotes) -> Iterator[Statement]:
    yield node, TKG.basis, individual(claim.basis)
    yield node, TKG.rule, tokens.plain(claim.rule)
    yield node, TKG.confidence, tokens.decimal(claim.confidence)
    for evidence in claim.evidence:
        yield node, TKG.evidence, quotes[evidence]
    for source in claim.sources:
        yield from given(node, TKG.lexiconSource, tokens.text(source))


def _joined(one: Derived, other: Derived) -> Derived:
    best, second = sorted((one.claim, other.claim), key=lambda claim: -claim.confidence)
    claim = Claim(
        value=best.value,
        basis=best.basis,
        rule=best.rule,
        confidence=best.confidence,
        evidence=tuple(dict.fromkeys(best.evidence + second.evidence)),
        sources=tuple(dict.fromkeys(best.sources + second.sources)),
    )
    return Derived(one.subject, one.key, one.predicate, one.value, claim)


def _quotes(extraction: Extraction, derived: Sequence[Derived]) -> Iterator[Evidence]:
    for construct in extraction.constructs:
        yield from construct.evidence
    for mention in extraction.mentions:
        yield from mention.evidence
    for one in derived:
        yield from one.claim.evidence


def _tail(term: Term) -> str:
    if isinstance(term, Literal):
        return term.value
    return term.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
