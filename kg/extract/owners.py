"""Which construct a sentence with a binder expression speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.binding import Binding
from kg.extract.candidate import Candidate
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import PRODUCT

_AS_NEAR = 3
_ANTIBODY_RULES = frozenset(
    {
        "binding.antibody-after",
        "binding.inhibitor-after",
        "binding.car-after",
        "binding.car-before",
    }
)


def owners_of(reading: Reading, found: Sequence[Candidate]) -> dict[Binding, frozenset[int]]:
    """Say which candidates a sentence with a binder expression names next to it."""
    named = _places(reading, found)
    owners: dict[Binding, frozenset[int]] = {}
    for item in reading.bindings:
        first, last = reading.document.sentence_at(item.start, item.end)
        near = [
            (_distance(item, start, end), n)
            for start, end, n in named
            if first <= start < last and fits(reading, found[n], item)
        ]
        if near:
            least = min(distance for distance, _ in near)
            owners[item] = frozenset(n for distance, n in near if distance <= least + _AS_NEAR)
    return owners


def _distance(item: Binding, start: int, end: int) -> int:
    return max(item.start - end, 0) + 2 * max(start - item.end, 0)


def _places(reading: Reading, found: Sequence[Candidate]) -> list[tuple[int, int, int]]:
    """Return where each candidate is named in the document."""
    places: list[tuple[int, int, int]] = []
    for number, candidate in enumerate(found):
        places.extend(
            (spot.start, spot.end, number)
            for spot in reading.spots
            if spot.kind == PRODUCT and spot.key == candidate.product
        )
        for name in _called(candidate):
            at = reading.document.lower.find(name)
            while at >= 0:
                places.append((at, at + len(name), number))
                at = reading.document.lower.find(name, at + len(name))
    return places


def _called(candidate: Candidate) -> list[str]:
    names = [code.lower() for code in candidate.codes]
    label = candidate.label.lower()
    if 3 < len(label) < 50:
        names.append(label)
    return names


def fits(reading: Reading, candidate: Candidate, item: Binding) -> bool:
    """Tell whether the kind of expression can speak of the candidate's kind of product."""
    if item.head is None:
        return True
    said = reading.modality(item.head)
    if candidate.is_cell:
        return said in CELL_MODALITIES or item.rule not in _ANTIBODY_RULES
    return said not in CELL_MODALITIES


def identity(candidate: Candidate) -> str:
    """Return what tells products apart before their antigens are known."""
    if candidate.product or candidate.codes:
        return candidate.product or candidate.codes[0].lower()
    generic = candidate.is_cell and not candidate.bindings
    return f"any {candidate.modality}" if generic else candidate.label.lower()
