"""A trial's free texts laid end to end, each with its zone: title, arm, exclusion.

Everything that is looked for is looked for once, in the whole of it; a position leads back to the
field and to the raw value there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from kg.extract.findings import Evidence
from kg.extract.glosses import Glossary
from kg.extract.normalise import Normal, lowered, normalise
from kg.records import Text, Trial


class Zone(StrEnum):
    """What kind of statement a text makes."""

    TITLE = "title"
    ACRONYM = "acronym"
    INTERVENTION = "intervention"
    OTHER_NAME = "other name"
    INTERVENTION_TEXT = "intervention description"
    ARM = "arm"
    ARM_TEXT = "arm description"
    SUMMARY = "summary"
    DETAIL = "detail"
    KEYWORD = "keyword"
    CONDITION = "condition"
    OUTCOME = "outcome"
    INCLUSION = "inclusion"
    EXCLUSION = "exclusion"

    # That of Enum is no function of the interpreter, and zones are looked up all the time.
    __hash__ = str.__hash__


TITLES = (Zone.TITLE, Zone.ACRONYM)
NAME_ZONES = (Zone.INTERVENTION, Zone.OTHER_NAME)
NAMING = frozenset({Zone.TITLE, Zone.ACRONYM, Zone.INTERVENTION, Zone.OTHER_NAME, Zone.ARM})
DESCRIBING = NAMING | {Zone.INTERVENTION_TEXT, Zone.ARM_TEXT}
CRITERIA = frozenset({Zone.INCLUSION, Zone.EXCLUSION})
PROSE = frozenset({Zone.SUMMARY, Zone.DETAIL})

# What begins with one class of signs is looked for much faster than what begins with alternatives.
_SECTION_WORDS = ("clusion", "ineligibility")
_SECTION = re.compile(
    r"\s(?:(?<=\n)|(?<=[.;:]\s))[\s*\d.()#_-]*(?:[a-z]+[ -]){0,3}?"
    r"(non-?inclusion|inclusion|exclusion|ineligibility)(?:\s+criteri\w+)?[^\n:]{0,70}(?::|\n|$)",
)
_MARKS = frozenset("*.()#_-")
_STOPS = frozenset(".;?!")
_SENTENCE_END = re.compile(r"[\n.;?!](?:(?<=\n)|[^\S\n]\s*(?=[A-Z0-9(*\"']))")
_LONGEST_LOOK = 600


class Passage(NamedTuple):
    """One free text and its place; `number` is that of its arm or intervention."""

    zone: Zone
    text: Text
    normal: Normal
    start: int
    end: int
    number: int | None


class Document(NamedTuple):
    """All free texts of a trial: `text` as written, `lower` in lower case."""

    text: str
    lower: str
    passages: tuple[Passage, ...]
    starts: tuple[int, ...]
    sections: tuple[tuple[int, Zone], ...]
    by_zone: Mapping[Zone, Sequence[Passage]]
    sentences: dict[tuple[int, int], tuple[int, int]]
    """The sentences that were asked for: several rules ask about one antigen."""

    def passage_at(self, position: int) -> Passage:
        """Return the passage that a position stands in."""
        return self.passages[bisect_right(self.starts, position) - 1]

    def zone_at(self, position: int) -> Zone:
        """Return the zone of a position; criteria are inclusion until a heading says otherwise."""
        zone = self.passage_at(position).zone
        if zone is not Zone.INCLUSION or not self.sections:
            return zone
        index = bisect_right(self.sections, position, key=_section_key)
        return self.sections[index - 1][1] if index else zone

    def sentence_at(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the sentence or list item around a span."""
        known = self.sentences.get((start, end))
        if known is None:
            known = self.sentences[start, end] = self._sentence(start, end)
        return known

    def _sentence(self, start: int, end: int) -> tuple[int, int]:
        passage = self.passage_at(start)
        text = self.text
        before = passage.start
        for mark in _SENTENCE_END.finditer(text, self._last_line(passage.start, start), start):
            before = mark.end()
        after = _SENTENCE_END.search(text, end - (text[end - 1] in _STOPS), passage.end)
        if after is None:
            return before, passage.end
        return before, after.start() + (text[after.start()] in _STOPS)

    def _last_line(self, first: int, position: int) -> int:
        """Return where to look for the end of the sentence before a position, a stop included."""
        first = max(first, position - _LONGEST_LOOK)
        line = self.text.rfind("\n", first, position)
        if line >= 0:
            while line > first and self.text[line - 1].isspace():
                line -= 1
            first = line
        return first - 1 if first and self.text[first - 1] in _STOPS else first

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the raw words of a span, with their place in the source record."""
        passage = self.passage_at(start)
        first, last = passage.normal.raw_span(start - passage.start, end - passage.start)
        return Evidence(
            field=passage.text.field, exact=passage.text.raw[first:last], start=first, end=last
        )


def _section_key(item: tuple[int, Zone]) -> int:
    return item[0]


def document(trial: Trial, glossary: Glossary | None = None) -> Document:
    """Lay out the free texts of a trial, always in the same order, Chinese words with glosses."""
    parts: list[str] = []
    passages: list[Passage] = []
    position = 0
    for zone, text, index in _texts(trial):
        if not text.raw.strip():
            continue
        normal = normalise(text.raw, glossary)
        passages.append(Passage(zone, text, normal, position, position + len(normal.text), index))
        parts.append(normal.text)
        position += len(normal.text) + 1
    whole = "\n".join(parts)
    lower = lowered(whole)
    starts = tuple([passage.start for passage in passages])
    by_zone: dict[Zone, list[Passage]] = {}
    for passage in passages:
        by_zone.setdefault(passage.zone, []).append(passage)
    sections = _sections(lower, by_zone.get(Zone.INCLUSION, ()))
    return Document(whole, lower, tuple(passages), starts, sections, by_zone, {})


def _sections(lower: str, criteria: Sequence[Passage]) -> tuple[tuple[int, Zone], ...]:
    found: list[tuple[int, Zone]] = []
    for passage in criteria:
        # From a line end before it: the criteria may open with the heading.
        text = "\n" + lower[passage.start : passage.end]
        at = passage.start - 1
        first = _section_start(text, 0)
        while first >= 0 and (match := _SECTION.search(text, first)) is not None:
            zone = Zone.INCLUSION if match[1] == "inclusion" else Zone.EXCLUSION
            found.append((at + match.start(1), zone))
            first = _section_start(text, match.end())
    return tuple(found)


def _section_start(text: str, done: int) -> int:
    """Return where a heading can begin at the earliest, -1 where none follows.

    It begins in the line of its word or in the signs that stand before that line.
    """
    places = [place for word in _SECTION_WORDS if (place := text.find(word, done)) >= 0]
    if not places:
        return -1
    start = text.rfind("\n", 0, min(places)) + 1
    while start > done and _is_mark(text[start - 1]):
        start -= 1
    return max(done, start)


def _is_mark(sign: str) -> bool:
    return sign.isspace() or sign.isdecimal() or sign in _MARKS


def _texts(trial: Trial) -> Iterator[tuple[Zone, Text, int | None]]:
    yield Zone.TITLE, trial.brief_title, None
    if trial.official_title and trial.official_title.raw != trial.brief_title.raw:
        yield Zone.TITLE, trial.official_title, None
    if trial.acronym:
        yield Zone.ACRONYM, trial.acronym, None
    for number, intervention in enumerate(trial.interventions):
        yield Zone.INTERVENTION, intervention.name, number
        for name in intervention.other_names:
            yield Zone.OTHER_NAME, name, number
        if intervention.description:
            yield Zone.INTERVENTION_TEXT, intervention.description, number
    for number, arm in enumerate(trial.arms):
        yield Zone.ARM, arm.label, number
        if arm.description:
            yield Zone.ARM_TEXT, arm.description, number
    yield from _prose(trial)


def _prose(trial: Trial) -> Iterator[tuple[Zone, Text, int | None]]:
    for zone, text in (
        (Zone.SUMMARY, trial.brief_summary),
        (Zone.DETAIL, trial.detailed_description),
    ):
        if text:
            yield zone, text, None
    for zone, texts in ((Zone.KEYWORD, trial.keywords), (Zone.CONDITION, trial.conditions)):
        for text in texts:
            yield zone, text, None
    for outcome in trial.outcomes:
        yield Zone.OUTCOME, outcome.measure, None
        if outcome.description:
            yield Zone.OUTCOME, outcome.description, None
    if trial.eligibility:
        yield Zone.INCLUSION, trial.eligibility, None
