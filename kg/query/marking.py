"""How a quote is shown: the statement, its ground, and the words that it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.query.trial import Condition, Construct, Finding, Quote, Trial, Use

ABRIDGED = (
    "Abridged: this record was shortened and reworded for the bundled examples; "
    "its quotes are not the registrant's words."
)
FLAG_NOTES = {
    "SelfDescribedExample": "The record calls itself an example.",
    "PossibleDuplicate": "The same study seems to be registered more than once.",
    "TextContradictsItself": "Fields of this record contradict each other.",
    "StaleVerification": "The status has not been verified for two years.",
}


def warnings(trial: Trial) -> list[str]:
    """Return what a reader has to know before trusting the record."""
    notes = [ABRIDGED] if trial.abridged else []
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


_AROUND = 50
_SPACES = re.compile(r"\s+")


def in_context(trial: Trial, quote: Quote) -> tuple[str, str, str]:
    """Return what stands before a quote, the quote, and what stands behind it.

    Positions count in the raw value, the graph keeps the words as people read them: where the two
    differ before the quote, it stands alone.
    """
    for text in _texts(trial, quote.field):
        if quote.exact and text[quote.start : quote.end] == quote.exact:
            before = text[max(0, quote.start - _AROUND) : quote.start]
            behind = text[quote.end : quote.end + _AROUND]
            return _cut(before, head=True), quote.exact, _cut(behind, head=False)
    return "", quote.exact, ""


def _cut(text: str, *, head: bool) -> str:
    line = _SPACES.sub(" ", text)
    if len(text) < _AROUND:
        return line
    return f"\u2026{line}" if head else f"{line}\u2026"


def _texts(trial: Trial, field: str) -> Iterator[str]:
    """Yield the texts that a field may mean, by the last name in its pointer."""
    names = [part for part in field.split("/") if part and not part.isdecimal()]
    groups = _groups(trial)
    asked = groups.get(names[-1]) if names else None
    for group in groups.values() if asked is None else (asked,):
        yield from filter(None, group)


def _groups(trial: Trial) -> dict[str, tuple[str | None, ...]]:
    others = (name for one in trial.interventions for name in one.other_names)
    return {
        "briefTitle": (trial.brief_title,),
        "officialTitle": (trial.official_title,),
        "acronym": (trial.acronym,),
        "briefSummary": (trial.brief_summary,),
        "detailedDescription": (trial.detailed_description,),
        "eligibilityCriteria": (trial.eligibility,),
        "whyStopped": (trial.why_stopped,),
        "keywords": trial.keywords,
        "conditions": tuple(one.as_listed for one in trial.conditions),
        "label": tuple(arm.label for arm in trial.arms),
        "name": tuple(one.as_listed for one in trial.interventions),
        "otherNames": tuple(others),
        "description": (
            *(arm.description for arm in trial.arms),
            *(one.description for one in trial.interventions),
        ),
    }
