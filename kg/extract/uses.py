"""What is given in which arm and in which role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.extract.candidate import Bound
from kg.extract.delivery import schedule
from kg.extract.findings import Claim, Use
from kg.extract.reading import Reading, claim
from kg.extract.scene import COMPARATORS, arms_of
from kg.extract.sought import sought
from kg.extract.spot import AGENT, Spot
from kg.extract.zones import Passage, Zone

_NAMES = (Zone.INTERVENTION, Zone.OTHER_NAME)
_TOLD = (*_NAMES, Zone.INTERVENTION_TEXT)
_DOSE = re.compile(
    r"\d(?<!\w\d)[\d.,]*\s*(?:[x×*]\s*10\^?\s*\d+|e\d+|mg/kg|mg/m\^?2|mg|g\b|μg|mcg|iu|gy|"
    r"ml)(?:\s*(?:car\+?\s*)?(?:t\s*)?cells?)?(?:\s*/\s*kg)?"
)
_ROUTES = (
    ("intravenous", sought(r"\bintravenous\w*|\biv\b|\bi\.v\.", "intraven", "iv", "i.v.")),
    ("subcutaneous", sought(r"\bsubcutaneous\w*|\bsc\b|\bs\.c\.", "subcut", "sc", "s.c.")),
    ("intraperitoneal", sought(r"\bintraperitoneal\w*|\bip\b", "intraper", "ip")),
    ("intrathecal", sought(r"\bintrathecal\w*", "intrathecal")),
    ("intratumoral", sought(r"\bintra-?tumou?ral\w*", "tumoral", "tumoural")),
    ("intraventricular", sought(r"\bintra(?:cerebro)?ventricular\w*|ommaya", "ventric", "ommaya")),
    (
        "oral",
        sought(
            r"\boral(?:ly)?\b|\bby mouth\b|\btablets?\b|\bpo\b", "oral", "mouth", "tablet", "po"
        ),
    ),
    ("inhaled", sought(r"\binhal\w+", "inhal")),
    ("intramuscular", sought(r"\bintramuscular\w*", "intramus")),
)


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
            linked = arms_of(reading, intervention)
        arms: tuple[int | None, ...] = linked or (_only_arm(reading),)
        given = _given(reading, intervention)
        for arm in arms:
            yield _use(role, arm, intervention, number, given)


def _only_arm(reading: Reading) -> int | None:
    return 0 if len(reading.trial.arms) == 1 else None


def _of_intervention(reading: Reading, number: int, cells: bool) -> Iterator[Use]:
    arms: tuple[int | None, ...] = arms_of(reading, number) or (_only_arm(reading),)
    given = _given(reading, number)
    for arm in arms:
        yield _use(_drug_role(reading, number, arm, cells), arm, number, None, given)


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
        if cells and arm_type not in COMPARATORS:
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


class _Given(NamedTuple):
    """How an intervention is given, in all its arms."""

    dose: str | None = None
    route: str | None = None
    schedule: str | None = None


def _given(reading: Reading, intervention: int | None) -> _Given:
    if intervention is None:
        return _Given()
    told = reading.passages(_TOLD, intervention)
    return _Given(*_dosing(reading, told), schedule(reading, told))


def _use(
    role: Claim, arm: int | None, intervention: int | None, construct: int | None, given: _Given
) -> Use:
    return Use(
        role=role,
        arm=arm,
        intervention=intervention,
        construct=construct,
        dose_text=given.dose,
        route=given.route,
        schedule=given.schedule,
    )


def _dosing(reading: Reading, passages: Iterable[Passage]) -> tuple[str | None, str | None]:
    dose = route = None
    for passage in passages:
        match = _DOSE.search(reading.document.lower, passage.start, passage.end)
        if match and dose is None:
            dose = reading.document.text[match.start() : match.end()].strip()
        for name, pattern in _ROUTES:
            if route is not None:
                break
            if pattern.search(reading.document.lower, passage.start, passage.end):
                route = name
    return dose, route
