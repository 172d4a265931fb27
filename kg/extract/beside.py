"""Which of the drugs given together is tested, and which is the partner of another.

A known drug beside a lead is its partner; what a title joins as one regimen, what only some of the
experimental arms have, and what has an arm of its own is tested.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.extract.findings import Claim
from kg.extract.reading import CELL_MODALITIES, claim
from kg.extract.scene import Scene
from kg.extract.spot import ANTIGEN, MODALITY, PRODUCT

_JOINED = re.compile(r"(?:\band|,|&)\s+$")
_ADDED = re.compile(r"\+\s*$")
_COMBINED_WITH = re.compile(
    r"(?:in combination with|in association with|combined with|combination (?:therapy )?with|±|"
    r"\+/-|in addition to|added to|single agent and with|alone (?:and|or) with|on top of|"
    r"background of)\s+(?:(?!and\b|or\b)[\w-]+(?:\s*/\s*|\s+)){0,3}(?:anti-?\s?)?$"
)
_LISTED_WITH = re.compile(
    r"(?:in combination with|in association with|combined with)\s+[^.;:\n]{3,110}(?:\band|,)\s+$"
)
_WITH_OR_WITHOUT = re.compile(r"\bwith or without\s+(?:[\w-]+\s+){0,2}$")
_ALTERNATIVE = re.compile(r"\bor\b")
_ALONE_OR_COMBINED = re.compile(
    r"\b(?:mono-?therapy|single[- ]agents?|alone|doublet)\b[^.\n]{0,30}\b(?:and|or)\b"
    r"(?:[^.\n]{0,25}\bcombin\w+|\s+with\b)"
)
_FOLLOWED = re.compile(r"\bfollowed by\b")
_BRIDGING = re.compile(r"\bbridg\w+|\bbefore\b|\bprior to\b|\bpre-?treatment\b")
_CLASS_WORDS = re.compile(r"antibod|checkpoint|immunotherap|immune therap|blockade|biologic")
_VARIED = re.compile(
    r"\bcombin\w+ with (?:[\w-]+ ){0,2}?(?:investigational|targeted|novel|new|different|various|"
    r"multiple)\b"
)
_OF_MANY = re.compile(
    r"\b(?:platform|umbrella|master protocol|multi-drug|(?:novel|new|innovative|investigational) "
    r"(?:agents|drugs|therapies|regimens|combinations))\b"
)
_VERSUS = re.compile(r"\b(?:versus|vs\.?|compared (?:to|with)|against)\s+")
_REACH = 160
_NEXT = 45
_SHORTEST_LEAD = 5


def has_lead_alone(scene: Scene) -> bool:
    """Tell whether the titles name a lead drug, given alone and with others."""
    return scene.reading.search(_ALONE_OR_COMBINED, scene.titles()) is not None


def beside(scene: Scene, number: int) -> Claim | None:
    """Tell a partner of another construct, or of a drug that the titles name as the lead."""
    others = [
        other
        for other, part in enumerate(scene.parts)
        if other != number and (scene.titled[other] or part.candidate.is_cell)
    ]
    drugs = [arms for at, arms in scene.drugs if at >= 0]
    if _is_only_listed(scene, number, others):
        return None
    varied = _is_varied(scene, number)
    if varied is not None:
        return varied
    if has_lead_alone(scene) and _is_always_added(scene, number, drugs):
        return claim("PartnerRole", "Inferred", "role.added-to-lead", 0.75)
    if scene.titled[number]:
        return _partner_words(scene, number, others) if others or drugs else None
    unnamed = bool(drugs) and not _class_in_titles(scene, number)
    if _class_is_added(scene, number):
        return claim("PartnerRole", "Stated", "role.class-added", 0.75)
    if others or unnamed:
        return claim("PartnerRole", "Implied", "role.not-in-title", 0.75)
    return None


def _is_only_listed(scene: Scene, number: int, others: Sequence[int]) -> bool:
    """Tell a drug that a trial gives by plan before cells that its interventions leave out."""
    if not scene.parts[number].candidate.interventions or not _is_bridge(scene):
        return False
    cells = [other for other in others if scene.parts[other].candidate.is_cell]
    return bool(cells) and not any(scene.parts[cell].candidate.interventions for cell in cells)


def _is_bridge(scene: Scene) -> bool:
    return scene.reading.search(_BRIDGING, scene.titles()) is not None


def _is_varied(scene: Scene, number: int) -> Claim | None:
    """Tell what the experimental arms differ by: one of several agents, or of alternatives."""
    if scene.has_cells() and not _is_of_many(scene):
        return None
    if scene.titled[number]:
        if _is_with_or_without(scene, number) or _is_alternative(scene, number):
            return claim("ExperimentalRole", "Inferred", "role.arms-differ", 0.75)
        return None
    own = _has_own_arm(scene, number) and not _class_is_added(scene, number)
    if own or (_is_of_many(scene) and _is_new(scene, number)):
        return claim("ExperimentalRole", "Inferred", "role.own-arm", 0.7)
    every = frozenset(range(len(scene.reading.trial.arms)))
    several = bool(scene.arms[number]) and scene.arms[number] < every
    if several and not has_lead_alone(scene) and scene.reading.search(_VARIED, scene.titles()):
        return claim("ExperimentalRole", "Inferred", "role.one-of-several-agents", 0.7)
    return None


def _is_with_or_without(scene: Scene, number: int) -> bool:
    lower = scene.reading.document.lower
    told = list(scene.titled[number])
    told += [
        (spot.start, spot.end)
        for passage in scene.titles()
        for spot in scene.reading.within(passage.start, passage.end, ANTIGEN)
        if spot.key in scene.parts[number].targets
    ]
    return any(_WITH_OR_WITHOUT.search(lower, max(0, start - 60), start) for start, _ in told)


def _is_alternative(scene: Scene, number: int) -> bool:
    """Tell one of two that titles join by "or", each given in arms of its own."""
    own = scene.arms[number]
    if not own or has_lead_alone(scene):
        return False
    for other, arms in enumerate(scene.arms):
        if other == number or not arms or arms & own or arms & scene.compared:
            continue
        for start, end in scene.titled[number]:
            for first, last in scene.titled[other]:
                gap = scene.reading.document.lower[min(end, last) : max(start, first)]
                if len(gap) < 20 and _ALTERNATIVE.search(gap):
                    return True
    return False


def _has_own_arm(scene: Scene, number: int) -> bool:
    """Tell a construct that an experimental arm gives alone, where the titles name no drug."""
    if any(scene.titled) or any(at >= 0 for at, _ in scene.drugs):
        return False
    others = [arms for other, arms in enumerate(scene.arms) if other != number]
    others += [arms for _, arms in scene.drugs]
    trial = scene.reading.trial
    return any(
        trial.arms[arm].arm_type == "ExperimentalArm" and not any(arm in arms for arms in others)
        for arm in scene.arms[number]
    )


def _is_of_many(scene: Scene) -> bool:
    """Tell a trial whose titles name no product, but that it tests several."""
    named = any(scene.titled) or any(at >= 0 for at, _ in scene.drugs)
    return not named and scene.reading.search(_OF_MANY, scene.titles()) is not None


def _is_new(scene: Scene, number: int) -> bool:
    """Without arms to tell, take anything but a plain antibody for one of the new agents."""
    modality = scene.parts[number].candidate.modality
    return not scene.reading.trial.arms and modality != "MonoclonalAntibody"


def _is_always_added(scene: Scene, number: int, drugs: Sequence[frozenset[int]]) -> bool:
    """Tell a drug that no arm gives without another tested one, beside a lead given alone."""
    leads = [arms for other, arms in enumerate(scene.arms) if other != number] + [*drugs]
    own = scene.arms[number]
    first = min((start for start, _ in scene.titled[number]), default=None)
    cue = scene.reading.search(_ALONE_OR_COMBINED, scene.titles())
    if first is not None and cue is not None and not _after_cue(scene, first):
        return False
    return bool(own) and all(any(arm in lead for lead in leads) for arm in own)


def _after_cue(scene: Scene, at: int) -> bool:
    passage = scene.reading.document.passage_at(at)
    cue = _ALONE_OR_COMBINED.search(scene.reading.document.lower, passage.start, passage.end)
    return cue is not None and cue.start() < at


def _class_in_titles(scene: Scene, number: int) -> bool:
    """Tell whether the titles name a drug by its antigen or class: "anti-PD-1 antibody"."""
    targets = scene.parts[number].keys
    return any(
        spot.key in targets
        for passage in scene.titles()
        for spot in scene.reading.within(passage.start, passage.end, ANTIGEN)
    ) or bool(scene.reading.search(_CLASS_WORDS, scene.titles()))


def _class_is_added(scene: Scene, number: int) -> bool:
    """Tell a class that the titles name as added to a lead: "combined with anti-PD-1 therapy"."""
    lower = scene.reading.document.lower
    for passage in scene.titles():
        spots = scene.reading.within(passage.start, passage.end, ANTIGEN)
        at = [spot.start for spot in spots if spot.key in scene.parts[number].targets]
        if any(_COMBINED_WITH.search(lower, passage.start, start) for start in at):
            return True
    return False


def _partner_words(scene: Scene, number: int, others: Sequence[int]) -> Claim | None:
    """Tell a partner drug from one that is tested with the lead, by how the titles name it."""
    reading, titled = scene.reading, scene.titled[number]
    for start, end in titled:
        passage = reading.document.passage_at(start)
        before = reading.document.lower[max(passage.start, start - _REACH) : start]
        added = _COMBINED_WITH.search(before) or _is_listed_with(scene, before, start)
        if added and not _is_one_regimen(scene, number):
            evidence = [reading.document.evidence(start, end)]
            return claim("PartnerRole", "Stated", "role.combined-with", 0.8, evidence)
    first = reading.document.passage_at(titled[0][0])
    lead = any(scene.parts[other].candidate.is_cell for other in others)
    at = titled[0][0]
    joined = _JOINED.search(reading.document.lower, first.start, at)
    leads = at - first.start < _SHORTEST_LEAD or _is_first(scene, number, others)
    if not joined and not _is_marketed(scene, number):
        joined = _ADDED.search(reading.document.lower, first.start, at)
    if lead and not leads and not joined:
        return claim("PartnerRole", "Implied", "role.beside-cells", 0.7)
    return None


def _is_listed_with(scene: Scene, before: str, start: int) -> bool:
    """Tell what is added to a lead, unless the cells are too: "ASCT with BCMA CAR-T and B"."""
    listed = _LISTED_WITH.search(before)
    return listed is not None and not any(
        scene.reading.modality(spot) in CELL_MODALITIES
        for spot in scene.reading.within(start - len(before) + listed.start(), start, MODALITY)
    )


def _is_first(scene: Scene, number: int, others: Sequence[int]) -> bool:
    """Tell what titles give before the cells: a virus, a vaccine, a drug that they follow."""
    document = scene.reading.document
    _, end = scene.titled[number][0]
    cells = [start for other in others for start, _ in scene.titled[other]]
    cells += [
        spot.start
        for spot in scene.reading.within(end, document.passage_at(end - 1).end, MODALITY)
        if scene.reading.modality(spot) in CELL_MODALITIES
    ]
    if not cells or min(cells) < end:
        return False
    if scene.parts[number].candidate.modality in {"OncolyticVirus", "TherapeuticVaccine"}:
        return True
    return _FOLLOWED.search(document.lower, end, min(cells)) is not None


def _is_one_regimen(scene: Scene, number: int) -> bool:
    return (
        _is_tested_pair(scene, number)
        or _is_regimen(scene, number)
        or _is_compared_pair(scene, number)
    )


def _is_compared_pair(scene: Scene, number: int) -> bool:
    """Tell a pair that titles compare as one with another product: "A with B versus C"."""
    if scene.has_cells() or not scene.compared:
        return False
    lower = scene.reading.document.lower
    product = scene.parts[number].candidate.product
    for _, end in scene.titled[number]:
        passage = scene.reading.document.passage_at(end - 1)
        versus = _VERSUS.search(lower, end, passage.end)
        if versus is None:
            continue
        others = scene.reading.within(versus.end(), versus.end() + _NEXT, PRODUCT)
        if others and product not in {spot.key for spot in others}:
            return True
    return False


def _is_regimen(scene: Scene, number: int) -> bool:
    """Tell drugs that the first title lists with the later lead last: "A, B and lead"."""
    if scene.has_cells():
        return False
    document = scene.reading.document
    at = scene.titled[number][0][0]
    first = document.passage_at(at)
    return any(
        at < told[0][0] < first.end and len({document.passage_at(s).start for s, _ in told}) > 1
        for other, told in enumerate(scene.titled)
        if other != number and told
    )


def _is_tested_pair(scene: Scene, number: int) -> bool:
    """Tell two investigational products, the titles name both by code, that every arm gives."""
    if scene.has_cells() or has_lead_alone(scene):
        return False
    names = (scene.reading.document.text[start:end] for start, end in scene.titled[number])
    coded = [any(char.isdigit() for char in name) for name in names]
    investigational = all(coded) or (any(coded) and not _is_marketed(scene, number))
    every = frozenset(range(len(scene.reading.trial.arms)))
    return investigational and (not every or scene.arms[number] == every)


def _is_marketed(scene: Scene, number: int) -> bool:
    row = scene.reading.lexicon.products.get(scene.parts[number].candidate.product or "")
    return row is not None and any(kind == "brand" for _, kind in row.names)
