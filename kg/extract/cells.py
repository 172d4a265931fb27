"""What cells a product is made of: modality, effector cell, cell source, donor.

Stated, implied and customary stay apart: an autologous product is only `Autologous` where the
record says so or collects the participant's cells; else custom is said as `usual_donor`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from kg.extract.candidate import Bound
from kg.extract.findings import Claim
from kg.extract.lexicon import Product
from kg.extract.reading import CELL_MODALITIES, Reading, claim
from kg.extract.spot import CELL, MODALITY, ORIGIN, Spot
from kg.extract.zones import CRITERIA, NAMING, PROSE, Passage, Zone

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
_CUSTOMARY_AUTOLOGOUS = frozenset(
    {"CARTTherapy", "TCRTTherapy", "TILTherapy", "CARMacrophageTherapy", "CARTregTherapy"}
)
_IN_VIVO = re.compile(
    r"\bin[\s-]vivo[\s-]+(?:(?:generat|engineer|induc|produc|transduc|programm)\w*[\s-]+)?"
    r"(?:of\s+)?(?:(?:anti-?)?(?:cd\d+|bcma|gprc5d)\S*[\s-]+)?(?:car\b|car-?t|"
    r"chimeric)(?!-t[^.]{0,30}(?:expan|persist|kinetic))|"
    r"\btu/(?:subject|patient|kg|dose)|transducing units|\bin[\s-]situ car|"
    r"(?:generat|produc|creat)\w* (?:\w+ ){0,3}car-?\s?t (?:cells )?(?:in vivo|directly in|"
    r"inside the|within the)"
)
_NOT_PRODUCT = re.compile(
    r"^[\s/-]*(?:or\s+\w+\s+)?(?:\w+[\s/-]+){0,3}?(?:stem|bone marrow|marrow|hsct|hct|sct\b|"
    r"transplant|"
    r"haematopoietic|hematopoietic|hspc|graft|serum|tumou?r lysate|islet|asct|bmt|rescue|pbsc|"
    r"backup|platelet|plasma)"
)
_NO_COLLECTION_BEFORE = re.compile(
    r"(?:contraindication\w*|venous access|access for|vascular access|suitab\w+|intoleran\w+|"
    r"eligib\w+|unable to|inability|adequate for|sufficient for|unlike|"
    r"not require\w*)[^.;\n]{0,80}$"
)
_NOT_COLLECTION_AFTER = re.compile(
    r"^[^.;\n]{0,25}(?:contraindicat|is not possible|for (?:pk|pharmacokinetic|analysis|testing))"
)
_EARLIER_AFTER = re.compile(
    r"^[\s-]*(?:car[\s-]?)?(?:t[\s-]?)?(?:cells?[\s-])?(?:therapy[\s-])?(?:relapsed|failed|failure)\b"
)
_EARLIER_BEFORE = re.compile(
    r"(?:relaps\w+|fail\w+|refractory|progress\w+)\s+(?:after|to|of|on|following)\s+$"
)
_NEGATED = re.compile(
    r"(?:\bnot|\bunlike|\bno|\bnon|\bwithout|approved|compared with|than)\s+"
    r"(?:receiv\w+\s+)?(?:(?!receiv|respond)\w+\s+){0,3}$"
)
_OWN_TEXT = frozenset({*NAMING, Zone.INTERVENTION_TEXT, Zone.ARM_TEXT, *PROSE, Zone.KEYWORD})


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
    donor = _donor(reading, part, source, row)
    return CellFacts(modality, effector, source, donor, _usual(modality, source, donor))


def _modality(reading: Reading, part: Bound, row: Product | None) -> Claim:
    said = part.candidate.modality
    evidence = [reading.evidence(spot) for spot in part.candidate.names[:2]]
    if said in CELL_MODALITIES and said != "CARMacrophageTherapy":
        quote = reading.search(_IN_VIVO, reading.passages(_OWN_TEXT - {Zone.DETAIL}))
        if quote and said in {"CAR", "CARTTherapy"}:
            return claim("InVivoCARTherapy", "Stated", "modality.in-vivo", 0.9, [quote])
    if said == "CAR":
        return _car_of_cells(reading, part)
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


def _donor(reading: Reading, part: Bound, source: Claim, row: Product | None) -> Claim:
    stated = _origins(reading, part)
    donors = {value for value, _ in stated}
    if donors == {"Autologous", "Allogeneic"}:
        return claim(
            "EitherDonor", "Stated", "donor.both", 0.7, [reading.evidence(s) for _, s in stated]
        )
    if stated:
        evidence = [reading.evidence(spot) for _, spot in stated[:3]]
        return claim(stated[0][0], "Stated", "donor.cue", 0.95, evidence)
    for basis, rule in (("Implied", "donor.implied"), ("Collected", "donor.collection")):
        spot = _origin_of(reading, basis)
        if spot is not None and not (
            basis == "Collected"
            and source.value in {"CordBlood", "CellLine", "InducedPluripotentStemCell"}
        ):
            value = reading.lexicon.origin_cues[spot.key].donor
            return claim(value, "Implied", rule, 0.85, [reading.evidence(spot)])
    if source.value in {"CordBlood", "CellLine"}:
        return claim("Allogeneic", "Implied", "donor.of-source", 0.85, source.evidence)
    if row is not None and row.donor:
        evidence = [reading.evidence(spot) for spot in part.candidate.names[:1]]
        return claim(
            row.donor, "FromLexicon", "donor.product", 0.95, evidence, [f"products/{row.key}"]
        )
    return claim("NotStated", "Inferred", "donor.silent", 1.0)


_DONOR_ZONES = (
    (Zone.INTERVENTION, Zone.OTHER_NAME, Zone.INTERVENTION_TEXT),
    (Zone.TITLE, Zone.ARM, Zone.ARM_TEXT),
    (Zone.SUMMARY,),
    (Zone.DETAIL, Zone.KEYWORD, Zone.OUTCOME),
    (Zone.INCLUSION,),
)


def _origins(reading: Reading, part: Bound) -> list[tuple[str, Spot]]:
    """Return the stated donors, of the texts nearest to the construct."""
    for zones in _DONOR_ZONES:
        found = []
        for passage in reading.passages(zones):
            if (
                passage.zone in _DONOR_ZONES[0]
                and part.candidate.interventions
                and (passage.number not in part.candidate.interventions)
            ):
                continue
            found.extend(_stated_in(reading, passage))
        if found:
            return found
    return []


def _stated_in(reading: Reading, passage: Passage) -> list[tuple[str, Spot]]:
    found = []
    for spot in reading.within(passage.start, passage.end, ORIGIN):
        cue = reading.lexicon.origin_cues[spot.key]
        zone = reading.document.zone_at(spot.start)
        if (
            cue.basis != "Stated"
            or zone is Zone.EXCLUSION
            or not _of_product(reading, spot, passage)
        ):
            continue
        if zone in CRITERIA and not re.search(
            r"car\b|car-|t[ -]cells?|nk|cell|product|manufactur",
            reading.document.lower[spot.end : spot.end + 50],
        ):
            continue
        found.append((cue.donor, spot))
    return found


def _of_product(reading: Reading, spot: Spot, passage: Passage) -> bool:
    after = reading.document.lower[spot.end : min(passage.end, spot.end + 60)]
    before = reading.document.lower[max(passage.start, spot.start - 40) : spot.start]
    earlier = _EARLIER_AFTER.match(after) or _EARLIER_BEFORE.search(before)
    return not _NOT_PRODUCT.match(after) and not _NEGATED.search(before) and not earlier


def _origin_of(reading: Reading, basis: str) -> Spot | None:
    for spot in reading.spots:
        if spot.kind != ORIGIN or reading.lexicon.origin_cues[spot.key].basis != basis:
            continue
        passage = reading.document.passage_at(spot.start)
        if basis == "Collected":
            before = reading.document.lower[max(passage.start, spot.start - 120) : spot.start]
            after = reading.document.lower[spot.end : min(passage.end, spot.end + 40)]
            if _NO_COLLECTION_BEFORE.search(before) or _NOT_COLLECTION_AFTER.match(after):
                continue
        elif not _of_product(reading, spot, passage):
            continue
        return spot
    return None


def _usual(modality: Claim, source: Claim, donor: Claim) -> Claim | None:
    if donor.value != "NotStated" or modality.value not in _CUSTOMARY_AUTOLOGOUS:
        return None
    if source.value in {"CordBlood", "CellLine", "InducedPluripotentStemCell"}:
        return None
    return claim("Autologous", "Customary", "donor.usual", 0.8, modality.evidence)
