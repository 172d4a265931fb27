"""Conditions as listed and mapped, and eligibility criteria."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.findings import ConditionTerm, Extraction
from kg.iris import concept_iri
from kg.quads import tokens
from kg.quads.names import Names, Part
from kg.quads.tokens import Token
from kg.quads.triples import Derived, Statement, given, individual
from kg.records import Trial
from kg.vocab import OA, RDF, TKG


def condition_triples(trial: Trial, extraction: Extraction, names: Names) -> Iterator[Statement]:
    """Yield each condition in the registrant's words, and the concepts that were found."""
    for term, (_, node), qualifiers in _terms(extraction, names):
        yield names.token, TKG.conditionTerm, node
        yield node, RDF.type, TKG.ConditionTerm
        listed = trial.conditions[term.position]
        yield from given(node, TKG.asListed, tokens.text(listed.plain))
        yield node, TKG.mapping, individual(term.mapping)
        if term.concept is not None:
            yield names.token, TKG.condition, concept_iri(term.concept.value)
        yield from _qualifier_triples(term, node, qualifiers)


def condition_findings(extraction: Extraction, names: Names) -> Iterator[Derived]:
    """Yield the concept of each condition term."""
    for term, (key, node), _ in _terms(extraction, names):
        if term.concept is not None:
            concept = concept_iri(term.concept.value)
            yield Derived(node, key, TKG.concept, concept, term.concept)


def criterion_triples(extraction: Extraction, names: Names) -> Iterator[Statement]:
    """Yield the eligibility criteria in reading order, each with its own place in their field.

    The slice that begins there stands only where the text is not the same word for word; its end is
    as many code points further as one or the other is long.
    """
    for field in dict.fromkeys(one.evidence.field for one in extraction.criteria):
        yield names.token, TKG.eligibilityField, tokens.plain(field)
    nodes = [part.token for part in names.criteria]
    for order, (criterion, node) in enumerate(zip(extraction.criteria, nodes, strict=True), 1):
        yield names.token, TKG.criterion, node
        yield node, RDF.type, TKG.Criterion
        if criterion.polarity:
            yield node, TKG.polarity, individual(criterion.polarity)
        yield node, TKG.order, tokens.integer(order)
        if criterion.parent is not None:
            yield node, TKG.parentCriterion, nodes[criterion.parent]
        text, exact = tokens.text(criterion.text), tokens.quote(criterion.evidence.exact)
        if text is not None:
            yield node, TKG.criterionText, text
        yield node, OA.start, tokens.integer(criterion.evidence.start)
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
