"""What is given in which arm and in which role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kg.extract.candidate import Bound
from kg.extract.findings import Claim, Use
from kg.extract.reading import Reading, claim
from kg.extract.spot import AGENT, PRODUCT, Spot
from kg.extract.zones import Passage, Zone

_NAMES = (Zone.INTERVENTION, Zone.OTHER_NAME)
_COMPARATORS = {
    "ActiveComparatorArm",
    "PlaceboComparatorArm",
    "ShamComparatorArm",
    "NoInterventionArm",
}
_FOLLOW_UP = re.compile(
    r"long[- ]?term follow[- ]?up|previously (?:treated|received|infused|exposed)|rollover|"
    r"follow-up (?:study|of (?:patients|subjects|participants))|"
    r"(?:patients|subjects|participants) (?:who )?(?:previously |have )?(?:treated|"
    r"received) (?:with )?"
)
_SHORTEST_NAME = 3
_DOSE = re.compile(
    r"\b\d[\d.,]*\s*(?:[x×*]\s*10\^?\s*\d+|e\d+|mg/kg|mg/m\^?2|mg|g\b|μg|mcg|iu|gy|"
    r"ml)(?:\s*(?:car\+?\s*)?(?:t\s*)?cells?)?(?:\s*/\s*kg)?"
)
_ROUTES = (
    ("intravenous", re.compile(r"\bintravenous\w*|\biv\b|\bi\.v\.")),
    ("subcutaneous", re.compile(r"\bsubcutaneous\w*|\bsc\b|\bs\.c\.")),
    ("intraperitoneal", re.compile(r"\bintraperitoneal\w*|\bip\b")),
    ("intrathecal", re.compile(r"\bintrathecal\w*")),
    ("intratumoral", re.compile(r"\bintra-?tumou?ral\w*")),
    ("intraventricular", re.compile(r"\bintra(?:cerebro)?ventricular\w*|ommaya")),
    ("oral", re.compile(r"\boral(?:ly)?\b|\bby mouth\b|\btablets?\b|\bpo\b")),
    ("inhaled", re.compile(r"\binhal\w+")),
    ("intramuscular", re.compile(r"\bintramuscular\w*")),
)
_NAMED_COMPARATOR = re.compile(r"\b(?:active )?comparator\b|\bcontrol\b")
_VERSUS = re.compile(
    r"(?:\bversus|\bvs\.?|compar(?:ed|ing|ison) (?:to|with)|\bagainst)\s+(?:[\w-]+\s+){0,3}$"
)
_JOINED = re.compile(r"(?:\band|,|&)\s+$")
_COMBINED_WITH = re.compile(
    r"(?:in combination with|combined with|±|\+/-|in addition to|added to|"
    r"on top of|"
    r"background of)\s+(?:(?!and\b|or\b)\w+\s+){0,3}$"
)


def construct_roles(reading: Reading, parts: Sequence[Bound]) -> list[Claim]:
    """Return the role of each construct in the trial as a whole."""
    titled = [_title_spots(reading, part) for part in parts]
    return [_construct_role(reading, number, parts, titled) for number in range(len(parts))]


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


def _construct_role(
    reading: Reading,
    number: int,
    parts: Sequence[Bound],
    titled: Sequence[list[tuple[int, int]]],
) -> Claim:
    part = parts[number]
    if part.candidate.background:
        if reading.trial.study_type == "ObservationalStudy":
            return claim("PreviouslyGivenRole", "Implied", "role.observed-treatment", 0.7)
        if not reading.search(_FOLLOW_UP, reading.passages((Zone.TITLE,))):
            return claim("BackgroundRole", "Implied", "role.population", 0.7)
    types = _arm_types(reading, part)
    if types and types <= _COMPARATORS and _has_other(reading, parts):
        return claim("ComparatorRole", "Stated", "role.comparator-arm", 0.9)
    quote = reading.search(_NAMED_COMPARATOR, _name_passages(reading, part))
    if quote is not None and not part.candidate.is_cell:
        return claim("ComparatorRole", "Stated", "role.named-comparator", 0.85, [quote])
    for start, end in titled[number]:
        passage = reading.document.passage_at(start)
        if _VERSUS.search(reading.document.lower[max(passage.start, start - 50) : start]):
            evidence = [reading.document.evidence(start, end)]
            return claim("ComparatorRole", "Stated", "role.versus", 0.85, evidence)
    follow_up = reading.search(_FOLLOW_UP, reading.passages((Zone.TITLE,)))
    if follow_up is not None:
        return claim("PreviouslyGivenRole", "Stated", "role.follow-up", 0.8, [follow_up])
    others = [
        other
        for other in range(len(parts))
        if other != number and (titled[other] or parts[other].candidate.is_cell)
    ]
    if others and not part.candidate.is_cell:
        partner = _partner_words(reading, titled[number], parts, others)
        if partner is not None:
            return partner
    return claim("ExperimentalRole", "Implied", "role.tested", 0.85)


def _partner_words(
    reading: Reading,
    titled: Sequence[tuple[int, int]],
    parts: Sequence[Bound],
    others: Sequence[int],
) -> Claim | None:
    """Tell a partner drug from one that is tested with the lead, by how the titles name it."""
    if not titled:
        return claim("PartnerRole", "Implied", "role.not-in-title", 0.75)
    for start, end in titled:
        before = reading.document.lower[
            max(reading.document.passage_at(start).start, start - 60) : start
        ]
        if _COMBINED_WITH.search(before):
            evidence = [reading.document.evidence(start, end)]
            return claim("PartnerRole", "Stated", "role.combined-with", 0.8, evidence)
    first = reading.document.passage_at(titled[0][0])
    lead = any(parts[other].candidate.is_cell for other in others)
    at = titled[0][0]
    joined = _JOINED.search(reading.document.lower, first.start, at)
    if lead and at - first.start >= 5 and not (joined and joined.end() == at):
        return claim("PartnerRole", "Implied", "role.beside-cells", 0.7)
    return None


def _name_passages(reading: Reading, part: Bound) -> list[Passage]:
    return [
        passage
        for number in part.candidate.interventions
        for passage in reading.passages((Zone.INTERVENTION,), number)
    ]


def _has_other(reading: Reading, parts: Sequence[Bound]) -> bool:
    kinds = {arm.arm_type for arm in reading.trial.arms}
    return "ExperimentalArm" in kinds or any(
        not (_arm_types(reading, part) <= _COMPARATORS) for part in parts
    )


def _arm_types(reading: Reading, part: Bound) -> frozenset[str]:
    arms = {arm for number in part.candidate.interventions for arm in _arms_of(reading, number)}
    return frozenset(reading.trial.arms[arm].arm_type or "" for arm in arms)


def _arms_of(reading: Reading, number: int) -> tuple[int, ...]:
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


def uses(reading: Reading, parts: Sequence[Bound], roles: Sequence[Claim]) -> tuple[Use, ...]:
    """Return every use: constructs in their arms, then all other interventions."""
    made: list[Use] = []
    taken: set[int] = set()
    for number, part in enumerate(parts):
        taken.update(part.candidate.interventions)
        made.extend(_of_construct(reading, number, part, roles[number]))
    cells = any(part.candidate.is_cell for part in parts)
    for number in range(len(reading.trial.interventions)):
        if number not in taken:
            made.extend(_of_intervention(reading, number, cells))
    return tuple(made)


def _of_construct(reading: Reading, number: int, part: Bound, role: Claim) -> Iterator[Use]:
    for intervention in part.candidate.interventions or (None,):
        linked = part.candidate.arms
        if not linked and intervention is not None:
            linked = _arms_of(reading, intervention)
        arms: tuple[int | None, ...] = linked or (_only_arm(reading),)
        for arm in arms:
            yield _use(reading, role, arm, intervention, number)


def _only_arm(reading: Reading) -> int | None:
    return 0 if len(reading.trial.arms) == 1 else None


def _of_intervention(reading: Reading, number: int, cells: bool) -> Iterator[Use]:
    arms: tuple[int | None, ...] = _arms_of(reading, number) or (_only_arm(reading),)
    for arm in arms:
        yield _use(reading, _drug_role(reading, number, arm, cells), arm, number, None)


def _drug_role(reading: Reading, number: int, arm: int | None, cells: bool) -> Claim:
    spot = _agent(reading, number)
    kind = reading.trial.interventions[number].intervention_type or ""
    arm_type = reading.trial.arms[arm].arm_type if arm is not None else None
    if spot is not None:
        row = reading.lexicon.agents[spot.key]
        evidence = [reading.evidence(spot)]
        sources = [f"therapy_agents/{row.name}"]
        if row.role in {"PlaceboRole", "DiagnosticRole"} or (cells and row.role != "PartnerRole"):
            return claim(row.role, "FromLexicon", "role.agent", 0.9, evidence, sources)
        if cells and arm_type not in _COMPARATORS:
            return claim(row.role, "FromLexicon", "role.agent", 0.8, evidence, sources)
    if kind == "DiagnosticTestIntervention":
        return claim("DiagnosticRole", "Stated", "role.intervention-type", 0.9)
    return _by_arm(arm_type, cells)


def _by_arm(arm_type: str | None, cells: bool) -> Claim:
    if arm_type == "ActiveComparatorArm":
        return claim("ComparatorRole", "Stated", "role.arm-type", 0.85)
    if arm_type in {"PlaceboComparatorArm", "ShamComparatorArm"}:
        return claim("PlaceboRole", "Stated", "role.arm-type", 0.7)
    if arm_type == "ExperimentalArm":
        if cells:
            return claim("PartnerRole", "Implied", "role.drug-beside-cells", 0.6)
        return claim("ExperimentalRole", "Stated", "role.arm-type", 0.85)
    return claim("UndeterminedRole", "Inferred", "role.silent", 1.0)


def _agent(reading: Reading, number: int) -> Spot | None:
    for passage in reading.passages(_NAMES, number):
        for spot in reading.within(passage.start, passage.end, AGENT):
            return spot
    return None


def _use(
    reading: Reading, role: Claim, arm: int | None, intervention: int | None, construct: int | None
) -> Use:
    dose, route = (None, None) if intervention is None else _dosing(reading, intervention)
    return Use(
        role=role,
        arm=arm,
        intervention=intervention,
        construct=construct,
        dose_text=dose,
        route=route,
    )


def _dosing(reading: Reading, number: int) -> tuple[str | None, str | None]:
    dose = route = None
    for passage in reading.passages((*_NAMES, Zone.INTERVENTION_TEXT), number):
        match = _DOSE.search(reading.document.lower, passage.start, passage.end)
        if match and dose is None:
            dose = reading.document.text[match.start() : match.end()].strip()
        for name, pattern in _ROUTES:
            if route is None and pattern.search(reading.document.lower, passage.start, passage.end):
                route = name
    return dose, route
