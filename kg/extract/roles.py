"""The role of every antigen that a record names: target, prior therapy, marker and so on.

A role follows from the zone and the words around; exclusion never makes a target.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.extract.candidate import Bound
from kg.extract.lexicon import RoleCue
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import ANTIGEN, CELL, COMPONENT, MODALITY, PRODUCT, Spot
from kg.extract.zones import CRITERIA, Zone

_COMPONENT_ROLES = {
    "SelectionMarker": "MarkerMention",
    "SafetySwitch": "SwitchMention",
    "Armour": "ArmourMention",
    "EditedGene": "EditedGeneMention",
    "Costimulation": "CostimulationMention",
}
_ARMOUR_KEYS = re.compile(
    r"^(?:IL-(?:7|10|12|15|18|21|23|36)|CCL\d+|CXCR\d+|CCR\d+|4-1BBL|CD40L|IL-15RA|OX40L|"
    r"FLT3LG|LIGHT)$"
)
_CHECKPOINTS = frozenset({"PD-1", "CTLA-4", "TIGIT", "LAG-3", "TIM-3", "PD-L1"})
_COSTIMULATION = frozenset({"CD28", "CD137", "CD3Z", "OX40", "ICOS", "DAP10", "DAP12"})
_COSTIM = re.compile(
    r"signal|stimul|domain|zeta|ζ|endodomain|intracellular|transmembrane|\bbb|hinge|-28|\.28|"
    r"generation|\.ox40"
)
_PHENOTYPE = frozenset(
    {
        "CD3",
        "CD4",
        "CD8",
        "CD34",
        "CD45",
        "CD45RA",
        "CD62L",
        "CD14",
        "CD16",
        "CD27",
        "CD25",
        "CCR7",
        "CD45RO",
    }
)
_CRITERIA_PRIOR = re.compile(
    r"\b(?:prior|previous\w*|receiv\w+|treat\w+|therap\w+|antibod\w+|inhibitor\w*|car-?t?|"
    r"exposure|agents?|immunotherapy|history of|"
    r"infus\w+|intoleran\w+|fail\w+|refractory)\b"
)
_EXPRESSION = re.compile(
    r"\b(?:express\w*|over-?express\w*|positiv\w*|immunohisto\w*|ihc|stain\w*|flow cytometry|"
    r"biops\w*|tumou?r cells|\d+\s?%|[123]\+|h-score)\b"
)
_TESTED = re.compile(
    r"\b(?:status|tested|testing|assess\w*|determin\w*|evaluat\w*|profil\w*|screen\w*)\b"
)
_PRIOR_WORDS = re.compile(
    r"\b(?:prior|previous\w*|ever|histor\w+ of|other|earlier|already|received|treated|treatment|"
    r"exposed|exposure|failed|failure)\b(?!\s+to\b)\s+(?:[\w-]+\s+){0,4}(?:anti-?\s*)?$"
)
_GIVEN_HERE = re.compile(
    r"(?:dos(?:e|es|ing)|completion|administration|infusion|start|initiation|day|receipt|ingredients?|"
    r"components?) of\s+(?:\w+\s+)?$|(?:contraindication\w*|reaction\w*|prior) to\s+(?:\w+\s+)?$"
)
_PRODUCT_AFTER = re.compile(
    r"^[\s)-]*(?:specific\s|targeted\s|directed\s)?[\s-]*(?:car\b|car-|cart|cd\d+|"
    r"[\w-]*\s*(?:car|cart|cells?|infusion)\b)"
)
_EFFECTORS = frozenset({"CD3", "CD3E", "CD16"})
_SERUM = frozenset(
    {"PSA", "CA19-9", "AFP", "B2M", "IgE", "IgM", "Lpa", "TNF", "IL-6", "MUC16", "CEA"}
)
_LIGANDS = re.compile(
    r"^(?:IL-\d+\w?|TNF|TGF-beta|CGRP|IFN-\w+|CCL\d+|CXCL\d+|GM-CSF|CSF\d?|EGF|NGF|HGF)$"
)
_NEAR = 60
_LONGEST_GAP = 16
_BACKGROUND = "BackgroundMention"
_TARGET = "TargetMention"
_LISTED = re.compile(r"^[\s)\]]*(?:/|,|;|&|and/or|and|or|\()?[\s(]*(?:and|or)?\s*(?:anti-?)?$")
_POSITIVE = re.compile(r"^\)?[\s-]*positiv|^\+(?=[\s)-])")
_CELL_KIND = re.compile(
    r"^(?:\+|[\s-]*positive|\s*[/+]|\s*t\b|[\s-]*t[\s-]|\s*lymph|\s*count|\s*cell|[\s-]*select|"
    r"[\s-]*deplet)"
)
_BINDER = re.compile(
    r"\banti-?\s*(?:\||$)|target|direct|antibod|\bcar\b|car-t|cart\b|inhibitor|agonist|"
    r"antagonist|therap|bispecific|express|"
    r"positive (?:tumou?r|cell|blast)|antigen"
)
_DIRECTED = re.compile(
    r"\banti-?\s*(?:\||$)|target|direct|antibod|\bcar\b|car-t|cart\b|inhibitor|agonist|therap|express"
)
_MEASURED = re.compile(r"cytokine|serum|level|measur|detect|concentration|elisa|recombinant|plasma")
_SECRETED = re.compile(
    r"(?:secret\w+|express\w+|releas\w+|scfv)\s+(?:\w+\s+){0,4}(?:anti-?\s*|"
    r"against\s+)?(?:[\w-]+/)*$"
)
_DECOY = re.compile(
    r"^[\s-]*(?:nanobod|dominant|dnr|dn\b|switch|/cd28|-cd28|-(?:mesothelin|msln|car)|"
    r"[/\w]*\s+secreting)"
)
_DOMINANT = re.compile(r"dominant[- ]negative\s+(?:human\s+)?$")
_ALLERGY = re.compile(r"\b(?:allerg|hypersensitiv|anaphyla)\w*")


class Role(NamedTuple):
    """One mention: which antigen, in which role, by which rule; `name` is the component's."""

    antigen: str
    role: str
    rule: str
    spot: Spot
    name: str = ""
    construct: int | None = None


