"""The texts that can speak of one construct: all but those of other interventions and arms."""

from __future__ import annotations

from collections.abc import Iterable

from kg.extract.candidate import Candidate
from kg.extract.reading import Reading
from kg.extract.scene import arms_of
from kg.extract.zones import Passage, Zone

_OF_INTERVENTION = frozenset({Zone.INTERVENTION, Zone.OTHER_NAME, Zone.INTERVENTION_TEXT})
_OF_ARM = frozenset({Zone.ARM, Zone.ARM_TEXT})


def own_passages(reading: Reading, candidate: Candidate, zones: Iterable[Zone]) -> list[Passage]:
    """Return the passages of some zones without those of interventions and arms of others.

    Where a construct is not linked to interventions, or they to no arm, nothing is left out.
    """
    return only_own(reading, candidate, reading.passages(zones))


def only_own(reading: Reading, candidate: Candidate, passages: Iterable[Passage]) -> list[Passage]:
    """Leave out the passages of interventions and arms of others."""
    interventions = frozenset(candidate.interventions)
    arms = frozenset(arm for number in interventions for arm in arms_of(reading, number))
    return [
        passage
        for passage in passages
        if _is_own(passage, _OF_INTERVENTION, interventions) and _is_own(passage, _OF_ARM, arms)
    ]


def _is_own(passage: Passage, zones: frozenset[Zone], numbers: frozenset[int]) -> bool:
    return passage.zone not in zones or not numbers or passage.number in numbers
