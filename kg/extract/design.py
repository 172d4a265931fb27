"""How a trial is designed and which risks it watches for, from cue tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from kg.errors import LexiconError
from kg.extract.findings import Claim, Evidence
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


class Cues(NamedTuple):
    """The rows of a table, with the automaton over all their words."""

    rows: tuple[Cue, ...]
    words: tuple[str, ...]
    automaton: AhoCorasick

    def named(self, lower: str) -> list[Cue]:
        """Return the rows of which a text in lower case has a word."""
        hits = self.automaton.find_matches_as_indexes(lower, overlapping=True)
        said = {self.words[number] for number, _, _ in hits}
        return [cue for cue in self.rows if not said.isdisjoint(cue.words)] if said else []


class ClassRisk(NamedTuple):
    """A risk of all products of a modality, and the publication that says so."""

    risk: str
    source: str


class DesignCues(NamedTuple):
    """The rows of `design_cues.tsv`, of `risk_cues.tsv`, and of `class_risks.tsv` by modality."""

    features: Cues
    risks: Cues
    class_risks: Mapping[str, tuple[ClassRisk, ...]]


def load_design_cues(folders: Sequence[Path]) -> DesignCues:
    """Read the cue tables; raises LexiconError for a pattern that is no regular expression."""
    return DesignCues(
        _cues("design_cues", folders), _cues("risk_cues", folders), _class_risks(folders)
    )


def _class_risks(folders: Sequence[Path]) -> dict[str, tuple[ClassRisk, ...]]:
    risks: dict[str, tuple[ClassRisk, ...]] = {}
    for row in read_table("class_risks", ("modality", "risk", "source", "as_of"), folders):
        one = ClassRisk(row["risk"], row["source"])
        risks[row["modality"]] = (*risks.get(row["modality"], ()), one)
    return risks


def design_features(trial: Trial, cues: DesignCues) -> tuple[Claim, ...]:
    """Return the design features that the record names, each once, in the order of their names."""
    return _claims(trial, cues.features, "design", _is_denied)


def monitored_risks(trial: Trial, cues: DesignCues) -> tuple[Claim, ...]:
    """Return the risks that the record watches for.

    Who has a disease already and is therefore excluded says nothing about what is watched for, so
    eligibility is not read.
    """
    return _claims(trial, cues.risks, "risk", _is_lessened)


def _claims(
    trial: Trial,
    cues: Cues,
    kind: str,
    is_denied: Callable[[str, re.Match[str], str], bool],
) -> tuple[Claim, ...]:
    found: dict[str, Claim] = {}
    texts = list(_texts(trial))
    named = cues.named("\n".join([text.raw for _, text in texts]).lower())
    for zone, text in texts if named else ():
        lower = text.raw.lower()
        for cue in named:
            if cue.value in found or zone not in cue.zones or not _may_match(cue, lower):
                continue
            matches = cue.pattern.finditer(text.raw)
            match = next((m for m in matches if not is_denied(text.raw, m, zone)), None)
            if match is not None:
                evidence = (Evidence(text.field, match[0], match.start(), match.end()),)
                found[cue.value] = Claim(
                    cue.value, "Stated", f"{kind}.{cue.rule}", cue.confidence, evidence
                )
    return tuple([found[value] for value in sorted(found)])


def _may_match(cue: Cue, lower: str) -> bool:
    return any(word in lower for word in cue.words)


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


def _cues(name: str, folders: Sequence[Path]) -> Cues:
    rows = tuple(_cue(name, row) for row in read_table(name, _COLUMNS, folders))
    words = tuple(sorted({word for cue in rows for word in cue.words}))
    return Cues(rows, words, AhoCorasick(words))


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
