"""The lines of an eligibility text: headings, list items and running text, with raw positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

INCLUSION = "Inclusion"
EXCLUSION = "Exclusion"
NOT_STATED = ""

_LEAST_BEFORE = 30
_LONGEST_LEAD = 3

_LINE = re.compile(r"[^\n\r]+")
_MARK = re.compile(
    r"(?P<bullet>\\?[*•·●▪■◦‣⁃+]|\\?[-–—](?!\d)|o(?=\s)|[✓➢])\s*"
    r"|(?P<number>\(?(?:\d{1,2}(?:\\?\.\d{1,2})*(?:\\?\.|\\?\)|、|(?<=\d):)|[A-Za-z]\\?\)|"
    r"(?:[ivx]{1,4}|[a-zA-Z])\\?\.(?=\s)|[ivx]{1,4}\\?\)))(?!\d)\s*"
)
_DECORATION = re.compile(r"^[\s*_#\\]+|[\s*_#\\]+$")
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


def lines(raw: str) -> Iterator[Line]:
    """Yield headings, items and text in reading order."""
    previous_end = 0
    for match in _LINE.finditer(raw):
        if not match[0].strip():
            continue
        blank = raw.count("\n", previous_end, match.start()) > 1 or previous_end == 0
        previous_end = match.end()
        for start, end in _stretches(raw, match.start(), match.end()):
            yield from _read(raw, start, end, match.start(), blank)
            blank = False


def _stretches(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    inside = (found.end() for found in _INLINE.finditer(raw, start, end))
    cuts = [start, *(cut for cut in inside if cut - start >= _LEAST_BEFORE), end]
    return list(pairwise(cuts))


def _read(raw: str, start: int, end: int, line_start: int, blank: bool) -> Iterator[Line]:
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    column, kind, indent = start - line_start, "text", start - line_start
    mark = _MARK.match(raw, start, end)
    while mark is not None and mark.end() > mark.start() and mark.end() < end:
        column, kind = mark.start() - line_start, mark.lastgroup or "text"
        start = mark.end()
        mark = _MARK.match(raw, start, end)
    if start >= end or not re.search(r"\w", raw[start:end]):
        return
    if kind == "text":
        column = indent
    yield from _headed(raw, Line(start, end, column, kind, blank))


def _headed(raw: str, line: Line) -> Iterator[Line]:
    stripped = raw[line.start : line.end]
    lower = stripped.lower()
    if not any(word in lower for word in _HEADING_WORDS):
        yield line._replace(polarity=_sentence_polarity(stripped, line), scoped=True)
        return
    head = _HEADING.match(_DECORATION.sub("", stripped))
    polarity = _heading_polarity(stripped, head, line)
    if head is None or polarity is None:
        yield line._replace(polarity=_sentence_polarity(stripped, line), scoped=True)
        return
    scoped = bool(head["scope"]) or not _PLAIN_LEADS.issuperset(head["lead"].lower().split())
    rest = _rest_start(raw, line)
    if rest is None:
        yield line._replace(polarity=polarity, scoped=scoped)
        return
    yield line._replace(end=rest[0], polarity=polarity, scoped=scoped)
    yield Line(rest[1], line.end, line.column, line.kind, False)


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
