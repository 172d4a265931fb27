"""The role of every antigen that a record names: target, prior therapy, marker, required, …

A role follows from the zone and the words around; exclusion never makes a target.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.extract.lexicon import RoleCue
from kg.extract.reading import CELL_MODALITIES, Reading
from kg.extract.spot import AGENT, ANTIGEN, COMPONENT, MODALITY, PRODUCT, Spot
from kg.extract.targets import Bound
from kg.extract.zones import CRITERIA, Zone

_COMPONENT_ROLES = {
    "SelectionMarker": "MarkerMention",
    "SafetySwitch": "SwitchMention",
    "Armour": "ArmourMention",
    "EditedGene": "EditedGeneMention",
    "Costimulation": "CostimulationMention",
}
_ARMOUR = re.compile(
    r"(?:secret\w+|armou?red(?:\s+with)?|co-?express\w+|also express\w*|express\w*|releas\w+|produc\w+|encod\w+|"
    r"combined with|enhanced by|with|and|or|/|,|-|\+)\s*(?:\w+\s+){0,3}(?:anti-?\s*|α)?$"
)
_ARMOUR_AFTER = re.compile(
    r"^[\s-]*(?:secret|nanobod|scfv|antibod|switch|dominant|dn|express|car\b|car-|cart|-)"
)
_ARMOUR_KEYS = re.compile(
    r"^(?:IL-(?:2|7|10|12|15|18|21|23|36)|CCL\d+|CXCR\d+|CCR\d+|4-1BBL|CD40L|IL-15RA|OX40L|FLT3LG|LIGHT)$"
)
_CHECKPOINTS = frozenset({"PD-1", "CTLA-4", "TIGIT", "LAG-3", "TIM-3", "PD-L1"})
_COSTIMULATION = frozenset({"CD28", "CD137", "CD3Z", "OX40", "ICOS", "DAP10", "DAP12"})
_COSTIM = re.compile(
    r"signal|stimul|domain|zeta|ζ|endodomain|intracellular|transmembrane|\bbb|hinge|-28|\.28|generation|\.ox40"
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
    r"\b(?:prior|previous\w*|receiv\w+|treat\w+|therap\w+|antibod\w+|inhibitor\w*|car-?t?|exposure|agents?|immunotherapy|history of|"
    r"infus\w+|intoleran\w+|fail\w+|refractory)\b"
)
_EXPRESSION = re.compile(
    r"\b(?:express\w*|over-?express\w*|positiv\w*|immunohisto\w*|ihc|stain\w*|flow cytometry|biops\w*|tumou?r cells|\d+\s?%|[123]\+|h-score)\b"
)
_TESTED = re.compile(
    r"\b(?:status|tested|testing|assess\w*|determin\w*|evaluat\w*|profil\w*|screen\w*)\b"
)
_TARGETS_ROLE = "TargetMention"


class Role(NamedTuple):
    """One mention: which antigen, in which role, by which rule; `name` is the component's."""

    antigen: str
    role: str
    rule: str
    spot: Spot
    name: str = ""
    construct: int | None = None


def roles(reading: Reading, parts: Sequence[Bound]) -> list[Role]:
    """Return the role of every antigen and component named in the record."""
    target_spots = {
        (spot.start, spot.end): number
        for number, part in enumerate(parts)
        for spots in part.targets.values()
        for spot in spots
        if spot.kind == ANTIGEN
    }
    recruit_spots = {
        (spot.start, spot.end): number
        for number, part in enumerate(parts)
        for spots in part.recruits.values()
        for spot in spots
        if spot.kind == ANTIGEN
    }
    cells = any(part.candidate.is_cell for part in parts)
    keys = frozenset(key for part in parts for key in part.targets)
    found = []
    component_spans = [spot for spot in reading.spots if spot.kind == COMPONENT]
    for spot in reading.spots:
        if spot.kind == COMPONENT:
            found.extend(_component(reading, spot, cells))
        elif spot.kind == ANTIGEN:
            where = (spot.start, spot.end)
            if where in target_spots:
                found.append(
                    Role(
                        spot.key,
                        _TARGETS_ROLE,
                        "mention.target",
                        spot,
                        construct=target_spots[where],
                    )
                )
                if _is_required(reading, spot):
                    found.append(Role(spot.key, "RequiredMention", "mention.required", spot))
            elif where in recruit_spots:
                found.append(
                    Role(
                        spot.key,
                        "EngagerArmMention",
                        "mention.engager",
                        spot,
                        construct=recruit_spots[where],
                    )
                )
            elif not any(
                c.start <= spot.start and spot.end <= c.end for c in component_spans if cells
            ):
                found.append(_antigen(reading, spot, cells, keys))
    found.extend(_product_roles(reading, parts))
    return found


