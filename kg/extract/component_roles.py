"""Roles of what is built into or cut out of an engineered cell: armour, costimulation, markers."""

from __future__ import annotations

import re

from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.role import CHECKPOINTS, Role
from kg.extract.spot import CELL, MODALITY, Spot
from kg.extract.zones import CRITERIA, NAMING, Zone

_COMPONENT_ROLES = {
    "SelectionMarker": "MarkerMention",
    "SafetySwitch": "SwitchMention",
    "Armour": "ArmourMention",
    "EditedGene": "EditedGeneMention",
    "Costimulation": "CostimulationMention",
}
_ARMOUR_KEYS = re.compile(
    r"^(?:IL-(?:7|10|12|15|18|21|23|36)|CCL\d+|CXCR\d+|CCR\d+|4-1BBL|CD40L|IL-15RA|OX40L|"
    r"IL7R|EPOR|TNFSF14)$"
)
_COSTIMULATION = frozenset({"CD28", "CD137", "CD3Z", "OX40", "ICOS", "DAP10", "DAP12"})
_COSTIM = re.compile(
    r"signal|stimul|domain|zeta|ζ|endodomain|intracellular|transmembrane|\bbb|hinge|-28|\.28|"
    r"generation|\.ox40"
)
_MEASURED = re.compile(r"cytokine|serum|level|measur|detect|concentration|elisa|recombinant|plasma")
_BUILT_IN = re.compile(
    r"express|secret|releas|armou?r|transduc|encod|\bproduc(?:es?|ing)\b|modified|engineer|carry|"
    r"transgen|bicistronic|vector|membrane|\bfusion"
)
_IN_CULTURE = re.compile(
    r"ex[\s-]?vivo|cultur|incubat|expan(?:ded|sion)|stimulated|pre-?activat|activated|primed|"
    r"subcutan|injection|followed by|support|doses? of|low[\s-]dose"
)
_GROWN_WITH = re.compile(
    r"^[\s()/,-]*(?:\w+[\s()/,-]+){0,8}?(?:manufactured|programmed|primed|cultured)\b"
)
_GIVEN = re.compile(r"^[\s)-]*(?:super)?agonist")
_ANTIBODY = r"(?:(?:blocking |checkpoint )*antibod(?:y|ies)|scfvs?|nanobod(?:y|ies)|mabs?)"
_MAKES_ANTIBODY = re.compile(
    rf"\b(?:express|secret|releas|produc|encod)\w*\s+(?:[\w-]+\s+){{0,4}}{_ANTIBODY}[\s(]*"
    r"(?:against\s+)?(?:[\w-]+(?:\s?/|,| and)\s?)*$"
)
_ANTIBODY_MADE = re.compile(
    rf"^(?:(?:\s?/|,| and)\s?[\w-]+)*[\s-]*{_ANTIBODY}[\s-]+(?:express|secret|produc)"
)
_MAKES = re.compile(
    r"\b(?:express|secret|releas|produc|encod)(?:s|es|ing|e)?\s+(?:an?\s+)?(?:anti-?\s?)?"
    r"(?:[\w-]+(?:\s?/|,| and)\s?)*$"
)
_AN_ANTIBODY = re.compile(rf"^(?:(?:\s?/|,| and)\s?[\w-]+)*[\s-]*{_ANTIBODY}\b")
_EXPRESSING = re.compile(r"^(?:\s?/[\w-]+)*[\s-]+expressing\s+(?:[\w-]+\s+){0,3}[\w-]*car\b")
_INSIDE = re.compile(r"\b(?:cytoplasmic(?:ally)?|cytosolic)\s+activated\s+$")
_IMAGED = re.compile(r"\b(?:co-?)?express(?:es|ing)?\s+(?:the\s+)?(?:[\w-]+\s+){0,5}\(?$")
_SECRETED = re.compile(
    r"(?:secret\w+|express\w+|releas\w+|scfvs?)[\s)]+(?:\w+\s+){0,4}(?:anti-?\s*|"
    r"against\s+)?(?:[\w-]+/)*$"
)
_DECOY = re.compile(
    r"^[\s-]*(?:nanobod|dominant|dnr|dn\b|switch|/cd28|-cd28|-(?:mesothelin|msln|car)|"
    r"[/\w]*\s+secreting)"
)
_ARMOURED = re.compile(r"^[\s)-]*armou?r")
_DOMINANT = re.compile(r"dominant[- ]negative\s+(?:human\s+)?$")


