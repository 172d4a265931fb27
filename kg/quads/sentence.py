"""The sentence around a quote, as oa:prefix and oa:suffix of the quote (Web Annotation, 4.2.4)."""

from __future__ import annotations

import re
from itertools import pairwise

_FARTHEST = 200
# Most boundaries are found as near as this.
_NEAR = 50
# A line, or a full stop in front of what may begin a sentence; abbreviations end none. The signs
# that these begin with come first, as one class, so that a search passes quickly over the rest.
_BOUNDARY = re.compile(
    r"[\n.!?;。；！？](?:(?<=\n)\n*|(?<=[。；！？])|(?<=[.!?;])(?=\s+[\"'(\[“]?[A-Z0-9])"
    r"(?<!\be\.g.)(?<!\bi\.e.)(?<!\bvs.)(?<!\bDr.)(?<!\bNo.)\s*)"
)
_MARK_ONLY = re.compile(r"[\s*•·○‣–—-]*(?:\d{1,2}[.)]|[a-z][.)])?[\s*•-]*")


def around(raw: str, start: int, end: int) -> tuple[str, str]:
    """Return what stands before and behind a slice of a text within its sentence.

    Both are slices of the raw value that touch the quote, at most 200 code points each, cut between
    words; a mark of a list alone counts as nothing.
    """
    return _before(raw, start), _behind(raw, end)


def sentences(text: str) -> list[str]:
    """Return the sentences and lines of a text in order, without space around them."""
    starts = [0, *(found.end() for found in _BOUNDARY.finditer(text))]
    slices = (text[start:end].strip() for start, end in pairwise([*starts, len(text)]))
    return [one for one in slices if one]


def _before(raw: str, start: int) -> str:
    first = max(0, start - _FARTHEST)
    text = raw[first:start]
    begin = _last_boundary(raw, max(0, start - _NEAR), start)
    if begin is None and start > _NEAR:
        begin = _last_boundary(raw, first, start)
    if begin is not None:
        text = raw[begin:start]
    elif first:
        _, space, rest = text.partition(" ")
        text = rest if space else text
    return "" if _MARK_ONLY.fullmatch(text) else text.lstrip()


def _last_boundary(raw: str, first: int, start: int) -> int | None:
    found = _BOUNDARY.finditer(raw, first, min(len(raw), start + 1))
    return max((end for one in found if (end := one.end()) <= start), default=None)


def _behind(raw: str, end: int) -> str:
    found = _BOUNDARY.search(raw, end, min(len(raw), end + _FARTHEST))
    if found is not None:
        return raw[end : found.end()].rstrip()
    text = raw[end : end + _FARTHEST]
    if end + _FARTHEST < len(raw):
        text = text.rpartition(" ")[0] or text
    return text.rstrip()
