"""In which role a trial as a whole gives each construct: tested, partner, comparator, setting.

What the arms compare is asked before what the titles say: a drug of the compared groups too is the
backbone, one that only the experimental groups have is tested.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kg.extract.candidate import Bound
from kg.extract.findings import Claim
from kg.extract.reading import Reading, claim
from kg.extract.spot import AGENT, ANTIGEN, PRODUCT
from kg.extract.zones import Passage, Zone

COMPARATORS = frozenset(
    {
        "ActiveComparatorArm",
        "PlaceboComparatorArm",
        "ShamComparatorArm",
        "NoInterventionArm",
    }
)
_FOLLOW_UP = re.compile(
    r"long[- ]?term follow[- ]?up|previously (?:treated|received|infused|exposed)|rollover|"
    r"follow-up (?:study|of (?:patients|subjects|participants))|"
    r"(?:patients|subjects|participants) (?:who )?(?:previously |have )?(?:treated|"
    r"received) (?:with )?"
)
_OBSERVES = re.compile(r"\b(?:retrospective|observational|registry|real[- ]world)\b")
_GIVEN_TYPES = frozenset({None, "DrugIntervention", "BiologicalIntervention"})
_SHORTEST_NAME = 3
_NAMED_COMPARATOR = re.compile(r"\b(?:active )?comparator\b|\bcontrol\b")
_VERSUS = re.compile(
    r"(?:\bversus|\bvs\.?|compar(?:ed|ing|ison) (?:to|with)|\bagainst)\s+(?:[\w-]+\s+){0,3}$"
)
_JOINED = re.compile(r"(?:\band|,|&)\s+$")
_COMBINED_WITH = re.compile(
    r"(?:in combination with|combined with|±|\+/-|in addition to|added to|"
    r"on top of|"
    r"background of)\s+(?:(?!and\b|or\b)[\w-]+(?:\s*/\s*|\s+)){0,3}$"
)
_LISTED_WITH = re.compile(r"(?:in combination with|combined with)\s+[^.;:\n]{3,60}(?:\band|,)\s+$")
_ALONE_OR_COMBINED = re.compile(
    r"\b(?:mono-?therapy|single[- ]agents?|alone|doublet)\b[^.\n]{0,30}\b(?:and|or)\b[^.\n]{0,25}"
    r"\bcombin\w+"
)
_CLASS_WORDS = re.compile(r"antibod|checkpoint|immunotherap|immune therap|blockade|biologic")


class _Scene(NamedTuple):
    """What the roles of all constructs of a trial are judged by."""

    reading: Reading
    parts: Sequence[Bound]
    titled: list[list[tuple[int, int]]]
    arms: list[frozenset[int]]
    drugs: list[tuple[int, frozenset[int]]]
    """Drugs that are no constructs: where a title names them (-1: nowhere), and their arms."""
    compared: frozenset[int]
    """The arms that the tested arms are compared with."""

    def titles(self) -> list[Passage]:
        return self.reading.passages((Zone.TITLE,))


def construct_roles(reading: Reading, parts: Sequence[Bound]) -> list[Claim]:
    """Return the role of each construct in the trial as a whole."""
    scene = _Scene(
        reading,
        parts,
        [_title_spots(reading, part) for part in parts],
        [_arms_of_part(reading, part) for part in parts],
        _drugs(reading, parts),
        frozenset(n for n, arm in enumerate(reading.trial.arms) if arm.arm_type in COMPARATORS),
    )
    roles = [_construct_role(scene, number) for number in range(len(parts))]
    tested = any(role.value in {"ExperimentalRole", "PreviouslyGivenRole"} for role in roles)
    if tested or scene.drugs:
        return roles
    only = claim("ExperimentalRole", "Implied", "role.only-treatment", 0.6)
    return [only if role.value == "PartnerRole" else role for role in roles]


def _title_spots(reading: Reading, part: Bound) -> list[tuple[int, int]]:
    """Return where the titles name a construct."""
    found: list[tuple[int, int]] = []
    names = [name.lower() for name in (part.candidate.label, *part.candidate.codes)]
    for passage in reading.passages((Zone.TITLE,)):
        found.extend(
            (spot.start, spot.end)
            for spot in reading.within(passage.start, passage.end, PRODUCT)
            if spot.key == part.candidate.product
        )
        for name in names:
            at = reading.document.lower.find(name, passage.start, passage.end)
            if at >= 0:
                found.append((at, at + len(name)))
    return found


def _drugs(reading: Reading, parts: Sequence[Bound]) -> list[tuple[int, frozenset[int]]]:
    """Return the interventions that are neither constructs nor supportive drugs."""
    taken = {number for part in parts for number in part.candidate.interventions}
    found = []
    for passage in reading.passages((Zone.INTERVENTION,)):
        number = passage.number
        if number is None or number in taken or _is_supportive(reading, passage):
            continue
        at = _titled_at(reading, number)
        found.append((at, frozenset(arms_of(reading, number))))
    return found


def _is_supportive(reading: Reading, passage: Passage) -> bool:
    return bool(reading.within(passage.start, passage.end, AGENT))


def _titled_at(reading: Reading, number: int) -> int:
    """Return where a title names an intervention, by any of its names, else -1."""
    intervention = reading.trial.interventions[number]
    names = [text.plain.lower() for text in (intervention.name, *intervention.other_names)]
    found = [
        at
        for passage in reading.passages((Zone.TITLE,))
        for name in names
        if len(name) > _SHORTEST_NAME
        and (at := reading.document.lower.find(name, passage.start, passage.end)) >= 0
    ]
    return min(found, default=-1)


def _construct_role(scene: _Scene, number: int) -> Claim:
    reading, part = scene.reading, scene.parts[number]
    if part.candidate.background:
        if _is_observed(scene, number):
            return claim("PreviouslyGivenRole", "Implied", "role.observed-treatment", 0.7)
        if not reading.search(_FOLLOW_UP, scene.titles()):
            return claim("BackgroundRole", "Implied", "role.population", 0.7)
    if scene.arms[number] and scene.arms[number] <= scene.compared and _has_other(scene):
        return claim("ComparatorRole", "Stated", "role.comparator-arm", 0.9)
    compared = None if part.candidate.is_cell else _named_comparator(scene, number)
    compared = compared or _versus(scene, number)
    if compared is not None:
        return compared
    follow_up = reading.search(_FOLLOW_UP, scene.titles())
    if follow_up is not None:
        return claim("PreviouslyGivenRole", "Stated", "role.follow-up", 0.8, [follow_up])
    beside = None if part.candidate.is_cell else _by_arms(scene, number) or _beside(scene, number)
    return beside or claim("ExperimentalRole", "Implied", "role.tested", 0.85)


def _is_observed(scene: _Scene, number: int) -> bool:
    """Tell a study that only follows a treatment from one that tests another drug after it."""
    trial = scene.reading.trial
    observes = trial.study_type == "ObservationalStudy" or scene.reading.search(
        _OBSERVES, scene.titles()
    )
    given = {
        intervention.intervention_type
        for intervention in trial.interventions
        if intervention.intervention_type in _GIVEN_TYPES
    }
    return bool(observes) and not (given and not scene.parts[number].candidate.interventions)


def _named_comparator(scene: _Scene, number: int) -> Claim | None:
    quote = scene.reading.search(_NAMED_COMPARATOR, _names(scene.reading, scene.parts[number]))
    if quote is None:
        return None
    return claim("ComparatorRole", "Stated", "role.named-comparator", 0.85, [quote])


def _versus(scene: _Scene, number: int) -> Claim | None:
    document = scene.reading.document
    for start, end in scene.titled[number]:
        passage = document.passage_at(start)
        if _VERSUS.search(document.lower[max(passage.start, start - 50) : start]):
            evidence = [document.evidence(start, end)]
            return claim("ComparatorRole", "Stated", "role.versus", 0.85, evidence)
    return None


def _by_arms(scene: _Scene, number: int) -> Claim | None:
    """Tell the backbone, which the compared arms have too, from what the arms differ by."""
    arms, compared = scene.arms[number], scene.compared
    if not compared or not arms - compared:
        return None
    if compared <= arms:
        others = [*scene.arms, *(drug for _, drug in scene.drugs)]
        if any(other and not other & compared for other in others):
            return claim("PartnerRole", "Inferred", "role.in-all-arms", 0.85)
        return None
    if arms & compared or _has_lead_alone(scene):
        return None
    if any(part.candidate.is_cell for part in scene.parts):
        return None
    backbone = any(compared <= other and other - compared for other in scene.arms)
    if backbone or scene.titled[number]:
        return claim("ExperimentalRole", "Inferred", "role.arms-differ", 0.85)
    return None


def _has_lead_alone(scene: _Scene) -> bool:
    return scene.reading.search(_ALONE_OR_COMBINED, scene.titles()) is not None


def _beside(scene: _Scene, number: int) -> Claim | None:
    """Tell a partner of another construct, or of a drug that the titles name as the lead."""
    others = [
        other
        for other, part in enumerate(scene.parts)
        if other != number and (scene.titled[other] or part.candidate.is_cell)
    ]
    drugs = [arms for at, arms in scene.drugs if at >= 0]
    if _has_lead_alone(scene) and _is_always_added(scene, number, drugs):
        return claim("PartnerRole", "Inferred", "role.added-to-lead", 0.75)
    if not scene.titled[number]:
        if others or (drugs and not _class_in_titles(scene, number)):
            return claim("PartnerRole", "Implied", "role.not-in-title", 0.75)
        return None
    return _partner_words(scene, number, others) if others or drugs else None


def _is_always_added(scene: _Scene, number: int, drugs: Sequence[frozenset[int]]) -> bool:
    """Tell a drug that no arm gives without another tested one, beside a lead given alone."""
    leads = [arms for other, arms in enumerate(scene.arms) if other != number] + [*drugs]
    own = scene.arms[number]
    first = min((start for start, _ in scene.titled[number]), default=None)
    cue = scene.reading.search(_ALONE_OR_COMBINED, scene.titles())
    if first is not None and cue is not None and not _after_cue(scene, first):
        return False
    return bool(own) and all(any(arm in lead for lead in leads) for arm in own)


def _after_cue(scene: _Scene, at: int) -> bool:
    passage = scene.reading.document.passage_at(at)
    cue = _ALONE_OR_COMBINED.search(scene.reading.document.lower, passage.start, passage.end)
    return cue is not None and cue.start() < at


def _class_in_titles(scene: _Scene, number: int) -> bool:
    """Tell whether the titles name a drug by its antigen or class: "anti-PD-1 antibody"."""
    targets = scene.parts[number].keys
    return any(
        spot.key in targets
        for passage in scene.titles()
        for spot in scene.reading.within(passage.start, passage.end, ANTIGEN)
    ) or bool(scene.reading.search(_CLASS_WORDS, scene.titles()))


def _partner_words(scene: _Scene, number: int, others: Sequence[int]) -> Claim | None:
    """Tell a partner drug from one that is tested with the lead, by how the titles name it."""
    reading, titled = scene.reading, scene.titled[number]
    for start, end in titled:
        passage = reading.document.passage_at(start)
        before = reading.document.lower[max(passage.start, start - 90) : start]
        added = _COMBINED_WITH.search(before) or _LISTED_WITH.search(before)
        if added and not _is_tested_pair(scene, number):
            evidence = [reading.document.evidence(start, end)]
            return claim("PartnerRole", "Stated", "role.combined-with", 0.8, evidence)
    first = reading.document.passage_at(titled[0][0])
    lead = any(scene.parts[other].candidate.is_cell for other in others)
    at = titled[0][0]
    joined = _JOINED.search(reading.document.lower, first.start, at)
    if lead and at - first.start >= 5 and not (joined and joined.end() == at):
        return claim("PartnerRole", "Implied", "role.beside-cells", 0.7)
    return None


def _is_tested_pair(scene: _Scene, number: int) -> bool:
    """Tell two investigational products, the titles name both by code, that every arm gives."""
    if any(part.candidate.is_cell for part in scene.parts) or _has_lead_alone(scene):
        return False
    names = (scene.reading.document.text[start:end] for start, end in scene.titled[number])
    coded = all(any(char.isdigit() for char in name) for name in names)
    every = frozenset(range(len(scene.reading.trial.arms)))
    return coded and (not every or scene.arms[number] == every)


def _names(reading: Reading, part: Bound) -> list[Passage]:
    return [
        passage
        for number in part.candidate.interventions
        for passage in reading.passages((Zone.INTERVENTION,), number)
    ]


def _has_other(scene: _Scene) -> bool:
    kinds = {arm.arm_type for arm in scene.reading.trial.arms}
    return "ExperimentalArm" in kinds or any(not arms <= scene.compared for arms in scene.arms)


def _arms_of_part(reading: Reading, part: Bound) -> frozenset[int]:
    return frozenset(
        arm for number in part.candidate.interventions for arm in arms_of(reading, number)
    )


def arms_of(reading: Reading, number: int) -> tuple[int, ...]:
    """Return the arms of an intervention: as linked, else those whose words name it."""
    linked = reading.trial.interventions[number].arms
    if linked:
        return linked
    name = reading.trial.interventions[number].name.plain.lower()
    found = [
        passage.number
        for passage in reading.passages((Zone.ARM, Zone.ARM_TEXT))
        if passage.number is not None
        and len(name) > _SHORTEST_NAME
        and name in reading.document.lower[passage.start : passage.end]
    ]
    return tuple(dict.fromkeys(found))