class _Known(NamedTuple):
    """What the constructs say of the trial before its mentions are judged."""

    targets: dict[tuple[int, int], int]
    meant: dict[tuple[int, int], tuple[str, ...]]
    recruits: dict[tuple[int, int], int]
    bound: frozenset[tuple[int, int]]
    owners: dict[str, int]
    vaccines: tuple[tuple[int, int], ...]
    cells: bool


def roles(reading: Reading, parts: Sequence[Bound]) -> list[Role]:
    """Return the role of every antigen and component named in the record."""
    known = _known(reading, parts)
    components = [spot for spot in reading.spots if spot.kind == COMPONENT]
    found: list[Role] = []
    for spot in reading.spots:
        if spot.kind == COMPONENT:
            found.extend(_component(reading, spot, known.cells))
        elif spot.kind == ANTIGEN and not (known.cells and _inside(spot, components)):
            found.extend(_antigen(reading, spot, known))
    found = _like_neighbours(reading, found)
    found.extend(_product_roles(reading, parts))
    return found


def _known(reading: Reading, parts: Sequence[Bound]) -> _Known:
    targets: dict[tuple[int, int], int] = {}
    recruits: dict[tuple[int, int], int] = {}
    owners: dict[str, int] = {}
    meant: dict[tuple[int, int], tuple[str, ...]] = {}
    for number, part in enumerate(parts):
        for key, spots in part.targets.items():
            owners.setdefault(key, number)
            for where in [(spot.start, spot.end) for spot in spots if spot.kind == ANTIGEN]:
                targets[where] = number
                meant[where] = (*meant.get(where, ()), key)
        for spots in part.recruits.values():
            recruits.update({(s.start, s.end): number for s in spots if s.kind == ANTIGEN})
    bound = frozenset(
        (spot.start, spot.end) for item in reading.bindings if item.own for spot in item.spots
    )
    vaccines = tuple(
        span
        for part in parts
        if part.candidate.modality == "TherapeuticVaccine"
        for span in part.candidate.where
    )
    return _Known(
        targets, meant, recruits, bound, owners, vaccines, any(p.candidate.is_cell for p in parts)
    )


def _inside(spot: Spot, components: Sequence[Spot]) -> bool:
    return any(part.start <= spot.start and spot.end <= part.end for part in components)


def _component(reading: Reading, spot: Spot, cells: bool) -> list[Role]:
    if not cells:
        return []
    row = reading.lexicon.components[spot.key]
    if reading.document.zone_at(spot.start) in CRITERIA and row.kind in {"Armour", "Costimulation"}:
        return []
    return [Role(row.antigen, _COMPONENT_ROLES[row.kind], "component.name", spot, row.name)]


