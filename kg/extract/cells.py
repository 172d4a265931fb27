"""What cells a product is made of: modality, effector cell, cell source, donor.

Stated, implied and customary stay apart: an autologous product is only `Autologous` where the
record says so or collects the participant's cells; else custom is said as `usual_donor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.extract.candidate import Bound
from kg.extract.donors import donor_of, usual_donor
from kg.extract.findings import Claim
from kg.extract.lexicon import Product
from kg.extract.own_texts import own_passages
from kg.extract.reading import CELL_MODALITIES, ENGINEERED, Reading, claim
from kg.extract.role import CHECKPOINTS
from kg.extract.spot import CELL, MODALITY, Spot
from kg.extract.zones import CRITERIA, NAMING, PROSE, Zone

EFFECTORS = {
    "CARTTherapy": "TCell",
    "CARNKTherapy": "NKCell",
    "CARMacrophageTherapy": "Macrophage",
    "CARNKTTherapy": "NKTCell",
    "CARGammaDeltaTTherapy": "GammaDeltaTCell",
    "CARTregTherapy": "RegulatoryTCell",
    "InVivoCARTherapy": "TCell",
    "TCRTTherapy": "TCell",
    "TILTherapy": "TCell",
    "UnmodifiedNKTherapy": "NKCell",
    "OtherTCellTherapy": "TCell",
    "CIKTherapy": "TCell",
    "DendriticCellTherapy": "DendriticCell",
    "HematopoieticStemCellTherapy": "NotStated",
}
_BY_EFFECTOR = {
    "NKCell": "CARNKTherapy",
    "NKTCell": "CARNKTTherapy",
    "Macrophage": "CARMacrophageTherapy",
    "GammaDeltaTCell": "CARGammaDeltaTTherapy",
    "RegulatoryTCell": "CARTregTherapy",
    "TCell": "CARTTherapy",
}
_OF_T_CELLS = frozenset({"CARGammaDeltaTTherapy", "CARNKTTherapy", "CARTregTherapy"})
_GRAFT = re.compile(r"[\s-]*(?:stem|hematopoietic|haematopoietic|transplant|graft|unit|infusion)")
_IN_VIVO = re.compile(
    r"\bin[\s-]vivo[\s-]+(?:(?:generat|engineer|induc|produc|transduc|programm)\w*[\s-]+)?"
    r"(?:of\s+)?(?:(?:anti-?)?(?:cd\d+|bcma|gprc5d)\S*[\s-]+)?(?:car\b|car-?t|"
    r"chimeric)(?!-t[^.]{0,30}(?:expan|persist|kinetic))|"
    r"\btu/(?:subject|patient|kg|dose)|transducing units|\bin[\s-]situ car|"
    r"(?:generat|produc|creat)\w* (?:\w+ ){0,3}car-?\s?t (?:cells )?(?:in vivo|directly in|"
    r"inside the|within the)"
)
_OWN_TEXT = frozenset({*NAMING, Zone.INTERVENTION_TEXT, Zone.ARM_TEXT, *PROSE, Zone.KEYWORD})


_PREPARED = re.compile(
    r"\blympho-?deplet\w+|\bfludarabine|\bleuk[ao]pheresis|\bapheresis|\bbridging therapy|"
    r"\bcellular (?:\w+ )?(?:pharmaco)?kinetics|\bcells? (?:re-?)?infusion|\breinfusion of"
)


class CellFacts(NamedTuple):
    """The claims on modality and cells of one construct."""

    modality: Claim
    effector_cell: Claim
    cell_source: Claim
    donor: Claim
    usual_donor: Claim | None


def cell_facts(reading: Reading, part: Bound) -> CellFacts:
    """Return what the record says, implies or what is usual of a construct's cells."""
    row = reading.lexicon.products.get(part.candidate.product or "")
    modality = _modality(reading, part, row)
    if modality.value not in CELL_MODALITIES:
        none = claim("NotApplicable", "Inferred", "cells.no-cell-product", 1.0)
        return CellFacts(modality, none, none, none, None)
    if modality.value == "InVivoCARTherapy":
        none = claim("NotApplicable", "Inferred", "cells.in-vivo", 1.0)
        effector = claim("TCell", "Customary", "cells.in-vivo-effector", 0.8)
        return CellFacts(modality, effector, none, none, None)
    effector = _effector(modality, row)
    source = _source(reading, part, modality, row)
    donor = donor_of(reading, part, source, row)
    return CellFacts(modality, effector, source, donor, usual_donor(modality, source, donor))


