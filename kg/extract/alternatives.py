"""Products that a text lists behind a kind of cells: "CAR T-cell therapy (either A or B)"."""

from __future__ import annotations

import re
from dataclasses import replace

from kg.extract.candidate import Candidate
from kg.extract.grouping import distinct
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import MODALITY, PRODUCT, Spot
from kg.extract.zones import TITLES, Passage, Zone

_LISTING = (*TITLES, Zone.INTERVENTION_TEXT, Zone.ARM_TEXT, Zone.SUMMARY)
_OPENED = re.compile(
    r"(?:[\s-]*(?:t[\s-]?)?cells?)?(?:\s+(?:therapy|therapies|products?|infusions?|treatment))?"
    r"(?:\s*\([\w\s-]{1,20}\))?\s*(?:\(|:|,?\s*such as|,?\s*including|with)\s*"
    r"(?:e\.g\.?,?\s*|i\.e\.?,?\s*|either\s+|one of\s+)?"
)
_BETWEEN = re.compile(r"[®™]?(?:\s*\([\w®™ -]{1,30}\))?[\s,/®™()]*(?:or|and)?\s*")


def of_alternatives(reading: Reading, found: list[Candidate]) -> list[Candidate]:
    """Return the candidates, the only and nameless cell product as the products it is listed as."""
    cells = [candidate for candidate in found if candidate.is_cell]
    if len(cells) != 1 or cells[0].product or cells[0].codes or cells[0].bindings:
        return found
    (whole,) = cells
    listed = _listed(reading)
    if not listed:
        return found
    made = [_alternative(reading, whole, spot) for spot in listed]
    return [*made, *(candidate for candidate in found if candidate is not whole)]


def _alternative(reading: Reading, whole: Candidate, spot: Spot) -> Candidate:
    row = reading.lexicon.products[spot.key]
    return replace(whole, label=row.label, product=row.key, names=[spot])


def _listed(reading: Reading) -> list[Spot]:
    """Return the first list of two known cell products or more behind their kind."""
    if sum(spot.kind == PRODUCT for spot in reading.spots) < 2:
        return []
    for passage in reading.passages(_LISTING):
        for head in reading.within(passage.start, passage.end, MODALITY):
            if reading.modality(head) in CELL_MODALITIES:
                listed = _behind(reading, head, passage)
                if len(listed) > 1:
                    return listed
    return []


def _behind(reading: Reading, head: Spot, passage: Passage) -> list[Spot]:
    opened = _OPENED.match(reading.document.lower, head.end, passage.end)
    if opened is None:
        return []
    listed: list[Spot] = []
    at = opened.end()
    for spot in reading.within(at, passage.end, PRODUCT):
        if not _BETWEEN.fullmatch(reading.document.lower, at, spot.start):
            break
        at = spot.end
        if reading.lexicon.products[spot.key].modality in CELL_MODALITIES:
            listed.append(spot)
    return distinct(listed)