def _antigen(reading: Reading, spot: Spot, known: _Known) -> list[Role]:
    where = (spot.start, spot.end)
    engaged = known.recruits.get(where)
    if engaged is not None:
        return [Role(spot.key, "EngagerArmMention", "mention.engager", spot, construct=engaged)]
    number = known.targets.get(where)
    if number is None and where in known.bound:
        number = known.owners.get(spot.key)
    if number is not None:
        made = [
            Role(key, _TARGET, "mention.target", spot, construct=number)
            for key in dict.fromkeys(known.meant.get(where, (spot.key,)))
        ]
        after = reading.document.lower[spot.end : spot.end + 14]
        if _POSITIVE.match(after):
            made.append(Role(spot.key, "RequiredMention", "mention.required", spot))
        return made
    if any(start <= spot.start < end for start, end in known.vaccines):
        return [Role(spot.key, "ImmunogenMention", "mention.immunogen", spot)]
    role = _by_context(reading, spot, known)
    return [role] if role is not None else []


def _by_context(reading: Reading, spot: Spot, known: _Known) -> Role | None:
    zone = reading.document.zone_at(spot.start)
    passage = reading.document.passage_at(spot.start)
    before = reading.document.lower[max(passage.start, spot.start - 70) : spot.start]
    after = reading.document.lower[spot.end : min(passage.end, spot.end + 60)]
    if zone in CRITERIA:
        fixed = _in_criteria(reading, spot, known, before, after)
    else:
        fixed = _in_description(reading, spot, known, before, after)
    if fixed is not None:
        return fixed
    for cue in reading.lexicon.role_cues:
        if _matches(cue, zone, before, after):
            if spot.key == "TCR" and cue.role != "EditedGeneMention":
                return None
            role = cue.role if zone not in _SAYS_LITTLE.get(cue.role, ()) else _BACKGROUND
            return Role(spot.key, role, f"role.{cue.rule}", spot)
    if spot.key == "TCR":
        return None
    return _by_sentence(reading, spot, zone)


def _in_criteria(
    reading: Reading, spot: Spot, known: _Known, before: str, after: str
) -> Role | None:
    kind = reading.lexicon.antigens[spot.key].kind
    first, last = reading.document.sentence_at(spot.start, spot.end)
    if _ALLERGY.search(reading.document.lower, first, last):
        return Role(spot.key, _BACKGROUND, "mention.allergy", spot)
    if spot.key in _EFFECTORS and (before.endswith(("x", "×")) or after.startswith(("x", "×"))):
        return Role(spot.key, _BACKGROUND, "mention.effector-arm", spot)
    if (
        spot.key in _PHENOTYPE
        and spot.key not in known.owners
        and not _BINDER.search(before + "|" + after[:25])
    ):
        return Role(spot.key, "PhenotypeMention", "mention.phenotype", spot)
    if kind == "ViralAntigen" and spot.key not in known.owners:
        return Role(spot.key, "LabAnalyteMention", "mention.serology", spot)
    if (
        spot.key in _SERUM
        and spot.key not in known.owners
        and not _DIRECTED.search(before[-12:] + "|" + after[:25])
    ):
        return Role(spot.key, "LabAnalyteMention", "mention.serum-marker", spot)
    if _LIGANDS.match(spot.key) and not _BINDER.search(before[-12:] + "|" + after[:25]):
        return Role(spot.key, _BACKGROUND, "mention.ligand", spot)
    if spot.key in known.owners and _PRODUCT_AFTER.match(after) and _is_own(reading, spot):
        number = known.owners[spot.key]
        return Role(spot.key, _TARGET, "mention.own-product", spot, construct=number)
    return None


def _is_own(reading: Reading, spot: Spot) -> bool:
    """Tell the study's own product in the criteria from an earlier treatment."""
    first, _ = reading.document.sentence_at(spot.start, spot.end)
    before = reading.document.lower[max(first, spot.start - _NEAR) : spot.start]
    return not _PRIOR_WORDS.search(before)


def _in_description(
    reading: Reading, spot: Spot, known: _Known, before: str, after: str
) -> Role | None:
    if spot.key in _PHENOTYPE and spot.key not in known.owners and _CELL_KIND.match(after):
        return Role(spot.key, "PhenotypeMention", "mention.phenotype", spot)
    if not known.cells:
        return None
    if spot.key in _COSTIMULATION and _COSTIM.search(before[-25:] + after[:30]):
        return Role(spot.key, "CostimulationMention", "mention.costimulation", spot)
    return None if spot.key in known.owners else _armour(reading, spot, before, after)