def _modality(reading: Reading, part: Bound, row: Product | None) -> Claim:
    said = part.candidate.modality
    evidence = [reading.evidence(spot) for spot in part.candidate.names[:2]]
    told = _told_of_cells(reading, part)
    if told is not None:
        return told
    if not said and part.rule == "binding.inhibitor-after" and part.keys <= CHECKPOINTS:
        return claim(
            "MonoclonalAntibody", "Implied", "modality.checkpoint-inhibitor", 0.8, evidence
        )
    if said in {None, "", "CellProduct"}:
        return claim("OtherProduct", "Inferred", "modality.unknown", 0.3, evidence)
    if said == "Antibody":
        said = "MonoclonalAntibody"
    if said == "Bispecific":
        said = "BispecificAntibody"
    if said == "UnmodifiedNKTherapy" and part.targets:
        return claim("CARNKTherapy", "Implied", "modality.targeted-nk", 0.7, evidence)
    if part.recruits:
        engaged = (
            "NKCellEngager"
            if "CD16" in part.recruits or "NKp46" in part.recruits
            else "TCellEngager"
        )
        if said in {"BispecificAntibody", "MonoclonalAntibody"}:
            return claim(engaged, "Implied", "modality.effector-arm", 0.9, evidence)
    if said == "MonoclonalAntibody" and len(part.targets) > 1 and row is None:
        return claim("BispecificAntibody", "Implied", "modality.two-antigens", 0.7, evidence)
    if row is not None and row.modality == said:
        return claim(
            said, "FromLexicon", "modality.product", 0.95, evidence, [f"products/{row.key}"]
        )
    return claim(said or "OtherProduct", "Stated", "modality.cue", 0.95, evidence)


def _told_of_cells(reading: Reading, part: Bound) -> Claim | None:
    """Return what the words around a cell product say of its kind, beyond its own name."""
    said = part.candidate.modality
    if said in CELL_MODALITIES and said != "CARMacrophageTherapy":
        own = own_passages(reading, part.candidate, _OWN_TEXT - {Zone.DETAIL})
        quote = reading.search(_IN_VIVO, own)
        if quote and said in {"CAR", "CARTTherapy"}:
            return claim("InVivoCARTherapy", "Stated", "modality.in-vivo", 0.9, [quote])
    bare = _car_of_cells(reading, part) if said == "CAR" else None
    if bare is not None and bare.value != "CARTTherapy":
        return bare
    carrier = _car_of(reading, part) if said == "OtherTCellTherapy" else None
    if carrier is not None:
        words = [reading.evidence(carrier)]
        return claim("CARTTherapy", "Stated", "modality.cells-with-a-car", 0.85, words)
    rarer = _rarer_cells(reading, part) if said in {"CAR", "CARTTherapy"} else None
    if rarer is not None:
        return claim(
            reading.modality(rarer), "Stated", "modality.title", 0.8, [reading.evidence(rarer)]
        )
    if bare is not None:
        return bare
    return _usual_cells(reading, part)


def _usual_cells(reading: Reading, part: Bound) -> Claim | None:
    """Take cells of no named kind for what is usual after apheresis and lymphodepletion."""
    cells = part.candidate.modality == "CellProduct" or part.candidate.rule == "construct.cells"
    if not cells or part.candidate.modality in CELL_MODALITIES:
        return None
    quote = reading.search(_PREPARED, reading.passages(_OWN_TEXT | {*CRITERIA, Zone.OUTCOME}))
    if quote is None:
        return None
    return claim("CARTTherapy", "Customary", "modality.cells-after-preparation", 0.4, [quote])


def _car_of(reading: Reading, part: Bound) -> Spot | None:
    """Return the words that give T cells of another kind a CAR for what they bind."""
    for item in reading.bindings:
        said = reading.modality(item.head) if item.own and item.head is not None else ""
        if said in {"CAR", "CARTTherapy"} and part.keys and set(item.keys) <= part.keys:
            return item.head
    return None


