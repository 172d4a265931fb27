"""Arms, interventions, and what is given where in which role."""

from __future__ import annotations

from collections.abc import Iterator

from kg.extract.findings import Evidence, Extraction, Use
from kg.quads import tokens
from kg.quads.names import Names
from kg.quads.tokens import Token
from kg.quads.triples import Derived, Statement, coded, given, grounded, individual
from kg.records import Text, Trial
from kg.vocab import RDF, TKG

_EXPERIMENTAL = "ExperimentalRole"


def arm_triples(trial: Trial, names: Names) -> Iterator[Statement]:
    """Yield the arms as listed."""
    for arm, (_, node) in zip(trial.arms, names.arms, strict=True):
        yield names.token, TKG.arm, node
        yield node, RDF.type, TKG.Arm
        yield from given(node, TKG.armLabel, _words(arm.label))
        yield from given(node, TKG.armType, coded(arm.arm_type))
        yield from given(node, TKG.armDescription, _words(arm.description))


def intervention_triples(trial: Trial, names: Names) -> Iterator[Statement]:
    """Yield the interventions as listed."""
    for intervention, (_, node) in zip(trial.interventions, names.interventions, strict=True):
        yield names.token, TKG.intervention, node
        yield node, RDF.type, TKG.Intervention
        yield from given(node, TKG.asListed, _words(intervention.name))
        yield from given(node, TKG.interventionType, coded(intervention.intervention_type))
        yield from given(node, TKG.interventionDescription, _words(intervention.description))
        for other in intervention.other_names:
            yield from given(node, TKG.otherName, _words(other))


def use_triples(extraction: Extraction, names: Names) -> Iterator[Statement]:
    """Yield the uses, and what the trial investigates."""
    for use, (_, node) in zip(extraction.uses, names.uses, strict=True):
        yield names.token, TKG.use, node
        yield node, RDF.type, TKG.Use
        if use.arm is not None:
            yield node, TKG.inArm, names.arms[use.arm].token
        if use.intervention is not None:
            yield node, TKG.intervention, names.interventions[use.intervention].token
        if use.construct is not None:
            yield node, TKG.construct, names.constructs[use.construct].token
        yield from given(node, TKG.doseText, tokens.text(use.dose_text))
        yield from given(node, TKG.route, tokens.text(use.route))
        yield from given(node, TKG.schedule, tokens.text(use.schedule))
        yield from _investigated(use, names)


def use_findings(trial: Trial, extraction: Extraction, names: Names) -> Iterator[Derived]:
    """Yield the role of each use."""
    for use, (key, node) in zip(extraction.uses, names.uses, strict=True):
        claim = grounded(use.role, _named(use, trial, extraction))
        yield Derived(node, key, TKG.role, individual(claim.value), claim)


def _named(use: Use, trial: Trial, extraction: Extraction) -> tuple[Evidence, ...]:
    if use.intervention is not None:
        name = trial.interventions[use.intervention].name
        return (Evidence(field=name.field, exact=name.raw, start=0, end=len(name.raw)),)
    return () if use.construct is None else extraction.constructs[use.construct].evidence


def _investigated(use: Use, names: Names) -> Iterator[Statement]:
    if use.construct is not None and use.role.value == _EXPERIMENTAL:
        yield names.token, TKG.investigates, names.constructs[use.construct].token


def _words(text: Text | None) -> Token | None:
    return None if text is None else tokens.text(text.plain)