def _armour(reading: Reading, spot: Spot, before: str, after: str) -> Role | None:
    if _ARMOUR_KEYS.match(spot.key) and reading.document.zone_at(spot.start) is not Zone.OUTCOME:
        first, last = reading.document.sentence_at(spot.start, spot.end)
        near = reading.document.lower[max(first, spot.start - 100) : min(last, spot.end + 40)]
        if _MEASURED.search(near) or after.lstrip(" )").startswith("receptor"):
            return None
        heads = reading.within(first, last, MODALITY)
        cells = any(reading.modality(head) in CELL_MODALITIES for head in heads)
        if cells or reading.within(first, last, CELL):
            return Role(spot.key, "ArmourMention", "component.cytokine", spot)
    if spot.key in _CHECKPOINTS and (
        _SECRETED.search(before) or _DECOY.match(after) or _DOMINANT.search(before)
    ):
        return Role(spot.key, "ArmourMention", "component.checkpoint", spot)
    return None


def _matches(cue: RoleCue, zone: Zone, before: str, after: str) -> bool:
    if "criteria" in cue.zones and zone not in CRITERIA:
        return False
    if "noncriteria" in cue.zones and zone in CRITERIA:
        return False
    if cue.before is not None and not cue.before.search(before):
        return False
    return cue.after is None or bool(cue.after.search(after))


def _by_sentence(reading: Reading, spot: Spot, zone: Zone) -> Role:
    first, last = reading.document.sentence_at(spot.start, spot.end)
    sentence = reading.document.lower[max(first, spot.start - 250) : min(last, spot.end + 200)]
    if zone is Zone.EXCLUSION:
        if _CRITERIA_PRIOR.search(sentence):
            return Role(spot.key, "PriorTherapyMention", "mention.exclusion-therapy", spot)
        if _EXPRESSION.search(sentence):
            return Role(spot.key, "ExcludedMention", "mention.exclusion-expression", spot)
    elif zone is Zone.INCLUSION:
        if _EXPRESSION.search(sentence):
            return Role(spot.key, "RequiredMention", "mention.inclusion-expression", spot)
        if _CRITERIA_PRIOR.search(sentence):
            return Role(spot.key, "PriorTherapyMention", "mention.inclusion-therapy", spot)
        if _TESTED.search(sentence):
            return Role(spot.key, "TestedMention", "mention.inclusion-tested", spot)
    return Role(spot.key, _BACKGROUND, "mention.background", spot)


_SAYS_LITTLE = {
    "EditedGeneMention": frozenset({Zone.CONDITION}),
    "RequiredMention": frozenset({Zone.DETAIL, Zone.OUTCOME}),
    "ExcludedMention": frozenset({Zone.DETAIL, Zone.OUTCOME, Zone.SUMMARY}),
}
_SHARED_ROLES = frozenset(
    {
        "PriorTherapyMention",
        "EditedGeneMention",
        "ArmourMention",
        "RequiredMention",
        "ExcludedMention",
        "LabAnalyteMention",
        "TestedMention",
    }
)


def _like_neighbours(reading: Reading, found: Sequence[Role]) -> list[Role]:
    """In a list such as "anti-PD-1, PD-L1 or CTLA-4 antibody" the members share one role."""
    made = list(found)
    for order in (range(1, len(made)), range(len(made) - 2, -1, -1)):
        step = -1 if order.step == 1 else 1
        for number in order:
            one, other = made[number], made[number + step]
            if (
                one.rule != "mention.background"
                or other.role not in _SHARED_ROLES
                or one.construct is not None
            ):
                continue
            left, right = (other.spot, one.spot) if step < 0 else (one.spot, other.spot)
            gap = reading.document.lower[left.end : right.start]
            if other.role == "ArmourMention" and not _arms(one.antigen):
                continue
            if len(gap) < _LONGEST_GAP and _LISTED.match(gap):
                made[number] = one._replace(role=other.role, rule=other.rule)
    return made


def _arms(key: str) -> bool:
    return key in _CHECKPOINTS or bool(_ARMOUR_KEYS.match(key))


def _product_roles(reading: Reading, parts: Sequence[Bound]) -> list[Role]:
    """Read a product named in the criteria as an earlier treatment against its antigens."""
    found: list[Role] = []
    for spot in reading.spots:
        if spot.kind != PRODUCT or reading.document.zone_at(spot.start) not in CRITERIA:
            continue
        row = reading.lexicon.products[spot.key]
        own = any(part.candidate.product == spot.key for part in parts)
        first, last = reading.document.sentence_at(spot.start, spot.end)
        before = reading.document.lower[max(first, spot.start - _NEAR) : spot.start]
        if (own and _is_own(reading, spot)) or _GIVEN_HERE.search(before):
            continue
        if _ALLERGY.search(reading.document.lower, first, last):
            continue
        found.extend(
            Role(key, "PriorTherapyMention", "mention.product-in-criteria", spot, row.key)
            for key in row.targets
        )
    return found
