"""In which role a trial as a whole gives each construct: tested, partner, comparator, setting.

What the arms compare is asked before what the titles say: a drug of the compared groups too is the
backbone, one that only the experimental groups have is tested.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.beside import beside, has_lead_alone
from kg.extract.candidate import Bound
from kg.extract.findings import Claim
from kg.extract.pairs import STEERING
from kg.extract.reading import CELL_MODALITIES, Reading, claim
from kg.extract.scene import Scene, names_supportive, scene
from kg.extract.spot import ANTIGEN, MODALITY, PRODUCT, Spot
from kg.extract.titles import ANTI_DRUG, CAUSE
from kg.extract.zones import TITLES, Passage, Zone

_FOLLOW_UP = re.compile(
    r"long[- ]?term (?:safety )?(?:follow[- ]?up|extension)|roll-?over|"
    r"\d+[- ]years? (?:of )?follow[- ]?up|long[- ]?term [\w, -]{0,60}\boutcomes\b|"
    r"follow-up (?:study|of (?:patients|subjects|participants))"
)
_TREATED = re.compile(
    r"\b(?:(?:previously|already|been|were|who) (?:treated|infused|exposed|dosed|received)|"
    r"(?:patients|subjects|participants|children|adults|individuals) (?:who )?(?:have |had )?"
    r"(?:been )?(?:previously )?(?:treated|received|infused|exposed))\b"
)
_TREATED_REACH = 90
_OBSERVES = re.compile(r"\b(?:retrospective|observational|registry|real[- ]world)\b")
_GIVEN_TYPES = frozenset({None, "DrugIntervention", "BiologicalIntervention"})
_CAUSED = re.compile(r"\s?-?\s?(?:induced|associated|related|specific ige)\b")
_NAMED_COMPARATOR = re.compile(r"\b(?:active )?comparator\b|\bcontrol\b")
_OCCASION = re.compile(r"\b(?:after|following|post)[\s-]+(?:[\w/]+[\s-]){0,3}$")
_AND_OR_AFTER = re.compile(r"\s+and/or\s+(?!\w*(?:chemo|radio)?therap|surg|placebo)[a-z]")
_AND_OR_BEFORE = re.compile(r"[a-z]\s+and/or\s+$")
_TESTS = re.compile(r"\b(?:trial|study)\s+(?:tests|is studying|studies|evaluates|compares)\b")
_COMPARED = frozenset({"role.in-all-arms", "role.in-all-groups", "role.class-added"})
_RANDOMIZED = re.compile(
    r"\b(?:randomi[sz]\w+|allocated|assigned|randomly)\b[^.\n]{0,200}?"
    r"\b(?:with or without|with and without|\+/-|±)\s+(?:the addition of\s+)?"
)
_VERSUS = re.compile(
    r"(?:\bversus|\bvs\.?|compar(?:ed|ing|ison) (?:to|with)|\bagainst)\s+(?:[\w-]+\s+){0,3}$"
)


def construct_roles(reading: Reading, parts: Sequence[Bound]) -> list[Claim]:
    """Return the role of each construct in the trial as a whole."""
    seen = scene(reading, parts)
    roles = [_construct_role(seen, number) for number in range(len(parts))]
    tested = any(role.value in {"ExperimentalRole", "PreviouslyGivenRole"} for role in roles)
    if tested or seen.drugs:
        return roles
    only = claim("ExperimentalRole", "Implied", "role.only-treatment", 0.6)
    return [
        only if role.value == "PartnerRole" and role.rule not in _COMPARED else role
        for role in roles
    ]


def _construct_role(scene: Scene, number: int) -> Claim:
    part = scene.parts[number]
    follow_up = scene.reading.search(_FOLLOW_UP, scene.titles())
    if part.candidate.background:
        if _is_observed(scene, number) and not _is_cause(scene, number):
            return claim("PreviouslyGivenRole", "Implied", "role.observed-treatment", 0.7)
        if follow_up is None:
            return claim("BackgroundRole", "Implied", "role.population", 0.7)
    if not part.candidate.is_cell and _is_and_or(scene, number):
        return claim("ExperimentalRole", "Stated", "role.and-or", 0.8)
    if scene.arms[number] and scene.arms[number] <= scene.compared and _has_other(scene):
        return claim("ComparatorRole", "Stated", "role.comparator-arm", 0.9)
    groups = _in_all_groups(scene, number)
    if groups is not None:
        return groups
    compared = None if part.candidate.is_cell else _named_comparator(scene, number)
    compared = compared or (None if _is_in_tested_arms(scene, number) else _versus(scene, number))
    if compared is not None:
        return compared
    if follow_up is not None:
        return claim("PreviouslyGivenRole", "Stated", "role.follow-up", 0.8, [follow_up])
    if _is_followed(scene, number):
        return claim("PreviouslyGivenRole", "Implied", "role.treated-before", 0.7)
    return _by_company(scene, number) or claim("ExperimentalRole", "Implied", "role.tested", 0.85)


def _by_company(scene: Scene, number: int) -> Claim | None:
    """Judge a construct by what else the trial gives, and by what its arms compare."""
    part = scene.parts[number]
    if part.candidate.rule == STEERING:
        return None
    if not part.candidate.is_cell:
        return _by_arms(scene, number) or beside(scene, number)
    if _is_of_no_title(scene, bool(part.candidate.product)):
        return claim("BackgroundRole", "Implied", "role.not-in-title", 0.6)
    return None


def _is_of_no_title(scene: Scene, known: bool) -> bool:
    """Tell cells that are only the occasion of a study.

    The titles name another drug and no cells, or cells only as what the tested drugs come after or
    what harm they do. Cells without a known name are judged where the titles name a drug that
    mostly supports cells: its dosing is what is studied.
    """
    reading = scene.reading
    cells = [
        _OCCASION.search(reading.document.lower, passage.start, spot.start) is not None
        or CAUSE.match(reading.document.lower, spot.end) is not None
        for passage in scene.titles()
        for spot in reading.within(passage.start, passage.end, MODALITY)
        if reading.modality(spot) in CELL_MODALITIES
    ]
    if any(scene.titled) or not all(cells):
        return False
    if names_supportive(scene):
        return True
    others = any(not part.candidate.is_cell for part in scene.parts)
    return known and (any(at >= 0 for at, _ in scene.drugs) or (bool(cells) and others))


def _is_followed(scene: Scene, number: int) -> bool:
    """Tell a product that titles name as given before: "patients previously treated with X"."""
    reading, titled = scene.reading, scene.titled[number]
    for passage in scene.titles():
        for told in _TREATED.finditer(reading.document.lower, passage.start, passage.end):
            reach = min(told.end() + _TREATED_REACH, passage.end)
            if any(passage.start <= start < told.start() for start, _ in titled):
                return False
            if any(told.end() <= start < reach for start, _ in titled):
                return True
            if _is_of_kind(reading, scene.parts[number], reading.within(told.end(), reach)):
                return True
    return False


def _is_of_kind(reading: Reading, part: Bound, spots: Sequence[Spot]) -> bool:
    """Tell whether words speak of a construct by its antigens, or of cells that name no other."""
    antigens = {spot.key for spot in spots if spot.kind == ANTIGEN}
    cells = any(
        spot.kind == MODALITY and reading.modality(spot) in CELL_MODALITIES for spot in spots
    )
    if antigens:
        return bool(antigens & part.keys)
    return cells and part.candidate.is_cell


def _is_cause(scene: Scene, number: int) -> bool:
    """Tell a drug that titles name for what it does to people: "X-induced hypersensitivity"."""
    lower = scene.reading.document.lower
    told = scene.titled[number]
    if any(ANTI_DRUG.search(lower, max(0, start - 6), start) for start, _ in told):
        return True
    return bool(told) and all(_CAUSED.match(lower, end) for _, end in told)


def _is_observed(scene: Scene, number: int) -> bool:
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


def _named_comparator(scene: Scene, number: int) -> Claim | None:
    quote = scene.reading.search(_NAMED_COMPARATOR, _names(scene.reading, scene.parts[number]))
    if quote is None:
        return None
    return claim("ComparatorRole", "Stated", "role.named-comparator", 0.85, [quote])


def _versus(scene: Scene, number: int) -> Claim | None:
    document = scene.reading.document
    for start, end in scene.titled[number]:
        passage = document.passage_at(start)
        if _VERSUS.search(document.lower[max(passage.start, start - 50) : start]):
            evidence = [document.evidence(start, end)]
            return claim("ComparatorRole", "Stated", "role.versus", 0.85, evidence)
    return None


def _in_all_groups(scene: Scene, number: int) -> Claim | None:
    """Tell the backbone in words: "randomised to receive A and B with or without C"."""
    reading, part = scene.reading, scene.parts[number]
    if any(scene.reading.trial.arms) or not scene.drugs:
        return None
    for passage in reading.passages((*TITLES, Zone.SUMMARY)):
        for told in _RANDOMIZED.finditer(reading.document.lower, passage.start, passage.end):
            before = reading.within(told.start(), told.end())
            named = any(spot.key == part.candidate.product for spot in before) or any(
                spot.kind == ANTIGEN and spot.key in part.targets for spot in before
            )
            if named and _starts_drug(scene, told.end()):
                words = [reading.document.evidence(told.start(), told.end())]
                return claim("PartnerRole", "Stated", "role.in-all-groups", 0.75, words)
    return None


def _starts_drug(scene: Scene, at: int) -> bool:
    """Tell whether the name of a drug that is no construct stands at a place."""
    taken = {number for part in scene.parts for number in part.candidate.interventions}
    return any(
        scene.reading.document.lower.startswith(intervention.name.plain.lower(), at)
        for number, intervention in enumerate(scene.reading.trial.interventions)
        if number not in taken
    )


def _is_in_tested_arms(scene: Scene, number: int) -> bool:
    """Tell what only experimental arms have beside others: "A versus addition of B to A"."""
    arms = scene.reading.trial.arms
    own = [arms[arm].arm_type for arm in scene.arms[number]]
    return bool(own) and len(own) < len(arms) and set(own) == {"ExperimentalArm"}


def _by_arms(scene: Scene, number: int) -> Claim | None:
    """Tell the backbone, which the compared arms have too, from what the arms differ by."""
    arms, compared = scene.arms[number], scene.compared
    if not compared or not arms - compared:
        return None
    if compared <= arms:
        others = [*scene.arms, *(drug for _, drug in scene.drugs), *scene.added]
        if any(other and not other & compared for other in others):
            return claim("PartnerRole", "Inferred", "role.in-all-arms", 0.85)
        return None
    if arms & compared or has_lead_alone(scene):
        return None
    if scene.has_cells():
        return None
    backbone = any(compared <= other and other - compared for other in scene.arms)
    if backbone or scene.titled[number]:
        return claim("ExperimentalRole", "Inferred", "role.arms-differ", 0.85)
    return None


def _is_and_or(scene: Scene, number: int) -> bool:
    """Tell a drug that a trial tests alone and with the other: "whether A and/or B helps"."""
    reading, product = scene.reading, scene.parts[number].candidate.product
    if "and/or" not in reading.document.lower:
        return False
    for passage in (*scene.titles(), *reading.passages((Zone.SUMMARY,))):
        for spot in reading.within(passage.start, passage.end, PRODUCT):
            if spot.key != product:
                continue
            first, last = reading.document.sentence_at(spot.start, spot.end)
            lower = reading.document.lower
            joined = _AND_OR_AFTER.match(lower, spot.end) or _AND_OR_BEFORE.search(
                lower, max(first, spot.start - 12), spot.start
            )
            if joined and (passage.zone is Zone.TITLE or _TESTS.search(lower, first, last)):
                return True
    return False


def _names(reading: Reading, part: Bound) -> list[Passage]:
    return [
        passage
        for number in part.candidate.interventions
        for passage in reading.passages((Zone.INTERVENTION,), number)
    ]


def _has_other(scene: Scene) -> bool:
    kinds = {arm.arm_type for arm in scene.reading.trial.arms}
    return "ExperimentalArm" in kinds or any(not arms <= scene.compared for arms in scene.arms)
