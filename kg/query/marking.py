"""How a quote is shown: the statement, its ground, and the words that it rests on."""

from __future__ import annotations

import re

from kg.query.trial import Condition, Construct, Finding, Quote, Trial, Use
from kg.vocab import TKG

ABRIDGED = (
    "Abridged: this record was shortened and reworded for the bundled examples; "
    "its quotes are not the registrant's words."
)
WITHDRAWN = "Withdrawn: since {} its registry does not give this record any more."
COPIED = "A copy: the registry's own record is not loaded, that of another source stands in for it."
FLAG_NOTES = {
    "SelfDescribedExample": "The record calls itself an example.",
    "PossibleDuplicate": "The same study seems to be registered more than once.",
    "TextContradictsItself": "Fields of this record contradict each other.",
    "StaleVerification": "The status has not been verified for two years.",
}


def warnings(trial: Trial) -> list[str]:
    """Return what a reader has to know before trusting the record."""
    notes = [ABRIDGED] if trial.abridged else []
    if trial.withdrawn_since is not None:
        notes.append(WITHDRAWN.format(trial.withdrawn_since.isoformat()))
    if trial.standing is not None and trial.standing.iri == TKG.CopyOfRecord.value:
        notes.append(COPIED)
    for flag in trial.flags:
        name = flag.curie.rpartition(":")[2]
        notes.append(FLAG_NOTES.get(name, flag.label))
    return notes


def grounds(finding: Finding) -> str:
    """Return in a few words why a statement is believed."""
    parts = [finding.basis.label if finding.basis else "", f"rule {finding.rule}"]
    if finding.confidence is not None:
        parts.append(f"confidence {finding.confidence:g}")
    parts += [f"lexicon {source}" for source in finding.sources]
    return ", ".join(part for part in parts if part)


def value_text(finding: Finding) -> str:
    """Return what a finding states of its subject."""
    return finding.value if isinstance(finding.value, str) else finding.value.label


def all_findings(trial: Trial) -> list[Finding]:
    """Return every finding of a trial, those of the trial itself first."""
    parts: tuple[Construct | Use | Condition, ...] = (
        *trial.constructs,
        *trial.uses,
        *trial.conditions,
    )
    return [*trial.findings, *(finding for part in parts for finding in part.findings)]


_SPACES = re.compile(r"\s+")


def in_context(quote: Quote) -> tuple[str, str, str]:
    """Return what stands before a quote in its sentence, the quote, and what stands behind it."""
    return _SPACES.sub(" ", quote.prefix), quote.exact, _SPACES.sub(" ", quote.suffix)
