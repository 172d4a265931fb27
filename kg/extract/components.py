"""Parts of constructs that are no targets: markers, switches, armour, edits, costimulation."""

from __future__ import annotations

from collections.abc import Sequence

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


def components(reading: Reading, roles: Sequence[Role]) -> tuple[Component, ...]:
    """Return the components that the trial's texts give its engineered product."""
    made: dict[tuple[str, str], tuple[Role, list[Evidence]]] = {}
    for role in roles:
        if role.role in _KINDS:
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
