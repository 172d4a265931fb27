"""The role of every antigen that a record names: target, prior therapy, marker and so on.

A role follows from the zone and the words around; exclusion never makes a target.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.candidate import Bound
from kg.extract.component_roles import (
    armour,
    can_arm,
    component_role,
    costimulation,
    marker,
)
from kg.extract.criteria_roles import PHENOTYPES, criteria_role, sentence_role
from kg.extract.gates import is_lost
from kg.extract.lexicon import RoleCue
from kg.extract.product_mentions import product_roles
from kg.extract.reading import ENGINEERED, Reading
from kg.extract.role import (
    BACKGROUND,
    CHECKPOINTS,
    ELIGIBILITY,
    GATE,
    PARTNER,
    PHENOTYPE,
    PRIOR,
    REQUIRED,
    TARGET,
    Known,
    Role,
)
from kg.extract.role_vetoes import vetoed
from kg.extract.shared_stems import shared_stems
from kg.extract.spot import ANTIGEN, COMPONENT, Spot
from kg.extract.zones import CRITERIA, NAMING, Zone

_LONGEST_GAP = 16
_LISTED = re.compile(
    r"^(?:-(?=\s))?[\s)\]]*(?:/|,|;|&|and\s?/\s?or|and|or|\()?[\s(]*(?:and|or)?\s*(?:anti-?)?$"
)
_CELL_KIND = re.compile(
    r"^(?:\+|[\s-]+negative\)?\s+(?:memory\s+)?t\b|[\s-]*positive|\s*[/+]|\s*t\b|[\s-]*t[\s-]|\s*lymph|\s*count|\s*cell|[\s-]*select|"
    r"[\s-]*deplet)"
)
_DISEASE = (
    r"(?:tumou?r|cancer|malignan|lymphoma|leuk|neoplas|carcinoma|metasta|solid|myeloma|disease|"
    r"b[\s-](?:cell\s+)?(?:malig|lymph|acute|leuk|nhl|all\b)|b-all|glio|sarcoma|neuroblastoma|"
    r"mesothelioma|blast|hcc\b|aml\b|all\b|nsclc|sclc)"
)
_STATED_POSITIVE = re.compile(
    rf"^\)?[\s-]*positiv|^\+(?=[\s)-])|^[\s)-]*express(?:ing|ed)?\s+(?:[\w/-]+\s+){{0,3}}{_DISEASE}"
)
_OF_DISEASE = re.compile(
    rf"^\)?(?:\+|[\s-]*positive)\s+(?:diffuse|follicular|mantle|(?:[\w-]+\s+){{0,2}}{_DISEASE})"
)
_COME_BACK = re.compile(r"(?:relapsed|refractory|r/r|recurrent)\W+(?:[\w-]+\W+)?$")
_CELLS_POSITIVE = re.compile(
    r"^\)?(?:\+|[\s-]*positive)?\)?\s*(?:(?!tumou?r|cancer|leuk|malignan|blast)[\w-]+\s+)?"
    r"(?:population|cells)\b"
)
_PATIENTS = re.compile(
    r"\b(?:patients?|subjects?|participants?|adults?|children|individuals?|people|persons?|"
    r"volunteers?|treating|treatment of|therapy (?:of|for))\b"
)
_STUDIED_IN = re.compile(
    r"\b(?:stud(?:y|ies)|trial)\b.*\b(?:evaluat|assess|safety|efficacy|investigat|determin|explor)"
    r".*\bin\s+(?:[\w/-]+\s+){0,4}$",
    re.DOTALL,
)
_AT_LARGE = re.compile(
    r"\bha(?:s|ve)\s+(?:\w+\s+)?(?:been|shown|gained|changed|achieved|made)\b|\bthere (?:are|is)\b"
)
_OF_STUDY = re.compile(r"\b(?:stud(?:y|ies)|trial|eligible|enrol\w*)\b|\bpatients with\b")
_ENROLS = re.compile(
    r"\bstudy population\b|\bwill (?:recruit|enrol\w*|include)\b|"
    r"\b(?:be|are|were) (?:recruited|enrolled|included)\b"
)
_SAYS_LITTLE = {
    "EditedGeneMention": frozenset({Zone.CONDITION}),
    REQUIRED: frozenset({Zone.DETAIL, Zone.OUTCOME}),
    "ExcludedMention": frozenset({Zone.DETAIL, Zone.OUTCOME}),
    PARTNER: frozenset(Zone) - NAMING,
    PRIOR: frozenset({Zone.OUTCOME, Zone.INTERVENTION_TEXT, Zone.ARM_TEXT}),
}
_TELLS = frozenset({Zone.SUMMARY, Zone.INTERVENTION_TEXT, Zone.ARM_TEXT})
_OF_PATIENTS = frozenset({REQUIRED, "ExcludedMention"})
_OF_OTHERS = frozenset({"prior.after", "partner.kind"})
_SHARED_ROLES = ELIGIBILITY | {
    PRIOR,
    PARTNER,
    "EditedGeneMention",
    "ArmourMention",
    "LabAnalyteMention",
}
_ASSIGNED = re.compile(r"\b(?:assign|allocat|select|match|stratif|enrol|treat|receiv)")
_BY_EXPRESSION = re.compile(
    r"\b(?:based on|according to|depending on|determined by|matched (?:to|by|on)|after|by)\s+"
    r"(?:[\w-]+\s+){0,4}(?:(?:co-?)?expression|antigen (?:profil\w+|screening|testing|status))\b"
)
_UNSETTLED = frozenset({"mention.background", "mention.ligand"})


def roles(reading: Reading, parts: Sequence[Bound]) -> list[Role]:
    """Return the role of every antigen and component named in the record."""
    known = _known(reading, parts)
    components = [spot for spot in reading.spots if spot.kind == COMPONENT]
    found: list[Role] = []
    for spot in sorted([*reading.spots, *shared_stems(reading)]):
        if spot.kind == COMPONENT:
            found.extend(component_role(reading, spot, known.cells))
        elif spot.kind == ANTIGEN and not (known.cells and _inside(spot, components)):
            found.extend(_antigen(reading, spot, known))
    found = _like_neighbours(reading, found)
    found.extend(product_roles(reading, parts))
    found = [vetoed(reading, role, known) for role in found]
    return found if parts else [_without_product(role) for role in found]


def _known(reading: Reading, parts: Sequence[Bound]) -> Known:
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
    cells = any(part.candidate.is_cell for part in parts)
    engineered = [n for n, part in enumerate(parts) if part.candidate.modality in ENGINEERED]
    spared = {(spot.start, spot.end): engineered[0] for spot in reading.gates if engineered}
    names = _names(reading, parts)
    return Known(targets, meant, recruits, spared, bound, owners, vaccines, cells, names)


def _names(reading: Reading, parts: Sequence[Bound]) -> frozenset[str]:
    spots = [spot for part in parts for spot in part.candidate.names]
    return frozenset(reading.document.lower[spot.start : spot.end] for spot in spots)


def _inside(spot: Spot, components: Sequence[Spot]) -> bool:
    return any(part.start <= spot.start and spot.end <= part.end for part in components)


def _antigen(reading: Reading, spot: Spot, known: Known) -> list[Role]:
    where = (spot.start, spot.end)
    if where in known.gates:
        gate = Role(spot.key, GATE, "mention.gate", spot, construct=known.gates[where])
        lost = Role(spot.key, "ExcludedMention", "mention.lost", spot)
        return [gate, lost] if is_lost(reading.document, spot) else [gate]
    engaged = known.recruits.get(where)
    if engaged is not None:
        return [Role(spot.key, "EngagerArmMention", "mention.engager", spot, construct=engaged)]
    number = known.targets.get(where)
    if number is None and where in known.bound:
        number = known.owners.get(spot.key)
    if number is not None:
        made = [
            Role(key, TARGET, "mention.target", spot, construct=number)
            for key in dict.fromkeys(known.meant.get(where, (spot.key,)))
        ]
        after = reading.document.lower[spot.end : spot.end + 60]
        asked = _STATED_POSITIVE.match(after) and _of_patients(reading, spot, after, own=True)
        if asked or _is_profiled(reading, spot):
            made.append(Role(spot.key, REQUIRED, "mention.required", spot))
        return made
    if any(start <= spot.start < end for start, end in known.vaccines):
        return [Role(spot.key, "ImmunogenMention", "mention.immunogen", spot)]
    role = _by_context(reading, spot, known)
    return [role] if role is not None else []


def _is_profiled(reading: Reading, spot: Spot) -> bool:
    """Tell an antigen that patients are tested for, to choose what binds it."""
    told = [item for item in reading.bindings if spot in item.spots]
    if any(item.rule == "binding.by-expression" for item in told):
        return True
    if not any(item.enumerated for item in told):
        return False
    first, _ = reading.document.sentence_at(spot.start, spot.end)
    before = reading.document.lower[first : spot.start]
    return bool(_BY_EXPRESSION.search(before) and _ASSIGNED.search(before))


def _by_context(reading: Reading, spot: Spot, known: Known) -> Role | None:
    zone = reading.document.zone_at(spot.start)
    passage = reading.document.passage_at(spot.start)
    before = reading.document.lower[max(passage.start, spot.start - 70) : spot.start]
    after = reading.document.lower[spot.end : min(passage.end, spot.end + 60)]
    read = criteria_role if zone in CRITERIA else _in_description
    fixed = read(reading, spot, known, before, after)
    if fixed is not None:
        return fixed
    for cue in reading.lexicon.cues_by_place[zone in CRITERIA]:
        if (cue.after is None or cue.after.match(after)) and (
            cue.before is None or cue.before.search(before)
        ):
            return _by_cue(reading, cue, spot, known, after)
    if spot.key == "TCR":
        return None
    return sentence_role(reading, spot, zone)


def _by_cue(reading: Reading, cue: RoleCue, spot: Spot, known: Known, after: str) -> Role | None:
    if spot.key == "TCR" and cue.role != "EditedGeneMention":
        return None
    zone = reading.document.zone_at(spot.start)
    own = spot.key in known.owners
    weak = cue.role not in _OF_PATIENTS and zone in _SAYS_LITTLE.get(cue.role, ())
    weak = weak or (cue.role in _OF_PATIENTS and not _of_patients(reading, spot, after, own))
    weak = weak or (cue.role == PARTNER and spot.key not in CHECKPOINTS)
    weak = weak or (cue.rule in _OF_OTHERS and own)
    return Role(spot.key, BACKGROUND if weak else cue.role, f"role.{cue.rule}", spot)


def _of_patients(reading: Reading, spot: Spot, after: str, own: bool) -> bool:
    """Tell what a summary asks of patients from what it says of cells or diseases at large."""
    zone = reading.document.zone_at(spot.start)
    first, last = reading.document.sentence_at(spot.start, spot.end)
    if zone not in _TELLS:
        said = zone is Zone.DETAIL and _ENROLS.search(reading.document.lower, first, last)
        return bool(said) or zone not in _SAYS_LITTLE[REQUIRED]
    before = reading.document.lower[max(first, spot.start - 40) : spot.start]
    lower = reading.document.lower
    if _OF_DISEASE.match(after) and _COME_BACK.search(before):
        return own or _OF_STUDY.search(lower, first, last) is not None
    if _CELLS_POSITIVE.match(after):
        return False
    if _AT_LARGE.search(lower, first, last) and not _OF_STUDY.search(lower, first, last):
        return False
    asked = _PATIENTS.search(lower, first, last)
    return asked is not None or _STUDIED_IN.search(lower[first : spot.start]) is not None


def _in_description(
    reading: Reading, spot: Spot, known: Known, before: str, after: str
) -> Role | None:
    if spot.key in PHENOTYPES and spot.key not in known.owners and _CELL_KIND.match(after):
        return Role(spot.key, PHENOTYPE, "mention.phenotype", spot)
    if not known.cells:
        return None
    built = costimulation(spot, before, after) or marker(reading, spot)
    if built is not None or spot.key in known.owners:
        return built
    return armour(reading, spot, before, after)


def _like_neighbours(reading: Reading, found: Sequence[Role]) -> list[Role]:
    """In a list such as "anti-PD-1, PD-L1 or CTLA-4 antibody" the members share one role."""
    made = list(found)
    for order in (range(1, len(made)), range(len(made) - 2, -1, -1)):
        step = -1 if order.step == 1 else 1
        for number in order:
            one, other = made[number], made[number + step]
            if one.rule in _UNSETTLED and _shares(reading, one, other):
                made[number] = one._replace(role=other.role, rule=other.rule)
    return made


def _shares(reading: Reading, one: Role, other: Role) -> bool:
    if other.role not in _SHARED_ROLES or one.construct is not None:
        return False
    if other.role == "ArmourMention" and not can_arm(one.antigen):
        return False
    left, right = sorted((one.spot, other.spot))
    if right.start > reading.document.passage_at(left.start).end:
        return False
    gap = reading.document.lower[left.end : right.start]
    return len(gap) < _LONGEST_GAP and bool(_LISTED.match(gap))


def _without_product(role: Role) -> Role:
    """Where nothing that binds an antigen is given, what patients had or bear is background."""
    if role.role != PRIOR and role.role not in ELIGIBILITY:
        return role
    return role._replace(role=BACKGROUND, rule="mention.no-product")


__all__ = ["Role", "roles"]
