"""A plain question, read word by word: what each part chooses, and what was not understood."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from kg.ask.meanings import Meaning, Meanings
from kg.ask.patterns import OUTSIDE, PATTERNS, Part
from kg.ask.phrases import CONNECTING, OTHERWISE, TURNING, UNHONOURED
from kg.errors import UsageError
from kg.find.facets import FACETS
from kg.find.selection import Place, Selection, selection
from kg.records import Record

_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")
_AND = re.compile(r"\s*(?:and|with|plus|&|\+|/|x|-|,\s*and)\s*", re.IGNORECASE)
_LONGEST = 1000
_MOST_TOKENS = 14
_CODE = len("US")
_PLACES = frozenset({"country", "city", "facility", OUTSIDE})
# "Children's Hospital" and "Child-Pugh" say nothing of who is admitted.
_NAMED_FOR = re.compile(r"['\u2019]s\b|[\s-]pugh\b", re.IGNORECASE)
# Behind these a word in capitals names something, in whatever case the rest is.
_LEADING = re.compile(
    r"(?:\b(?:in|the|of|from|outside|across|or|and|for|with|against)\s+|[,/&]\s*)$", re.IGNORECASE
)
_LACKED = re.compile(r"[\s-]+(?:negative|null)\b", re.IGNORECASE)
_NO_TARGET = "what is behind it says that it is lacking"
_IN_CAPITALS = "in capitals throughout nothing tells it from a plain word; write it out"
_OPEN_THERE = "Site open for enrolment, at the place that is named: yes"


class Word(Record, frozen=True):
    """A part of the question and what was made of it.

    `values` of `facet` are what it chooses; `meaning` says so in words; `other` names what else it
    could mean. A part that chooses nothing is connecting, or it was not understood, and `meaning`
    then says why.
    """

    text: str
    start: int
    end: int
    facet: str | None = None
    values: tuple[str, ...] = ()
    meaning: str = ""
    other: tuple[str, ...] = ()
    connecting: bool = False
    near: Place | None = None
    since: str = ""

    @property
    def understood(self) -> bool:
        """Tell whether something was made of the part."""
        return self.connecting or self.facet is not None


class Question(Record, frozen=True):
    """A question as it was understood: every part of it, and the selection that they make."""

    text: str
    words: tuple[Word, ...]
    selection: Selection

    @property
    def unknown(self) -> tuple[Word, ...]:
        """Return the parts that were not understood."""
        return tuple(word for word in self.words if not word.understood)


def read_question(text: str, meanings: Meanings) -> Question:
    """Return a question as it is understood; raises UsageError for one that is too long."""
    if len(text) > _LONGEST:
        raise UsageError(f"a question of more than {_LONGEST} characters; ask it in fewer")
    words = _placed(_narrowed(_joined(text, tuple(_turned(_words(text, meanings))))))
    return Question(text=text, words=words, selection=_selection(words))


def _words(text: str, meanings: Meanings) -> Iterator[Word]:
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    place = 0
    while place < len(tokens):
        word = _pattern(text, tokens[place][0], meanings) or _longest(
            text, tokens[place:], meanings
        )
        yield word
        while place < len(tokens) and tokens[place][0] < word.end:
            place += 1


def _pattern(text: str, start: int, meanings: Meanings) -> Word | None:
    for expression, read in PATTERNS:
        match = expression.match(text, start)
        part = read(match, meanings) if match else None
        if part is not None:
            return _word(text, start, part.end, meanings, part)
    return None


def _longest(text: str, tokens: Sequence[tuple[int, int]], meanings: Meanings) -> Word:
    """Return the longest run of words from here that means something, else the first word."""
    start = tokens[0][0]
    for _, end in reversed(tokens[:_MOST_TOKENS]):
        found = meanings.of(text[start:end])
        if found and _may_be_plain(text, start, end, found[0], meanings):
            said = text[start:end]
            return Word(text=said, start=start, end=end, meaning=_IN_CAPITALS)
        if found and found[0].facet == "antigen" and _LACKED.match(text, end):
            return Word(text=text[start:end], start=start, end=end, meaning=_NO_TARGET)
        if found and not (found[0].facet == "age" and _NAMED_FOR.match(text, end)):
            first, *others = found
            part = Part(end, first.facet, first.values)
            other = tuple(
                f"{FACETS[one.facet].title}: {meanings.labels(one.facet, one.values)}"
                for one in others
            )
            return _word(text, start, end, meanings, part, other)
        if text[start:end].lower() in CONNECTING:
            return Word(text=text[start:end], start=start, end=end, connecting=True)
    end = tokens[0][1]
    said = text[start:end]
    meaning = "no facet can say this" if said.lower() in UNHONOURED else "not known here"
    return Word(text=said, start=start, end=end, meaning=meaning)


def _may_be_plain(text: str, start: int, end: int, found: Meaning, meanings: Meanings) -> bool:
    """Tell whether a word names something by its capitals alone, in a question all in capitals."""
    said = text[start:end]
    plain = said.lower() in CONNECTING or (found.facet == "country" and len(said) == _CODE)
    if not (plain and said.isalpha()) or meanings.of(said.lower()):
        return False
    others = f"{text[:start]} {text[end:]}"
    return _in_capitals(others) and not _LEADING.search(text[:start])


def _in_capitals(text: str) -> bool:
    """Tell whether a question is in capitals throughout, plain words as well."""
    words = (match[0].lower() for match in _TOKEN.finditer(text))
    return text.isupper() and any(one in CONNECTING and len(one) > _CODE for one in words)


def _word(
    text: str,
    start: int,
    end: int,
    meanings: Meanings,
    part: Part,
    other: tuple[str, ...] = (),
) -> Word:
    meaning = (
        part.meaning or f"{FACETS[part.facet].title}: {meanings.labels(part.facet, part.values)}"
    )
    return Word(
        text=text[start:end],
        start=start,
        end=end,
        facet=part.facet,
        values=part.values,
        meaning=meaning,
        other=other,
        near=part.near,
        since=part.since,
    )


def _turned(words: Iterator[Word]) -> Iterator[Word]:
    """Take the choice from what a word before it turns round: it would say the opposite.

    So also from an antigen of which something else is said than that it is a target. A number ends
    a comparison.
    """
    turning, otherwise = "", ""
    for word in words:
        said = word.text.lower()
        if word.facet is not None and (turning or (otherwise and word.facet == "antigen")):
            reason = (
                f"{turning!r} before it cannot be honoured"
                if turning
                else f"{otherwise!r} says another thing of it than that it is the target"
            )
            yield Word(text=word.text, start=word.start, end=word.end, meaning=reason)
        else:
            yield word
        if word.facet is not None or said.isdecimal():
            turning, otherwise = "", "" if word.facet == "antigen" else otherwise
        elif not word.understood and said in TURNING:
            turning = word.text
        elif not word.understood and said in OTHERWISE:
            otherwise = word.text


def _joined(text: str, words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Let an antigen that "and" joins to the one before it be a second target of the construct."""
    made = list(words)
    targets = [place for place, word in enumerate(words) if word.facet == "antigen"]
    for before, here in pairwise(targets):
        between = text[words[before].end : words[here].start]
        if _AND.fullmatch(between) and len(words[here].values) == 1:
            meaning = f"The same construct also targets: {words[here].meaning.partition(': ')[2]}"
            made[here] = msgspec.structs.replace(words[here], facet="both", meaning=meaning)
    return tuple(made)


