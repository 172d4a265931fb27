"""The eligibility text, one criterion a list item, in reading order and with its exact place.

Polarity follows the last heading. Text before the first heading is an inclusion criterion where
that heading opens the exclusion criteria; where no heading says, the polarity is empty: not stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.extract.criteria_lines import EXCLUSION, INCLUSION, NOT_STATED, Line, lines
from kg.extract.findings import Criterion, Evidence
from kg.records import Trial

_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_OPENS_LIST = re.compile(r"[:：]\W*$|\bfollowing\b[^.;]{0,60}$|\bcriteria\W*$", re.IGNORECASE)
_CLOSED = (".", ";", ",", "。", "；")


def criteria(trial: Trial) -> tuple[Criterion, ...]:
    """Return the eligibility criteria; an item of a nested list has its parent's position."""
    text = trial.eligibility
    if text is None:
        return ()
    outline = _Outline(text.raw)
    for line in lines(text.raw):
        outline.add(line)
    return tuple(_criterion(text.field, text.raw, item) for item in outline.polarised())


@dataclass(slots=True)
class _Item:
    start: int
    end: int
    column: int
    kind: str
    polarity: str | None
    parent: int | None


@dataclass(slots=True)
class _Outline:
    raw: str
    items: list[_Item] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    polarity: str | None = None
    first_heading: str | None = None

    def add(self, line: Line) -> None:
        if line.polarity is not None:
            self._head(line)
        elif self._continues(line):
            self.items[-1].end = line.end
        else:
            self._close_for(line)
            self._append(line, line.column)

    def polarised(self) -> list[_Item]:
        before = INCLUSION if self.first_heading == EXCLUSION else NOT_STATED
        for item in self.items:
            item.polarity = before if item.polarity is None else item.polarity
        return self.items

    def _head(self, line: Line) -> None:
        if line.polarity != NOT_STATED or self.polarity != INCLUSION:
            self.polarity = line.polarity
        if self.first_heading is None and line.polarity != NOT_STATED:
            self.first_heading = line.polarity
        self.open.clear()
        if line.scoped:
            self._append(line, -2)

    def _append(self, line: Line, column: int) -> None:
        parent = self.open[-1] if self.open else None
        item = _Item(line.start, line.end, column, line.kind, self.polarity, parent)
        self.items.append(item)
        self.open.append(len(self.items) - 1)

    def _continues(self, line: Line) -> bool:
        if line.kind != "text" or not self.open or not self.items:
            return False
        last = self.items[-1]
        if last.column < 0 or self.open[-1] != len(self.items) - 1:
            return False
        if last.kind == "text":
            return self.raw[line.start].islower() and not line.after_blank
        return line.column > last.column or not line.after_blank

    def _close_for(self, line: Line) -> None:
        if line.kind == "text":
            self._close_text(line)
            return
        while self.open and self.items[self.open[-1]].column > line.column:
            self.open.pop()
        sibling = self._sibling(line)
        if sibling is not None:
            del self.open[sibling:]
        elif self.open and not self._holds(self.items[self.open[-1]], line):
            self.open.pop()

    def _close_text(self, line: Line) -> None:
        while self.open and self.items[self.open[-1]].column >= line.column:
            self.open.pop()
        if line.column == 0:
            while self.open and self.items[self.open[-1]].column >= -1:
                self.open.pop()

    def _sibling(self, line: Line) -> int | None:
        for place, number in enumerate(self.open):
            item = self.items[number]
            if item.column == line.column and item.kind == line.kind:
                return place
        return None

    def _holds(self, item: _Item, line: Line) -> bool:
        if item.column < line.column and item.kind != "text":
            return True
        words = self.raw[item.start : item.end].rstrip()
        return bool(_OPENS_LIST.search(words)) or (
            item.kind == "text" and not words.endswith(_CLOSED)
        )


def _criterion(pointer: str, raw: str, item: _Item) -> Criterion:
    exact = raw[item.start : item.end]
    text = " ".join((_ESCAPE.sub("", exact) if "\\" in exact else exact).split())
    evidence = Evidence(pointer, exact, item.start, item.end)
    return Criterion(text, item.polarity or NOT_STATED, evidence, item.parent)
