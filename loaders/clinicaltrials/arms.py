"""Arms and interventions, linked in both directions in which the registry links them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from kg.records import Arm, Dropped, Intervention
from loaders.clinicaltrials import codes, study
from loaders.clinicaltrials.values import code, text, texts

_MODULE: Final = "/protocolSection/armsInterventionsModule"

# How the registry spells a type before a name: "Diagnostic Test: FDG-PET".
_PREFIXES: Final = {key: key.replace("_", " ").title() for key in codes.INTERVENTION_TYPE}

Listed = TypeVar("Listed", study.ArmGroup, study.Intervention)

# (position of the arm, position of the intervention), both in the source record
Links = set[tuple[int, int]]


def arms_and_interventions(
    module: study.ArmsInterventions | None, dropped: list[Dropped]
) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Return the arms and interventions, each with the positions of the others it goes with.

    A link stated from one side counts for both. A link that names nothing of the record is dropped.
    """
    module = module or study.ArmsInterventions()
    groups = _named(module.arm_groups or (), "armGroups", "label", dropped)
    given = _named(module.interventions or (), "interventions", "name", dropped)
    links = _links_of_arms(groups, given, dropped) | _links_of_interventions(groups, given, dropped)
    arm_at = {raw: place for place, raw in enumerate(groups)}
    given_at = {raw: place for place, raw in enumerate(given)}
    given_of: dict[int, list[int]] = defaultdict(list)
    arms_of: dict[int, list[int]] = defaultdict(list)
    for arm, intervention in sorted(links):
        given_of[arm].append(given_at[intervention])
        arms_of[intervention].append(arm_at[arm])
    arms = (_arm(group, raw, tuple(given_of[raw]), dropped) for raw, group in groups.items())
    interventions = (
        _intervention(each, raw, tuple(arms_of[raw]), dropped) for raw, each in given.items()
    )
    return tuple(filter(None, arms)), tuple(filter(None, interventions))


def _named(
    listed: Sequence[Listed | None], key: str, name: str, dropped: list[Dropped]
) -> dict[int, Listed]:
    """Return what has a name, by its position in the record; the rest is dropped."""
    named = {}
    for position, each in enumerate(listed):
        if each is not None and (getattr(each, name) or "").strip():
            named[position] = each
        else:
            field = f"{_MODULE}/{key}/{position}"
            dropped.append(Dropped(field=field, value="", reason=f"no {name}"))
    return named


def _links_of_arms(
    groups: Mapping[int, study.ArmGroup],
    given: Mapping[int, study.Intervention],
    dropped: list[Dropped],
) -> Links:
    """Read interventionNames: the type of the intervention and its name."""
    places = defaultdict(list)
    for position, each in given.items():
        places[_folded(f"{_PREFIXES.get(each.type or '', '')}: {each.name}")].append(position)
    links: Links = set()
    for position, group in groups.items():
        for nth, stated in enumerate(group.intervention_names or ()):
            if stated is None:
                continue
            found = places.get(_folded(stated), [])
            links |= {(position, each) for each in found}
            if not found:
                field = f"{_MODULE}/armGroups/{position}/interventionNames/{nth}"
                dropped.append(_nothing(field, stated, "intervention"))
    return links


def _links_of_interventions(
    groups: Mapping[int, study.ArmGroup],
    given: Mapping[int, study.Intervention],
    dropped: list[Dropped],
) -> Links:
    """Read armGroupLabels."""
    places = defaultdict(list)
    for position, group in groups.items():
        places[_folded(group.label or "")].append(position)
    links: Links = set()
    for position, each in given.items():
        for nth, stated in enumerate(each.arm_group_labels or ()):
            if stated is None:
                continue
            found = places.get(_folded(stated), [])
            links |= {(arm, position) for arm in found}
            if not found:
                field = f"{_MODULE}/interventions/{position}/armGroupLabels/{nth}"
                dropped.append(_nothing(field, stated, "arm"))
    return links


def _folded(name: str) -> str:
    return " ".join(name.split())


def _nothing(field: str, stated: str, what: str) -> Dropped:
    return Dropped(field=field, value=stated, reason=f"names no {what} of the record")


def _arm(
    group: study.ArmGroup, position: int, given: tuple[int, ...], dropped: list[Dropped]
) -> Arm | None:
    field = f"{_MODULE}/armGroups/{position}"
    label = text(group.label, f"{field}/label")
    if label is None:
        return None
    return Arm(
        label=label,
        arm_type=code(group.type, codes.ARM_TYPE, f"{field}/type", dropped),
        description=text(group.description, f"{field}/description"),
        interventions=given,
    )


def _intervention(
    stated: study.Intervention, position: int, arms: tuple[int, ...], dropped: list[Dropped]
) -> Intervention | None:
    field = f"{_MODULE}/interventions/{position}"
    name = text(stated.name, f"{field}/name")
    if name is None:
        return None
    return Intervention(
        name=name,
        intervention_type=code(stated.type, codes.INTERVENTION_TYPE, f"{field}/type", dropped),
        description=text(stated.description, f"{field}/description"),
        other_names=texts(stated.other_names, f"{field}/otherNames"),
        arms=arms,
    )