def _narrowed(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Let "outside Germany" leave of the countries that are named beside it those that it may.

    Where it leaves none, it is not understood: a trial of all countries is not what was asked.
    """
    named = {value for word in words if word.facet == "country" for value in word.values}
    kept, made = named, list(words)
    for place, word in enumerate(words):
        if word.facet != OUTSIDE:
            continue
        left = kept & set(word.values) if kept else set(word.values)
        if left:
            kept = left
        else:
            meaning = "no country is left"
            made[place] = Word(text=word.text, start=word.start, end=word.end, meaning=meaning)
    return tuple(
        msgspec.structs.replace(word, values=tuple(one for one in word.values if one in kept))
        if word.facet in {"country", OUTSIDE}
        else word
        for word in made
    )


def _selection(words: tuple[Word, ...]) -> Selection:
    values: dict[str, list[str]] = {}
    for word in words:
        if word.facet is not None and word.values:
            values.setdefault(word.facet, []).extend(word.values)
    both = values.pop("both", [])
    if outside := values.pop(OUTSIDE, []):
        values["country"] = sorted(outside)
    near = next((word.near for word in words if word.near), None)
    since = next((word.since for word in words if word.since), "")
    return selection(values, both, (), near, dt.date.fromisoformat(since) if since else None)


def _placed(words: tuple[Word, ...]) -> tuple[Word, ...]:
    """Let "recruiting" in a place mean a site there that is open, not only the trial."""
    if not any(word.near or word.facet in _PLACES for word in words):
        return words
    return tuple(
        msgspec.structs.replace(word, facet="open", values=("true",), meaning=_OPEN_THERE)
        if word.facet == "status" and word.values == ("Recruiting",)
        else word
        for word in words
    )
