"""Statements in plain words, built from what was derived: none without a sentence or a source.

They say what is tested, what the trial measures first, and what could go wrong; they never say
that something works.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kg.extract.findings import Claim, Construct, Evidence, Extraction
from kg.extract.lexicon import Lexicon
from kg.quads import tokens
from kg.quads.names import Names, parts, short_key
from kg.quads.tokens import Token
from kg.quads.triples import Statement, individual
from kg.records import Record, Text, Trial
from kg.vocab import DCTERMS, LABELS, RDF, TKG

_EXPERIMENTAL = "ExperimentalRole"
_FIRST = "primary"
_JOINED = {"AllOf": " and ", "AnyOf": " or "}
# A modality that says what a construct is not says nothing to readers.
_REST = "other "
_READ = 6
_LONGEST = 240
_HIDDEN = "TargetUndisclosed"


class LayStatement(Record, frozen=True):
    """A sentence about a trial, its kind, and what it rests on."""

    text: str
    kind: str
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()


def lay_statements(
    trial: Trial, extraction: Extraction, lexicon: Lexicon
) -> tuple[LayStatement, ...]:
    """Return what can be said of a trial in plain words, each text once."""
    made = (
        *_tested(extraction, lexicon),
        *_measured(trial),
        *_watched(extraction),
        *_of_class(extraction, lexicon),
    )
    grounded = (one for one in made if one.evidence or one.sources)
    return tuple({one.text: one for one in grounded}.values())


def lay_triples(
    statements: Iterable[LayStatement], names: Names, quotes: Mapping[Evidence, Token]
) -> Iterator[Statement]:
    """Yield the statements with their grounds."""
    said = list(statements)
    nodes = parts(names.trial, "lay", [short_key(one.text) for one in said])
    for one, (_, node) in zip(said, nodes, strict=True):
        yield node, RDF.type, TKG.LayStatement
        yield node, TKG.text, tokens.plain(one.text)
        yield node, TKG.statementKind, individual(one.kind)
        yield node, TKG.inTrial, names.token
        for evidence in one.evidence:
            yield node, TKG.evidence, quotes[evidence]
        for source in one.sources:
            yield node, DCTERMS.source, tokens.quote(source)


def _tested(extraction: Extraction, lexicon: Lexicon) -> Iterator[LayStatement]:
    for construct in _investigated(extraction):
        claims = (construct.modality, *construct.targets)
        yield LayStatement(
            text=f"{_named(construct)} is tested{_aim(construct, lexicon)}.",
            kind="WhatIsTested",
            evidence=_quotes(claims) or construct.evidence,
            sources=_sources(claims),
        )


def _named(construct: Construct) -> str:
    """Return the name of a construct with what it is, unless the name says so."""
    modality, label = _modality(construct), construct.label
    if modality.startswith(_REST) or modality.casefold() in label.casefold():
        return label
    article = "an" if modality[0].lower() in "aeio" else "a"
    return f"{label}, {article} {modality},"


def _aim(construct: Construct, lexicon: Lexicon) -> str:
    """Say what a construct is made to bind, as far as that is known."""
    labels = [lexicon.antigens[claim.value].label for claim in construct.targets]
    if labels:
        return f"; it is made to bind {_listed(labels, construct.target_logic.value)}"
    if construct.target_disclosure.value == _HIDDEN:
        return "; the record does not say what it binds"
    return ""


def _listed(labels: list[str], logic: str) -> str:
    """Return names as a list: A, B or C."""
    between = _JOINED.get(logic, ", ")
    *first, last = labels
    return f"{', '.join(first)}{between}{last}" if first else last


def _measured(trial: Trial) -> Iterator[LayStatement]:
    """Yield what is measured first, and of more than can be read how much is left out."""
    primary: dict[str, list[Evidence]] = {}
    for outcome in trial.outcomes:
        measure = outcome.measure
        if outcome.outcome_type.lower() == _FIRST and measure.raw and measure.plain.strip():
            primary.setdefault(_readable(measure.plain), []).append(_whole(measure))
    said = list(primary.items())
    for text, evidence in said[:_READ]:
        yield LayStatement(
            text=f"The trial measures first of all: \u201c{text}\u201d.",
            kind="CouldLeadTo",
            evidence=tuple(evidence),
        )
    if rest := [quote for _, evidence in said[_READ:] for quote in evidence]:
        one = len(rest) == 1
        measures, them = (
            ("one more outcome", "it") if one else (f"{len(rest)} more outcomes", "them")
        )
        yield LayStatement(
            text=f"The trial measures {measures} first of all; its record lists {them}.",
            kind="CouldLeadTo",
            evidence=tuple(rest),
        )


def _readable(text: str) -> str:
    """Return the words of a measure; what is long ends with an ellipsis, its quote does not."""
    said = " ".join(text.split()).rstrip(".")
    if len(said) <= _LONGEST:
        return said
    return f"{said[:_LONGEST].rsplit(' ', 1)[0].rstrip(',;:')} \u2026"


def _whole(text: Text) -> Evidence:
    return Evidence(text.field, text.raw, 0, len(text.raw))


def _watched(extraction: Extraction) -> Iterator[LayStatement]:
    for claim in extraction.monitored_risks:
        yield LayStatement(
            text=f"The trial watches for {LABELS[claim.value]}.",
            kind="CouldGoWrong",
            evidence=claim.evidence,
            sources=claim.sources,
        )


def _of_class(extraction: Extraction, lexicon: Lexicon) -> Iterator[LayStatement]:
    """Yield what is known of all products of a modality, whether the record says it or not."""
    for construct in _investigated(extraction):
        for known in lexicon.design_cues.class_risks.get(construct.modality.value, ()):
            risk = LABELS[known.risk]
            yield LayStatement(
                text=f"{risk[:1].upper()}{risk[1:]} is a known risk of any {_modality(construct)}.",
                kind="CouldGoWrong",
                sources=(known.source,),
            )


def _investigated(extraction: Extraction) -> list[Construct]:
    tested = {use.construct for use in extraction.uses if use.role.value == _EXPERIMENTAL}
    return [one for place, one in enumerate(extraction.constructs) if place in tested]


def _modality(construct: Construct) -> str:
    return LABELS[construct.modality.value]


def _quotes(claims: Iterable[Claim]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(quote for claim in claims for quote in claim.evidence))


def _sources(claims: Iterable[Claim]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(source for claim in claims for source in claim.sources))
