"""What is known of a trial when a version is silent: what another version says.

A file may lack a module, a list or a value that the registry has; that is no change. So two
versions are compared on what both state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from msgspec.structs import fields, replace

from kg.records import Arm, Intervention, Outcome, Site, Trial

# Of each version alone, or filled by rules of their own.
_APART: Final = frozenset(
    (
        "registry",
        "registry_id",
        "source_url",
        "abridged",
        "dropped",
        "last_update_posted",
        "arms",
        "outcomes",
        "sites",
    )
)
_FILLED: Final = tuple(field.name for field in fields(Trial) if field.name not in _APART)
_SILENT: Final = (None, ())


def filled(trial: Trial, other: Trial) -> Trial:
    """Return the trial with what it does not state taken from another version of it."""
    known: dict[str, Any] = {}
    for name in _FILLED:
        stated, elsewhere = getattr(trial, name), getattr(other, name)
        if stated in _SILENT and elsewhere not in _SILENT:
            known[name] = elsewhere
    if trial.brief_title.plain == trial.registry_id:
        known["brief_title"] = other.brief_title
    if not trial.arms and other.arms:
        given = known.get("interventions", trial.interventions)
        known["arms"] = tuple(_arm(arm, other.interventions, given) for arm in other.arms)
    outcomes = _outcomes(trial.outcomes, other.outcomes)
    sites = _sites(trial.sites, other.sites)
    known |= {"outcomes": outcomes} if outcomes != trial.outcomes else {}
    known |= {"sites": sites} if sites != trial.sites else {}
    return replace(trial, **known) if known else trial


def _arm(arm: Arm, before: Sequence[Intervention], after: Sequence[Intervention]) -> Arm:
    """Return the arm of another version with its interventions where they stand in this one."""
    place = {one.name.plain: position for position, one in enumerate(after)}
    names = (before[position].name.plain for position in arm.interventions)
    return replace(arm, interventions=tuple(place[name] for name in names if name in place))


def _outcomes(stated: tuple[Outcome, ...], other: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    kinds = {one.outcome_type for one in stated}
    return (*stated, *(one for one in other if one.outcome_type not in kinds))


def _sites(stated: tuple[Site, ...], other: tuple[Site, ...]) -> tuple[Site, ...]:
    """Return the sites, each with the status that it had where this version gives none."""
    if not stated:
        return other
    if all(site.status for site in stated):
        return stated
    known: dict[tuple[str | None, ...], list[Site]] = defaultdict(list)
    for site in (*stated, *other):
        known[_place(site)].append(site)
    return tuple(_with_status(site, known[_place(site)]) for site in stated)


def _with_status(site: Site, same: Sequence[Site]) -> Site:
    # Several of one place cannot be told apart.
    if site.status or len(same) != 2:
        return site
    return replace(site, status=same[1].status)


def _place(site: Site) -> tuple[str | None, ...]:
    return (site.country, site.state, site.city, site.facility)