def _rarer_cells(reading: Reading, part: Bound) -> Spot | None:
    """Return the title's words where it calls the CAR-T cells of the list gamma delta T or NKT."""
    heads = [
        spot
        for passage in reading.passages((Zone.TITLE,))
        for spot in reading.within(passage.start, passage.end, MODALITY)
        if reading.modality(spot) in ENGINEERED
    ]
    kinds = {reading.modality(spot) for spot in heads}
    alone = kinds <= _OF_T_CELLS and len(kinds) == 1 and part.candidate.product is None
    return heads[0] if alone else None


def _car_of_cells(reading: Reading, part: Bound) -> Claim:
    """Find the cell of a bare CAR: near its name, in the titles, in the texts."""
    spans = [*part.candidate.where]
    for zones in ((Zone.INTERVENTION_TEXT, Zone.ARM, Zone.ARM_TEXT), (Zone.TITLE,), PROSE):
        spans += [(p.start, p.end) for p in reading.passages(zones)]
    for start, end in spans:
        for spot in reading.within(start, end):
            if spot.kind == MODALITY and reading.modality(spot) in _BY_EFFECTOR.values():
                value = reading.modality(spot)
                return claim(
                    value, "Stated", "modality.cue-elsewhere", 0.9, [reading.evidence(spot)]
                )
            if spot.kind == CELL:
                effector = reading.lexicon.cell_cues[spot.key].effector
                if effector in _BY_EFFECTOR:
                    evidence = [reading.evidence(spot)]
                    return claim(
                        _BY_EFFECTOR[effector], "Stated", "modality.car-and-cell", 0.9, evidence
                    )
    evidence = [reading.evidence(spot) for spot in part.candidate.names[:2]]
    return claim("CARTTherapy", "Customary", "modality.car-alone", 0.6, evidence)


def _effector(modality: Claim, row: Product | None) -> Claim:
    if row is not None and row.effector:
        return claim(
            row.effector,
            "FromLexicon",
            "effector.product",
            0.95,
            modality.evidence,
            [f"products/{row.key}"],
        )
    value = EFFECTORS.get(modality.value, "NotStated")
    return claim(
        value, modality.basis, "effector.of-modality", modality.confidence, modality.evidence
    )


def _cells_near(reading: Reading, zones: Iterable[Zone], wanted: str) -> Spot | None:
    for passage in reading.passages(zones):
        for spot in reading.within(passage.start, passage.end, CELL):
            if reading.lexicon.cell_cues[spot.key].cell_source == wanted:
                return spot
    return None


def _is_graft(reading: Reading, spot: Spot) -> bool:
    """Tell the cord blood that is transplanted beside a product from that it is made of."""
    return _GRAFT.match(reading.document.lower, spot.end) is not None


def _source(reading: Reading, part: Bound, modality: Claim, row: Product | None) -> Claim:
    if modality.value == "TILTherapy":
        return claim("TumourTissue", "Implied", "source.til", 0.95, modality.evidence)
    order = ("InducedPluripotentStemCell", "CordBlood", "EmbryonicStemCell", "Placenta", "CellLine")
    for value in order:
        if value == "CellLine" and modality.value not in {"CARNKTherapy", "UnmodifiedNKTherapy"}:
            continue
        spot = _cells_near(reading, _OWN_TEXT, value)
        if spot is not None and modality.value in {
            "CARNKTherapy",
            "UnmodifiedNKTherapy",
            "CARNKTTherapy",
            "CARGammaDeltaTTherapy",
            "CARMacrophageTherapy",
            "CARTTherapy",
        }:
            if value == "CordBlood" and modality.value == "CARTTherapy":
                named = _cells_near(reading, (Zone.INTERVENTION, Zone.OTHER_NAME), value)
                if named is None or _is_graft(reading, named):
                    continue
            return claim(value, "Stated", "source.cue", 0.9, [reading.evidence(spot)])
    if row is not None and row.cell_source:
        evidence = [reading.evidence(spot) for spot in part.candidate.names[:1]]
        return claim(
            row.cell_source,
            "FromLexicon",
            "source.product",
            0.95,
            evidence,
            [f"products/{row.key}"],
        )
    spot = _cells_near(reading, _OWN_TEXT, "PeripheralBlood")
    if spot is not None:
        return claim("PeripheralBlood", "Stated", "source.cue", 0.9, [reading.evidence(spot)])
    return claim("NotStated", "Inferred", "source.silent", 1.0)
