"""The lines of an eligibility text: headings, list items and running text, with raw positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.extract.sought import has_any

INCLUSION = "Inclusion"
EXCLUSION = "Exclusion"
NOT_STATED = ""

_LEAST_BEFORE = 30
_LONGEST_LEAD = 3

_MARK = re.compile(
    r"(?P<bullet>\\?[*•·●▪■◦‣⁃+]|\\?[-–—](?!\d)|o(?=\s)|[✓➢])\s*"
    r"|(?P<number>\(?(?:\d{1,2}(?:\\?\.\d{1,2})*(?:\\?\.|\\?\)|、|(?<=\d):)|[A-Za-z]\\?\)|"
    r"(?:[ivx]{1,4}|[a-zA-Z])\\?\.(?=\s)|[ivx]{1,4}\\?\)))(?!\d)\s*"
)
# The longest mark that begins with a letter has four of them.
_LONGEST_LETTERS = 5
_WORD = re.compile(r"\w")
_DECORATION = re.compile(r"^[\s*_#\\]+|[\s*_#\\]+$")
_INLINE_WORDS = ("clusion", "CLUSION")
_INLINE = re.compile(
    r"(?<=[^\s:/])\s+(?=(?:(?:Key|Main|Major)\s+)?(?:In|Ex|IN|EX)(?:clusion|CLUSION)\s+"
    r"(?:Criteria|CRITERIA)\s*(?::|$))"
)
_PREFIX = (
    r"(?:(?!not\b|meet|other\b|further\b|any\b|period\b|does\b|biopsy\b|note\b|see\b|per\b)"
    r"[\w'’/()&.,-]+\s+){0,6}?"
)
_HEADING = re.compile(
    rf"(?P<lead>{_PREFIX}(?:pre-?|non-?)?)(?P<kind>inclusion|exclusion|eligibility|ineligibility|"
    r"enrolment|入选|纳入|排除)s?(?:\s*criteri(?:a|on|um|as)|标准)?(?P<scope>\s*[-–(]?\s*"
    r"(?:for|of|to|in|at|during|prior|before|regarding|specific|determined|after|\()[^:.]{0,120})?"
    r"\s*(?P<colon>[:：.;-])?\s*",
    re.IGNORECASE,
)
_HEADING_WORDS = ("clusion", "eligib", "enrolment", "入选", "纳入", "排除")
_BOTH = re.compile(r"inclusion\s*(?:/|and|&)\s*exclusion", re.IGNORECASE)
_REFUSES = re.compile(
    r"\bineligible\b|\bnot\s+(?:be\s+)?eligible\b|\b(?:be|are|were|is)\s+excluded\b|\bexclusions?\b|"
    r"\bnot\s+be\s+(?:included|enrolled|entered|considered)\b|\bexcludes?\b",
    re.IGNORECASE,
)
_ADMITS = re.compile(
    r"\bmust\s+(?:meet|fulfil|satisfy|have)|\beligible\s+(?:if|for)\b|\bto\s+be\s+eligible\b|"
    r"\b(?:be|are|were)\s+(?:included|enrolled|eligible)\b|\binclusion\b",
    re.IGNORECASE,
)
_REQUIREMENTS = re.compile(
    r"(?:DISEASE|PATIENT)\s+CHARACTERISTICS|PRIOR(?:[/ ]+CONCURRENT)?\s+THERAPY|"
    r"(?:Disease|Patient)\s+Characteristics"
)
_PLAIN_LEADS = frozenset(
    ["core", "general", "key", "main", "major", "overall", "primary", "study", "the"]
)


class Line(NamedTuple):
    """One stretch of a line; `column` is that of its text's marker, -1 where it has none.

    `kind` is "bullet", "number" or "text"; `polarity` is set where the line is a heading, and
    `scoped` tells that the heading says more than the polarity.
    """

    start: int
    end: int
    column: int
    kind: str
    after_blank: bool
    polarity: str | None = None
    scoped: bool = False


def lines(raw: str) -> list[Line]:
    """Return headings, items and text in reading order."""
    found: list[Line] = []
    lower = raw.lower()
    words = tuple([word for word in _HEADING_WORDS if word in lower])
    start, ends = 0, 2
    for text in (raw.replace("\r", "\n") if "\r" in raw else raw).split("\n"):
        end = start + len(text)
        if text and not text.isspace():
            blank = ends > 1
            stretches = _stretches(raw, start, end) if has_any(text, _INLINE_WORDS) else ()
            for stretch in stretches or ((start, end),):
                found += _read(raw, stretch, start, blank, words)
                blank = False
            ends = 0
        ends += raw.startswith("\n", end)
        start = end + 1
    return found


def _stretches(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    inside = (found.end() for found in _INLINE.finditer(raw, start, end))
    cuts = [start, *(cut for cut in inside if cut - start >= _LEAST_BEFORE), end]
    return list(pairwise(cuts))


def _read(
    raw: str, stretch: tuple[int, int], line_start: int, blank: bool, words: Sequence[str]
) -> Sequence[Line]:
    start, end = stretch
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    column, kind, indent = start - line_start, "text", start - line_start
    mark = _mark(raw, start, end)
    while mark is not None and mark.end() > mark.start() and mark.end() < end:
        column, kind = mark.start() - line_start, mark.lastgroup or "text"
        start = mark.end()
        mark = _mark(raw, start, end)
    if start >= end or not (raw[start].isalnum() or _WORD.search(raw, start, end)):
        return ()
    if kind == "text":
        column = indent
    line = Line(start, end, column, kind, blank, None, True)
    text = raw[start:end]
    if has_any(text.lower(), words):
        return _headed(raw, text, line)
    said = _sentence_polarity(text, line)
    return (line,) if said is None else (line._replace(polarity=said),)


def _mark(raw: str, start: int, end: int) -> re.Match[str] | None:
    """Return the mark at a place; most lines begin with a word, which is seen at once."""
    if raw[start : start + _LONGEST_LETTERS].isalpha() and start + _LONGEST_LETTERS <= end:
        return None
    return _MARK.match(raw, start, end)


def _headed(raw: str, stripped: str, line: Line) -> Sequence[Line]:
    """Return a line with words of headings as a heading and what follows it, or as it is."""
    head = _HEADING.match(_DECORATION.sub("", stripped))
    polarity = _heading_polarity(stripped, head, line)
    if head is None or polarity is None:
        said = _sentence_polarity(stripped, line)
        return (line,) if said is None else (line._replace(polarity=said),)
    scoped = bool(head["scope"]) or not _PLAIN_LEADS.issuperset(head["lead"].lower().split())
    rest = _rest_start(raw, line)
    if rest is None:
        return (line._replace(polarity=polarity, scoped=scoped),)
    heading = line._replace(end=rest[0], polarity=polarity, scoped=scoped)
    return heading, Line(rest[1], line.end, line.column, line.kind, False)


def _heading_polarity(text: str, head: re.Match[str] | None, line: Line) -> str | None:
    if head is None or _BOTH.search(head[0]):
        return None
    bare = _DECORATION.sub("", text)
    whole = head.end() == len(bare)
    if not whole and (head["colon"] != ":" or not re.match(r"[\w(≥≤<>\\]", bare[head.end() :])):
        return None
    criteria = re.search(r"criteri|标准", head[0], re.IGNORECASE) is not None
    if not criteria and (head["scope"] or len(head["lead"].split()) > _LONGEST_LEAD or not whole):
        return None
    if not criteria and line.kind != "text" and head["colon"] != ":":
        return None
    kind = head["kind"].lower()
    if kind == "eligibility" and (line.kind != "text" or len(head["lead"].split()) > _LONGEST_LEAD):
        return None
    if kind in {"exclusion", "ineligibility", "排除"} or head["lead"].lower().endswith(
        ("non-", "non")
    ):
        return EXCLUSION
    return NOT_STATED if kind == "eligibility" else INCLUSION


def _sentence_polarity(text: str, line: Line) -> str | None:
    if line.kind != "text" or line.column > 0:
        return None
    if _REQUIREMENTS.match(text):
        return INCLUSION
    if not text.rstrip("*_ ").endswith((":", "：")):
        return None
    if _BOTH.search(text):
        return NOT_STATED
    if _REFUSES.search(text):
        return EXCLUSION
    return INCLUSION if _ADMITS.search(text) else None


def _rest_start(raw: str, line: Line) -> tuple[int, int] | None:
    """Return where the heading ends and where text after its colon starts."""
    colon = re.compile(r"[:：]").search(raw, line.start, line.end)
    if colon is None:
        return None
    start = colon.end()
    while start < line.end and (raw[start].isspace() or raw[start] in "*_\\"):
        start += 1
    return (colon.end(), start) if start < line.end else None