def component_role(reading: Reading, spot: Spot, cells: bool) -> list[Role]:
    """Return the role of a named component; only cells have such parts."""
    row = reading.lexicon.components[spot.key]
    if not cells or _is_split(reading, spot, row.name):
        return []
    if reading.document.zone_at(spot.start) in CRITERIA and row.kind in {"Armour", "Costimulation"}:
        return []
    return [Role(row.antigen, _COMPONENT_ROLES[row.kind], "component.name", spot, row.name)]


def _is_split(reading: Reading, spot: Spot, name: str) -> bool:
    """Tell "CD19 t-haNK" and "CD19t-haNK", an antigen and a cell, from the marker CD19t."""
    if reading.document.lower.startswith(("-hank", "hank"), spot.end):
        return True
    return " " not in name and " " in reading.document.text[spot.start : spot.end]


def marker(reading: Reading, spot: Spot) -> Role | None:
    """Return the role of a selection marker that a product's name gives: "CD19-CD34 CAR"."""
    if spot.key not in reading.lexicon.antigen_uses.markers:
        return None
    named = any(
        spot in item.spots and len(item.keys) > 1 and item.zone in NAMING
        for item in reading.bindings
    )
    return Role(spot.key, "MarkerMention", "component.named-marker", spot) if named else None


def costimulation(spot: Spot, before: str, after: str) -> Role | None:
    """Return the role of a receptor whose signalling domain a CAR carries."""
    if spot.key in _COSTIMULATION and _COSTIM.search(before[-25:] + after[:30]):
        return Role(spot.key, "CostimulationMention", "mention.costimulation", spot)
    return None


def armour(reading: Reading, spot: Spot, before: str, after: str) -> Role | None:
    """Return the role of a cytokine or blocker that the cells make, not of one given to them."""
    if can_arm(spot.key) and _ARMOURED.match(after):
        return Role(spot.key, "ArmourMention", "component.armoured", spot)
    if spot.key in reading.lexicon.antigen_uses.reporters and _IMAGED.search(before):
        return Role(spot.key, "MarkerMention", "component.reporter", spot)
    if _ARMOUR_KEYS.match(spot.key) and reading.document.zone_at(spot.start) is not Zone.OUTCOME:
        return _cytokine(reading, spot, after)
    if spot.key in CHECKPOINTS and _is_made(before, after):
        return Role(spot.key, "ArmourMention", "component.checkpoint", spot)
    return None


def _is_made(before: str, after: str) -> bool:
    """Tell a checkpoint that the cells block by an antibody or a decoy of their own."""
    if _SECRETED.search(before) or _MAKES_ANTIBODY.search(before):
        return True
    if _DOMINANT.search(before) or _INSIDE.search(before):
        return True
    if _DECOY.match(after) or _ANTIBODY_MADE.match(after) or _EXPRESSING.match(after):
        return True
    return bool(_MAKES.search(before) and _AN_ANTIBODY.match(after))


def can_arm(key: str) -> bool:
    """Tell the antigens that arm a cell which secretes or displays them."""
    return key in CHECKPOINTS or bool(_ARMOUR_KEYS.match(key))


def _cytokine(reading: Reading, spot: Spot, after: str) -> Role | None:
    first, last = reading.document.sentence_at(spot.start, spot.end)
    near = reading.document.lower[max(first, spot.start - 100) : min(last, spot.end + 40)]
    if _MEASURED.search(near) or after.lstrip(" )").startswith("receptor"):
        return None
    if _GROWN_WITH.match(after) or _GIVEN.match(after):
        return None
    if _IN_CULTURE.search(near) and not _BUILT_IN.search(near):
        return None
    heads = reading.within(first, last, MODALITY)
    cells = any(reading.modality(head) in CELL_MODALITIES for head in heads)
    if cells or reading.within(first, last, CELL):
        return Role(spot.key, "ArmourMention", "component.cytokine", spot)
    return None
