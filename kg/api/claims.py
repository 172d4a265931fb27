"""What other sources say of a trial, fact by fact beside the registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kg.query.trial import OtherRecord, Trial, as_precise
from kg.records import Record

# Facts that are days -> the dates of a trial.
_DATES: Final = {"start": "startDate", "completion": "completionDate"}


class Compared(Record, frozen=True):
    """A fact in another source; `registry` is empty where there is nothing to compare."""

    about: str
    claimed: tuple[str, ...]
    registry: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Tell whether the registry says something, and says otherwise."""
        if not self.registry:
            return False
        claimed, registry = self.claimed, self.registry
        if self.about in _DATES:
            # Who gives a month says nothing of the day.
            exact = min(map(len, (*claimed, *registry)))
            claimed, registry = (tuple(day[:exact] for day in days) for days in (claimed, registry))
        return set(map(_plain, claimed)) != set(map(_plain, registry))


def compared(trial: Trial, other: OtherRecord) -> list[Compared]:
    """Return the facts of another source, those first in which it differs from the registry.

    Nothing is compared with the copy that stands in for the registry's record.
    """
    here = {} if other.source == trial.copied_from else _registry(trial)
    by_fact: dict[str, list[str]] = {}
    for claim in other.claims:
        by_fact.setdefault(claim.about, []).append(claim.value)
    found = [Compared(about, tuple(said), here.get(about, ())) for about, said in by_fact.items()]
    return sorted(found, key=lambda one: not one.differs)


def _registry(trial: Trial) -> dict[str, tuple[str, ...]]:
    return {about: tuple(dict.fromkeys(values)) for about, values in _facts(trial) if values}


def _facts(trial: Trial) -> Iterator[tuple[str, list[str]]]:
    yield "title", [one for one in (trial.brief_title,) if one]
    yield "status", [one.label for one in (trial.recruitment_status,) if one]
    yield "phase", [one.label for one in trial.phases]
    yield "enrolment", [] if trial.enrollment is None else [str(trial.enrollment)]
    yield "sponsor", [one.label for one in trial.lead_sponsor]
    yield "condition", [one.as_listed for one in trial.conditions]
    yield "intervention", [one.as_listed for one in trial.interventions]
    yield "country", [one.country.label for one in trial.sites if one.country]
    for about, name in _DATES.items():
        if name in trial.dates:
            date = trial.dates[name]
            yield about, [as_precise(date.day.isoformat(), date.precision)]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
