"""How a trial is designed and which risks it watches for, from cue tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from kg.errors import LexiconError
from kg.extract.findings import Claim, Evidence
from kg.extract.sought import has_any
from kg.extract.tables import read_table, split_list
from kg.records import Text, Trial

_COLUMNS = ("words", "pattern", "value", "zones", "confidence", "source", "as_of")
_DENIED = re.compile(
    r"\b(?:no|not|without|rather than|instead of)\s+(?:an?\s+|the\s+|any\s+)?$", re.IGNORECASE
)
_LESSENED = re.compile(
    r"\b(?:no|not|without|never|free of|absence of|rather than|instead of|unlike|eliminat\w*|"
    r"low(?:er)?|less|fewer|avoid\w*|overcom\w*|reduc\w*|minimi[sz]\w*|decreas\w*|mitigat\w*)\b"
    r"[^.;\n]{0,90}$",
    re.IGNORECASE,
)
_CONTEXT = 90


class Cue(NamedTuple):
    """One pattern that supports a value in some zones; one of its words is in every match."""

    words: tuple[str, ...]
    pattern: re.Pattern[str]
    value: str
    zones: frozenset[str]
    confidence: float
    rule: str


class ClassRisk(NamedTuple):
    """A risk of all products of a modality, and the publication that says so."""

    risk: str
    source: str


class DesignCues(NamedTuple):
    """The rows of `design_cues.tsv`, of `risk_cues.tsv`, and of `class_risks.tsv` by modality.

    The automaton is over the words of all cues.
    """

    features: tuple[Cue, ...]
    risks: tuple[Cue, ...]
    class_risks: Mapping[str, tuple[ClassRisk, ...]]
    words: tuple[str, ...]
    automaton: AhoCorasick

    def said(self, lower: str) -> frozenset[str]:
        """Return the words of cues that a text in lower case has."""
        hits = self.automaton.find_matches_as_indexes(lower, overlapping=True)
        return frozenset([self.words[number] for number, _, _ in hits])


def load_design_cues(folders: Sequence[Path]) -> DesignCues:
    """Read the cue tables; raises LexiconError for a pattern that is no regular expression."""
    features, risks = _cues("design_cues", folders), _cues("risk_cues", folders)
    words = tuple(sorted({word for cue in (*features, *risks) for word in cue.words}))
    return DesignCues(features, risks, _class_risks(folders), words, AhoCorasick(words))


def _class_risks(folders: Sequence[Path]) -> dict[str, tuple[ClassRisk, ...]]:
    risks: dict[str, tuple[ClassRisk, ...]] = {}
    for row in read_table("class_risks", ("modality", "risk", "source", "as_of"), folders):
        one = ClassRisk(row["risk"], row["source"])
        risks[row["modality"]] = (*risks.get(row["modality"], ()), one)
    return risks


def features_and_risks(
    trial: Trial, cues: DesignCues
) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """Return the design features that the record names, and the risks that it watches for.

    Each stands once, in the order of their names. Who has a disease already and is therefore
    excluded says nothing about what is watched for, so eligibility is not read.
    """
    texts = list(_texts(trial))
    said = cues.said("\n".join([text.raw for _, text in texts]).lower())
    return (
        _claims(texts, _named(cues.features, said), "design", _is_denied),
        _claims(texts, _named(cues.risks, said), "risk", _is_lessened),
    )


def _named(cues: Sequence[Cue], said: frozenset[str]) -> list[Cue]:
    return [cue for cue in cues if not said.isdisjoint(cue.words)] if said else []


def _claims(
    texts: Sequence[tuple[str, Text]],
    named: Sequence[Cue],
    kind: str,
    is_denied: Callable[[str, re.Match[str], str], bool],
) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    for zone, text in texts if named else ():
        lower = text.raw.lower()
        for cue in named:
            if cue.value in found or zone not in cue.zones or not has_any(lower, cue.words):
                continue
            matches = cue.pattern.finditer(text.raw)
            match = next((m for m in matches if not is_denied(text.raw, m, zone)), None)
            if match is not None:
                evidence = (Evidence(text.field, match[0], match.start(), match.end()),)
                found[cue.value] = Claim(
                    cue.value, "Stated", f"{kind}.{cue.rule}", cue.confidence, evidence
                )
    return tuple([found[value] for value in sorted(found)])


def _is_denied(raw: str, match: re.Match[str], _zone: str) -> bool:
    return _DENIED.search(raw[max(0, match.start() - _CONTEXT) : match.start()]) is not None


def _is_lessened(raw: str, match: re.Match[str], zone: str) -> bool:
    """Tell whether prose says that a risk is lower; an outcome that counts it watches for it."""
    if zone == "outcome":
        return False
    return _LESSENED.search(raw[max(0, match.start() - _CONTEXT) : match.end()]) is not None


def _texts(trial: Trial) -> Iterator[tuple[str, Text]]:
    titles = (trial.brief_title, trial.official_title, trial.acronym)
    yield from (("title", text) for text in titles if text is not None)
    prose = (trial.brief_summary, trial.detailed_description)
    yield from (("prose", text) for text in prose if text is not None)
    for arm in trial.arms:
        yield "arm", arm.label
        if arm.description is not None:
            yield "arm", arm.description
    for intervention in trial.interventions:
        if intervention.description is not None:
            yield "arm", intervention.description
    yield from (("keyword", text) for text in trial.keywords)
    for outcome in trial.outcomes:
        yield "outcome", outcome.measure
        if outcome.description is not None:
            yield "outcome", outcome.description


def _cues(name: str, folders: Sequence[Path]) -> tuple[Cue, ...]:
    return tuple(_cue(name, row) for row in read_table(name, _COLUMNS, folders))


def _cue(name: str, row: dict[str, str]) -> Cue:
    try:
        pattern = re.compile(row["pattern"], re.IGNORECASE)
    except re.error as error:
        raise LexiconError(
            f"{name}.tsv: {row['pattern']!r} is no regular expression: {error}"
        ) from error
    zones = frozenset(split_list(row["zones"]))
    words = split_list(row["words"])
    return Cue(words, pattern, row["value"], zones, float(row["confidence"]), row["value"])
