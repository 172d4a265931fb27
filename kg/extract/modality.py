"""Which modality cues say most, and where a record says the modality of a coded product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from kg.extract.naming import codes, share
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading
from kg.extract.sought import sought
from kg.extract.spot import MODALITY, Spot
from kg.extract.zones import NAMING, TITLES, Passage, Zone

_REACH = 60
_ADDED = re.compile(
    r"(?:with or without|in combination with|combined with|plus|and|followed by|"
    r"after|prior to|before)\s+"
    r"(?:\w+\s+){0,2}$"
)
_ACTS_ON = re.compile(
    r"\b(?:activat|stimulat|expand|enhanc|promot|boost|increas|augment|induc|mobili[sz])"
    r"(?:e|es|s|ing|ion of)\s+(?:\w+\s+){0,3}$"
)
UNMODIFIED = frozenset(
    {"UnmodifiedNKTherapy", "TILTherapy", "CIKTherapy", "DendriticCellTherapy", "OtherTCellTherapy"}
)
# Cells that carry a bare CAR: "HER2-specific CAR VST".
_CARRYING = {
    "UnmodifiedNKTherapy": "CARNKTherapy",
    "OtherTCellTherapy": "CARTTherapy",
    "CIKTherapy": "CARTTherapy",
}
_SECRETED = frozenset({"TCellEngager", "NKCellEngager"})
WEAK = frozenset(
    {"Antibody", "Bispecific", "TherapeuticVaccine", "FusionProtein", "MonoclonalAntibody"}
)
_ANTIBODIES = frozenset({"MonoclonalAntibody", "BispecificAntibody", "FusionProtein"})
_DEFINES = re.compile(r",?\s*\b(?:is|was)\s+an?\s+(?:[\w-]+,?\s+){0,5}")
_CELL_PRODUCT = sought(
    r"\b(?:engineered|modified|redirected|re-directed|transduced|targeted|"
    r"specific)\b[\w\s-]{0,40}\b(?:t|nk|immune|myeloid)"
    r"[\s-]?(?:cells?|lymphocytes?)\b|[\w-]*\d[\w-]*\s+(?:t|nk)[\s-]?cells?\b|"
    r"\b[a-z]*car-?\d{2}\w*\s+cells?\b|"
    r"\bcells?\s+(?:injection|preparation|products?|infusion|"
    r"suspension)\b",
    "cell",
    "lymphocyte",
)
_CAR_CODE = re.compile(r"\bcarv?\d|\b[a-z]*car-?\d{2}")
_NO_PRODUCT = re.compile(
    r"stem|blood|mesenchymal|stromal|transplant|marrow|red cell|islet|collection|apheresis|count|"
    r"\bproduction\b|\bmanufactur\w+|"
    r"sampl|biops|"
    r"platelet|donor lymphocyte|dendritic"
)


def best_head(reading: Reading, heads: Sequence[Spot], more: Iterable[Spot | None]) -> str | None:
    """Return the modality that says most: a named cell over a bare CAR, a class over "antibody"."""
    found = [reading.modality(spot) for spot in (*heads, *(spot for spot in more if spot))]
    if "CAR" in found and not ENGINEERED - {"CAR"} & set(found):
        found = [_CARRYING.get(modality, modality) for modality in found]
        found = [modality for modality in found if modality not in _SECRETED]
    for wanted in (_specific, _any_car, _any):
        for modality in found:
            if wanted(modality):
                return modality
    return None


def _specific(modality: str) -> bool:
    return modality not in WEAK and modality != "CAR"


def _any_car(modality: str) -> bool:
    return modality == "CAR"


def _any(modality: str) -> bool:
    return bool(modality)


def described_heads(reading: Reading, number: int) -> list[Spot]:
    """Return the modality cues in the first words of an intervention's description.

    Cells that a drug acts on are not what it is: "it activates NK cells".
    """
    return [
        spot
        for passage in reading.passages([Zone.INTERVENTION_TEXT], number)
        for spot in reading.within(passage.start, min(passage.end, passage.start + 400), MODALITY)
        if reading.modality(spot) not in WEAK and not _is_acted_on(reading, spot)
    ]


def defined_as(reading: Reading, number: int, name: Passage) -> str | None:
    """Return the kind of antibody that a description calls a name: "AB-02 is a … antibody"."""
    words = reading.document.lower[name.start : name.end].strip()
    for passage in reading.passages([Zone.INTERVENTION_TEXT], number):
        if not reading.document.lower.startswith(words, passage.start):
            continue
        for head in reading.within(passage.start, passage.end, MODALITY):
            gap = reading.document.lower[passage.start + len(words) : head.start]
            if reading.modality(head) in _ANTIBODIES and _DEFINES.fullmatch(gap):
                return reading.modality(head)
    return None


def _is_acted_on(reading: Reading, spot: Spot) -> bool:
    before = reading.document.lower[max(0, spot.start - _REACH) : spot.start]
    return reading.modality(spot) in UNMODIFIED and _ACTS_ON.search(before) is not None


def said_modality(reading: Reading, coded: Sequence[str]) -> str | None:
    """Return the modality of sentences of titles, arms and prose that name a code."""
    zones = {*NAMING, Zone.ARM_TEXT, Zone.SUMMARY, Zone.DETAIL}
    for passage in reading.passages(zones):
        for code in coded:
            at = reading.document.lower.find(code.lower(), passage.start, passage.end)
            if at < 0:
                continue
            first, last = reading.document.sentence_at(at, at + len(code))
            heads = reading.within(first, last, MODALITY)
            if _is_of_another(reading, (first, last), at, heads):
                continue
            chosen = best_head(reading, heads, [])
            if _ADDED.search(reading.document.lower[max(first, at - _REACH) : at]):
                continue
            if chosen in UNMODIFIED and passage.zone not in (*TITLES, Zone.ARM):
                continue
            if chosen and (
                chosen not in WEAK
                or _binds_in(reading, passage, first, last)
                or _is_defined(reading, at, code, heads)
            ):
                return "MonoclonalAntibody" if chosen == "Antibody" else chosen
    for passage in reading.passages((*TITLES, Zone.KEYWORD)):
        chosen = best_head(reading, reading.within(passage.start, passage.end, MODALITY), [])
        if chosen in CELL_MODALITIES:
            return chosen
    return None


def _is_defined(reading: Reading, at: int, code: str, heads: Sequence[Spot]) -> bool:
    """Tell whether a code is said to be what a head names: "AB-02 is a humanized antibody"."""
    gaps = [reading.document.lower[at + len(code) : head.start] for head in heads[:1]]
    return any(_DEFINES.fullmatch(gap) for gap in gaps)


def _is_of_another(
    reading: Reading, sentence: tuple[int, int], at: int, heads: Sequence[Spot]
) -> bool:
    """Tell words on another coded product: "CAR-T cells (AB-001) + orthogonal IL-2 (CD-009)"."""
    own = share(reading, *sentence, at)
    if not heads or any(own[0] <= head.start < own[1] for head in heads):
        return False
    return any(codes(reading, *share(reading, *sentence, head.start)) for head in heads)


def _binds_in(reading: Reading, passage: Passage, first: int, last: int) -> bool:
    return passage.zone in (*TITLES, Zone.SUMMARY) and any(
        item.own and first <= item.start < last for item in reading.bindings
    )


def is_cell_product(reading: Reading, name: Passage, coded: Sequence[str]) -> bool:
    """Tell whether a name without a modality is a cell product, by its words or the titles'."""
    text = reading.document.lower[name.start : name.end]
    if _NO_PRODUCT.search(text):
        return False
    if _CELL_PRODUCT.search(text):
        return True
    return any(
        any(code.lower() in reading.document.lower[passage.start : passage.end] for code in coded)
        and _CELL_PRODUCT.search(reading.document.lower, passage.start, passage.end)
        for passage in reading.passages((*TITLES, Zone.SUMMARY))
    )


def unnamed_cells(reading: Reading, name: Passage) -> str:
    """Cells that bind an antigen, or a record that speaks of CARs, make it a CAR product."""
    if _CAR_CODE.search(reading.document.lower, name.start, name.end):
        return "CAR"
    for passage in reading.passages((*TITLES, Zone.SUMMARY, Zone.DETAIL, Zone.ARM, Zone.ARM_TEXT)):
        for head in reading.within(passage.start, passage.end, MODALITY):
            if reading.modality(head) in ENGINEERED:
                return reading.modality(head)
    own = [item for item in reading.bindings if item.own and item.zone in (*TITLES, Zone.SUMMARY)]
    return "CAR" if own else "OtherProduct"
