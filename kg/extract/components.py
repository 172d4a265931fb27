"""Parts of constructs that are no targets: markers, switches, armour, edits, costimulation."""

from __future__ import annotations

from collections.abc import Sequence

from kg.extract.candidate import Bound
from kg.extract.findings import Component, Evidence
from kg.extract.reading import Reading, claim
from kg.extract.roles import Role

_KINDS = {
    "MarkerMention": ("SelectionMarker", "Displays"),
    "SwitchMention": ("SafetySwitch", None),
    "ArmourMention": ("Armour", "Secretes"),
    "EditedGeneMention": ("EditedGene", "KnockedOut"),
    "CostimulationMention": ("Costimulation", None),
}

_BESIDE = 12
_FAR = 10**6


def components(
    reading: Reading, roles: Sequence[Role], part: Bound, parts: Sequence[Bound]
) -> tuple[Component, ...]:
    """Return the components that the trial's texts give one of its engineered products."""
    others = [one for one in parts if one is not part and one.candidate.is_cell]
    made: dict[tuple[str, str], tuple[Role, list[Evidence]]] = {}
    for role in roles:
        if role.role in _KINDS and not _is_of_another(reading, role, part, others):
            kind = _KINDS[role.role][0]
            name = role.antigen or role.name
            made.setdefault((kind, name), (role, []))[1].append(reading.evidence(role.spot))
    found = []
    for (kind, name), (role, evidence) in sorted(made.items()):
        row = reading.lexicon.components.get(role.name)
        action = (row.action if row else "") or _KINDS[role.role][1]
        antigen = reading.lexicon.antigens.get(role.antigen)
        label = role.name if row and not antigen else (antigen.label if antigen else name)
        found.append(
            Component(
                claim(kind, "Stated", role.rule, 0.85, evidence),
                label,
                role.antigen or None,
                action or None,
            )
        )
    return tuple(found)


def _is_of_another(reading: Reading, role: Role, part: Bound, others: Sequence[Bound]) -> bool:
    """Tell a component that stands with another product of the trial: in its clause, or beside."""
    if not others:
        return False
    own = _distance(reading, role, part)
    nearest = min((_distance(reading, role, other) for other in others), default=_FAR)
    return nearest < own and (own == _FAR or nearest <= _BESIDE < own)


def _distance(reading: Reading, role: Role, part: Bound) -> int:
    """Return how far from a component, in signs, its clause names a product or what it binds."""
    first, last = _clause(reading, role)
    keys = {spot.key for spots in part.targets.values() for spot in spots}
    named = [spot for spot in part.candidate.names if first <= spot.start < last]
    named += [spot for spot in reading.within(first, last) if spot.key in keys]
    gaps = [max(spot.start - role.spot.end, role.spot.start - spot.end) for spot in named]
    return min((max(0, gap) for gap in gaps), default=_FAR)


def _clause(reading: Reading, role: Role) -> tuple[int, int]:
    first, last = reading.document.sentence_at(role.spot.start, role.spot.end)
    text = reading.document.text
    after = text.find(";", role.spot.end, last)
    return max(first, text.rfind(";", first, role.spot.start) + 1), after if after > 0 else last
