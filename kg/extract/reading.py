"""One trial as read: its document, the names found in it, the binder expressions."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.extract.binding import Binding, bindings
from kg.extract.findings import Claim, Evidence
from kg.extract.gates import gate_spots
from kg.extract.lexicon import Lexicon
from kg.extract.sought import Pattern
from kg.extract.spot import COMPONENT, MODALITY, PRODUCT, Spot
from kg.extract.zones import Document, Passage, Zone, document
from kg.records import Trial

ENGINEERED = frozenset(
    {
        "CARTTherapy",
        "CARNKTherapy",
        "CARMacrophageTherapy",
        "CARNKTTherapy",
        "CARGammaDeltaTTherapy",
        "CARTregTherapy",
        "InVivoCARTherapy",
        "TCRTTherapy",
        "CAR",
    }
)
CELL_MODALITIES = ENGINEERED | {
    "TILTherapy",
    "UnmodifiedNKTherapy",
    "OtherTCellTherapy",
    "CIKTherapy",
    "DendriticCellTherapy",
    "HematopoieticStemCellTherapy",
}


@dataclass(frozen=True, eq=False)
class Reading:
    """What one pass over a trial's texts gives to all rules; no binding speaks of a gate."""

    trial: Trial
    lexicon: Lexicon
    document: Document
    spots: tuple[Spot, ...]
    starts: tuple[int, ...]
    bindings: tuple[Binding, ...]
    gates: tuple[Spot, ...] = ()

    def within(self, start: int, end: int, kind: str | None = None) -> list[Spot]:
        """Return the spots that begin inside a span, of one kind or of all."""
        first = bisect_left(self.starts, start)
        last = bisect_left(self.starts, end)
        return [spot for spot in self.spots[first:last] if kind is None or spot.kind == kind]

    def passages(self, zones: Iterable[Zone], index: int | None = None) -> list[Passage]:
        """Return the passages of some zones; `index` asks for one arm or intervention."""
        by_zone = self.document.by_zone
        found = [by_zone[zone] for zone in dict.fromkeys(zones) if zone in by_zone]
        passages = [
            passage
            for listed in found
            for passage in listed
            if index is None or passage.number == index
        ]
        return sorted(passages, key=_start) if len(found) > 1 else passages

    def modality(self, spot: Spot) -> str:
        """Return the modality class that a cue names."""
        return self.lexicon.modality_cues[spot.key].modality

    def evidence(self, spot: Spot) -> Evidence:
        """Return a spot's words in the source record."""
        return self.document.evidence(spot.start, spot.end)

    def search(self, pattern: Pattern, passages: Iterable[Passage]) -> Evidence | None:
        """Return the first words in some passages that a pattern for lower case finds."""
        for passage in passages:
            match = pattern.search(self.document.lower, passage.start, passage.end)
            if match is not None and match.end() > match.start():
                return self.document.evidence(match.start(), match.end())
        return None


def _start(passage: Passage) -> int:
    return passage.start


def read(trial: Trial, lexicon: Lexicon) -> Reading:
    """Read a trial once: lay out its texts, find names, parse binder expressions."""
    laid = document(trial, lexicon.concepts.glossary)
    spots = tuple(lexicon.spotter.spots(laid))
    starts = tuple(spot.start for spot in spots)
    gates = gate_spots(laid, spots)
    targeting = [spot for spot in spots if spot not in gates] if gates else spots
    return Reading(trial, lexicon, laid, spots, starts, tuple(bindings(laid, targeting)), gates)


def claim(
    value: str,
    basis: str,
    rule: str,
    confidence: float,
    evidence: Sequence[Evidence | None] = (),
    sources: Sequence[str] = (),
) -> Claim:
    """Return a claim; evidence that is None is left out, the rest stands once."""
    kept = tuple(dict.fromkeys(item for item in evidence if item is not None))
    return Claim(value, basis, rule, confidence, kept[:8], tuple(sources))


__all__ = [
    "CELL_MODALITIES",
    "COMPONENT",
    "ENGINEERED",
    "MODALITY",
    "PRODUCT",
    "Reading",
    "claim",
    "read",
]
