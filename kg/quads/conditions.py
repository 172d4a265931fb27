"""Conditions as listed and mapped, and eligibility criteria."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.findings import ConditionTerm, Criterion, Extraction
from kg.iris import concept_iri
from kg.quads import tokens
from kg.quads.names import Names, Part
from kg.quads.tokens import Token
from kg.quads.triples import Derived, Statement, coded, given, individual
from kg.records import Trial
from kg.vocab import OA, RDF, TKG


def condition_triples(trial: Trial, extraction: Extraction, names: Names) -> Iterator[Statement]:
    """Yield each condition in the registrant's words, and the concepts that were found."""
    for term, (_, node), qualifiers in _terms(extraction, names):
        yield names.trial, TKG.conditionTerm, node
        yield node, RDF.type, TKG.ConditionTerm
        listed = trial.conditions[term.position]
        yield from given(node, TKG.asListed, tokens.text(listed.plain))
        yield node, TKG.mapping, individual(term.mapping)
        if term.concept is not None:
            yield names.trial, TKG.condition, concept_iri(term.concept.value)
        yield from _qualifier_triples(term, node, qualifiers)


def condition_findings(extraction: Extraction, names: Names) -> Iterator[Derived]:
    """Yield the concept of each condition term."""
    for term, (key, node), _ in _terms(extraction, names):
        if term.concept is not None:
            concept = concept_iri(term.concept.value)
            yield Derived(node, key, TKG.concept, concept, term.concept)


def criterion_triples(extraction: Extraction, names: Names) -> Iterator[Statement]:
    """Yield the eligibility criteria in reading order, each with its own place in their field."""
    for field in dict.fromkeys(one.evidence.field for one in extraction.criteria):
        yield names.trial, TKG.eligibilityField, tokens.plain(field)
    criteria = zip(extraction.criteria, names.criteria, strict=True)
    for order, (criterion, (_, node)) in enumerate(criteria, start=1):
        yield names.trial, TKG.criterion, node
        yield node, RDF.type, TKG.Criterion
        yield from given(node, TKG.polarity, coded(criterion.polarity or None))
        yield node, TKG.order, tokens.integer(order)
        if criterion.parent is not None:
            yield node, TKG.parentCriterion, names.criteria[criterion.parent].token
        yield from _criterion_words(criterion, node)


def _criterion_words(criterion: Criterion, node: Token) -> Iterator[Statement]:
    """Yield text and place; the slice itself only where the text is not the same word for word."""
    quote, text = criterion.evidence, tokens.text(criterion.text)
    yield from given(node, TKG.criterionText, text)
    yield node, OA.start, tokens.integer(quote.start)
    yield node, OA.end, tokens.integer(quote.end)
    exact = tokens.quote(quote.exact)
    if exact != text:
        yield node, OA.exact, exact


def _terms(
    extraction: Extraction, names: Names
) -> Iterator[tuple[ConditionTerm, Part, tuple[Part, ...]]]:
    return zip(extraction.conditions, names.condition_terms, names.qualifiers, strict=True)


def _qualifier_triples(
    term: ConditionTerm, node: Token, parts: tuple[Part, ...]
) -> Iterator[Statement]:
    for qualifier, (_, part) in zip(term.qualifiers, parts, strict=True):
        yield node, TKG.qualifier, part
        yield part, RDF.type, TKG.Qualifier
        yield from given(part, TKG.axis, tokens.text(qualifier.axis))
        yield from given(part, TKG.qualifierValue, tokens.text(qualifier.value))