def _is_required(reading: Reading, spot: Spot) -> bool:
    after = reading.document.lower[spot.end : spot.end + 14]
    return bool(re.match(r"^\)?[\s-]*positiv|^\+(?=[\s)-])", after))


def _component(reading: Reading, spot: Spot, cells: bool) -> list[Role]:
    if not cells:
        return []
    row = reading.lexicon.components[spot.key]
    if reading.document.zone_at(spot.start) in CRITERIA and row.kind in {"Armour", "Costimulation"}:
        return []
    return [Role(row.antigen, _COMPONENT_ROLES[row.kind], "component.name", spot, row.name)]


def _antigen(reading: Reading, spot: Spot, cells: bool, targets: frozenset[str]) -> Role:
    zone = reading.document.zone_at(spot.start)
    passage = reading.document.passage_at(spot.start)
    before = reading.document.lower[max(passage.start, spot.start - 70) : spot.start]
    after = reading.document.lower[spot.end : min(passage.end, spot.end + 60)]
    if spot.key in _PHENOTYPE and spot.key not in targets:
        if (
            re.match(
                r"^(?:\+|[\s-]*positive|\s*[/+]|\s*t\b|[\s-]*t[\s-]|\s*lymph|\s*count|\s*cell|-select|-deplet)",
                after,
            )
            or zone in CRITERIA
        ):
            return Role(spot.key, "PhenotypeMention", "mention.phenotype", spot)
    if (
        cells
        and spot.key in _COSTIMULATION
        and zone not in CRITERIA
        and _COSTIM.search(before[-25:] + after[:30])
    ):
        return Role(spot.key, "CostimulationMention", "mention.costimulation", spot)
    if cells and zone not in CRITERIA and spot.key not in targets:
        armour = _armour(reading, spot, before, after)
        if armour:
            return armour
    for cue in reading.lexicon.role_cues:
        if _matches(cue, zone, before, after):
            return Role(spot.key, cue.role, f"role.{cue.rule}", spot)
    return _by_sentence(reading, spot, zone)


def _armour(reading: Reading, spot: Spot, before: str, after: str) -> Role | None:
    if _ARMOUR_KEYS.match(spot.key):
        if re.search(
            r"serum|level|recombinant|receptor$|plasma|cytokines?\b", before[-30:] + after[:20]
        ):
            return None
        first, last = reading.document.sentence_at(spot.start, spot.end)
        if any(
            reading.modality(head) in CELL_MODALITIES
            for head in reading.within(first, last, MODALITY)
        ):
            return Role(spot.key, "ArmourMention", "component.cytokine", spot)
    if spot.key in _CHECKPOINTS and (
        re.search(
            r"(?:secret\w+|express\w+|releas\w+)\s+(?:\w+\s+){0,4}(?:anti-?\s*|against\s+)?(?:[\w-]+/)*$",
            before,
        )
        or re.match(
            r"^[\s-]*(?:nanobod|dominant|dnr|dn\b|switch|/cd28|-cd28|-(?:mesothelin|msln|car))",
            after,
        )
        or re.search(r"dominant[- ]negative\s+(?:human\s+)?$", before)
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
    return Role(spot.key, "BackgroundMention", "mention.background", spot)


def _product_roles(reading: Reading, parts: Sequence[Bound]) -> list[Role]:
    """A product named in the criteria stands for an earlier treatment against its antigens."""
    found = []
    for spot in reading.spots:
        if spot.kind != PRODUCT or reading.document.zone_at(spot.start) not in CRITERIA:
            continue
        row = reading.lexicon.products[spot.key]
        own = any(part.candidate.product == spot.key for part in parts)
        first, last = reading.document.sentence_at(spot.start, spot.end)
        sentence = reading.document.lower[first:last]
        if own and not re.search(r"\b(?:prior|previous|already|received)\b", sentence):
            continue
        if re.search(r"\b(?:allerg|hypersensitiv|anaphyla)\w*", sentence):
            continue
        found.extend(
            Role(key, "PriorTherapyMention", "mention.product-in-criteria", spot, row.key)
            for key in row.targets
        )
    return found


__all__ = ["AGENT", "Role", "roles"]
