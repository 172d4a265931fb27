"""Whose cells a product is made of: stated, implied by their collection, or only customary."""

from __future__ import annotations

import re

from kg.extract.candidate import Bound
from kg.extract.findings import Claim, Evidence
from kg.extract.lexicon import Product
from kg.extract.own_texts import only_own, own_passages
from kg.extract.reading import Reading, claim
from kg.extract.spot import ORIGIN, Spot
from kg.extract.zones import CRITERIA, NAMING, PROSE, Passage, Zone

_READY_SOURCES = frozenset({"CordBlood", "CellLine", "InducedPluripotentStemCell"})
_TELLING = frozenset(
    {*NAMING, Zone.INTERVENTION_TEXT, Zone.ARM_TEXT, *PROSE, Zone.KEYWORD, Zone.INCLUSION}
)
_PEOPLE = (
    r"(?:the |each |all |a |these |eligible )?(?:patients?|participants?|subjects?|persons?)\b"
)
_CELLS = (
    r"(?:pbmcs?|mononuclear cells|(?:white blood|immune|t|nk)[\s-]cells|lymphocytes|leu[ck]ocytes)"
)
_COLLECTING = r"(?:collect|obtain|harvest|draw|drawn|tak|remov|isolat|extract)\w*"
_TAKEN = (
    re.compile(rf"\b{_CELLS}\b[^.;\n]{{0,40}}\b{_COLLECTING} from {_PEOPLE}"),
    re.compile(rf"\bblood of {_PEOPLE}[^.;\n]{{0,25}}\b{_COLLECTING}[^.;\n]{{0,30}}\b{_CELLS}"),
    re.compile(rf"\b{_COLLECTING} (?:\w+ ){{0,4}}{_CELLS} (?:\w+ )?(?:from|of) {_PEOPLE}"),
    re.compile(
        rf"\b(?:patients?|participants?|subjects?|they|criteria) (?:[\w-]+ ){{0,8}}(?:will )?"
        rf"(?:have|undergo)\b (?:[\w-]+ ){{0,3}}{_CELLS} (?:\w+ ){{0,2}}"
        r"(?:collected|drawn|taken|removed|harvested|collection)"
    ),
    re.compile(
        rf"\bblood (?:samples? )?(?:\w+ ){{0,3}}{_COLLECTING}[^.;\n]{{0,30}}\b(?:used )?to "
        r"(?:\w+ )?(?:bioengineer|make|manufacture|generate|produce|prepare|create)"
    ),
    re.compile(
        rf"\b{_COLLECTING} (?:[\w-]+ ){{0,3}}(?:of )?(?:peripheral |venous )?blood (?:\w+ ){{0,3}}"
        r"(?:for|to) (?:the )?(?:culture|manufactur\w+|prepar\w+|produc\w+|mak\w+|generat\w+)"
    ),
    re.compile(
        r"\b(?:infus|reinfus|transfus|transfer|return|giv)\w* (?:[\w-]+ ){0,3}(?:cells )?back "
        rf"(?:to|into) {_PEOPLE}"
    ),
)
_CUSTOMARY_AUTOLOGOUS = frozenset(
    {"CARTTherapy", "TCRTTherapy", "TILTherapy", "CARMacrophageTherapy", "CARTregTherapy"}
)
_NOT_PRODUCT = re.compile(
    r"^[\s/-]*(?:or\s+\w+\s+)?(?:\w+[\s/-]+){0,3}?(?:stem|bone marrow|marrow|hsct|hct|sct\b|"
    r"transplant|"
    r"haematopoietic|hematopoietic|hspc|graft|serum|tumou?r lysate|islet|asct|bmt|rescue|pbsc|"
    r"backup|platelet|plasma)"
)
_NO_COLLECTION_BEFORE = re.compile(
    r"(?:contraindication\w*|venous access|access for|vascular access|intoleran\w+|"
    r"suitab\w+ (?:for|to)\b|"
    r"eligib\w+ (?:for|to)\b|unable to|inability|adequate for|sufficient for|unlike|"
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
_DONOR_ZONES = (
    (Zone.INTERVENTION, Zone.OTHER_NAME, Zone.INTERVENTION_TEXT),
    (Zone.TITLE, Zone.ARM, Zone.ARM_TEXT),
    (Zone.SUMMARY,),
    (Zone.DETAIL, Zone.KEYWORD, Zone.OUTCOME),
    (Zone.INCLUSION,),
)


def donor_of(reading: Reading, part: Bound, source: Claim, row: Product | None) -> Claim:
    """Return whose cells a product is made of: said, implied by how they are had, or not said."""
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
        spot = _origin_of(reading, part, basis)
        if spot is not None and not (basis == "Collected" and source.value in _READY_SOURCES):
            value = reading.lexicon.origin_cues[spot.key].donor
            return claim(value, "Implied", rule, 0.85, [reading.evidence(spot)])
    taken = None if source.value in _READY_SOURCES else _taken_from_patients(reading)
    if taken is not None:
        return claim("Autologous", "Implied", "donor.taken-from-patients", 0.8, [taken])
    if source.value in {"CordBlood", "CellLine"}:
        return claim("Allogeneic", "Implied", "donor.of-source", 0.85, source.evidence)
    if row is not None and row.donor:
        evidence = [reading.evidence(spot) for spot in part.candidate.names[:1]]
        return claim(
            row.donor, "FromLexicon", "donor.product", 0.95, evidence, [f"products/{row.key}"]
        )
    return claim("NotStated", "Inferred", "donor.silent", 1.0)


def _taken_from_patients(reading: Reading) -> Evidence | None:
    passages = reading.passages(_TELLING)
    for pattern in _TAKEN:
        quote = reading.search(pattern, passages)
        if quote is not None:
            return quote
    return None


def _origins(reading: Reading, part: Bound) -> list[tuple[str, Spot]]:
    """Return the stated donors, of the texts nearest to the construct."""
    for zones in _DONOR_ZONES:
        found = []
        for passage in own_passages(reading, part.candidate, zones):
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


def _origin_of(reading: Reading, part: Bound, basis: str) -> Spot | None:
    for spot in reading.spots:
        if spot.kind != ORIGIN or reading.lexicon.origin_cues[spot.key].basis != basis:
            continue
        passage = reading.document.passage_at(spot.start)
        # Cells may be collected in an intervention of their own.
        if basis == "Implied" and not only_own(reading, part.candidate, [passage]):
            continue
        if basis == "Collected":
            before = reading.document.lower[max(passage.start, spot.start - 120) : spot.start]
            after = reading.document.lower[spot.end : min(passage.end, spot.end + 40)]
            if _NO_COLLECTION_BEFORE.search(before) or _NOT_COLLECTION_AFTER.match(after):
                continue
        elif not _of_product(reading, spot, passage):
            continue
        return spot
    return None


def usual_donor(modality: Claim, source: Claim, donor: Claim) -> Claim | None:
    """Return whose cells such a product is made of by custom, where the record is silent."""
    if donor.value != "NotStated" or modality.value not in _CUSTOMARY_AUTOLOGOUS:
        return None
    if source.value in _READY_SOURCES:
        return None
    return claim("Autologous", "Customary", "donor.usual", 0.8, modality.evidence)
