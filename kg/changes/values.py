"""Changes of what a trial has one of: status, dates, numbers, titles, texts, phases, sponsors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from kg.changes.side import Change, Side
from kg.changes.wording import differing, folded
from kg.quads import literals
from kg.quads.triples import Term, coded, individual
from kg.records import PartialDate, Sponsor, Text, Trial
from kg.vocab import TKG

Read = Callable[[Trial], Term | None]


def _code(field: str) -> Read:
    return lambda trial: coded(getattr(trial, field))


def _number(field: str) -> Read:
    def read(trial: Trial) -> Term | None:
        value = getattr(trial, field)
        return None if value is None else literals.integer(value)

    return read


def _boolean(field: str) -> Read:
    def read(trial: Trial) -> Term | None:
        value = getattr(trial, field)
        return None if value is None else literals.boolean(value)

    return read


def _age(field: str) -> Read:
    def read(trial: Trial) -> Term | None:
        value = getattr(trial, field)
        return None if value is None else literals.duration(value.duration)

    return read


def _of_date(field: str, part: Callable[[PartialDate], Term | None]) -> Read:
    def read(trial: Trial) -> Term | None:
        value = getattr(trial, field)
        return None if value is None else part(value)

    return read


def _dated(field: str, *terms: NamedNode) -> tuple[tuple[NamedNode, Read], ...]:
    day, kind, precision = terms
    return (
        (day, _of_date(field, lambda date: literals.day(date.day))),
        (kind, _of_date(field, lambda date: coded(date.date_type))),
        (precision, _of_date(field, lambda date: individual(date.precision))),
    )


# Of each row the first property that differs makes the event: a date that moves to the day becomes
# actual by it, and that is one change.
_SINGLE: Final[tuple[tuple[str, tuple[tuple[NamedNode, Read], ...]], ...]] = (
    ("StatusChanged", ((TKG.recruitmentStatus, _code("recruitment_status")),)),
    (
        "DateChanged",
        _dated("start_date", TKG.startDate, TKG.startDateType, TKG.startDatePrecision),
    ),
    (
        "DateChanged",
        _dated(
            "primary_completion_date",
            TKG.primaryCompletionDate,
            TKG.primaryCompletionDateType,
            TKG.primaryCompletionDatePrecision,
        ),
    ),
    (
        "DateChanged",
        _dated(
            "completion_date",
            TKG.completionDate,
            TKG.completionDateType,
            TKG.completionDatePrecision,
        ),
    ),
    (
        "EnrollmentChanged",
        (
            (TKG.enrollment, _number("enrollment")),
            (TKG.enrollmentType, _code("enrollment_type")),
        ),
    ),
    ("EligibilityChanged", ((TKG.minimumAge, _age("minimum_age")),)),
    ("EligibilityChanged", ((TKG.maximumAge, _age("maximum_age")),)),
    ("EligibilityChanged", ((TKG.sex, _code("sex")),)),
    ("EligibilityChanged", ((TKG.healthyVolunteers, _boolean("healthy_volunteers")),)),
)
_TEXTS: Final[tuple[tuple[str, NamedNode, str, bool], ...]] = (
    ("TitleChanged", TKG.briefTitle, "brief_title", True),
    ("TitleChanged", TKG.officialTitle, "official_title", True),
    ("TitleChanged", TKG.acronym, "acronym", True),
    ("SummaryChanged", TKG.briefSummary, "brief_summary", False),
    ("SummaryChanged", TKG.detailedDescription, "detailed_description", False),
    ("EligibilityChanged", TKG.eligibilityText, "eligibility", False),
)


def value_changes(earlier: Side, later: Side) -> Iterator[Change]:
    """Yield the changes of the trial as a whole."""
    before, after, node = earlier.trial, later.trial, later.names.trial
    for change_type, properties in _SINGLE:
        yield from _single(change_type, properties, before, after, node)
    for change_type, name, field, whole in _TEXTS:
        pair = (getattr(before, field), getattr(after, field))
        yield from text_change(change_type, name, pair, node, whole=whole)
    phases = [{individual(phase) for phase in trial.phases} for trial in (before, after)]
    yield from set_changes("PhaseChanged", TKG.phase, phases, node)
    yield from _sponsors(before, after, node)
    if before.has_results is False and after.has_results:
        yield Change(change_type="ResultsPosted", subject=node)


def text_change(
    change_type: str,
    name: NamedNode,
    pair: tuple[Text | None, Text | None],
    subject: NamedNode,
    *,
    whole: bool = False,
    about: tuple[tuple[NamedNode, Term], ...] = (),
) -> Iterator[Change]:
    """Yield the change of a text, `whole` or only the sentences that differ."""
    before, after = (text.plain if text else "" for text in pair)
    if not before or not after or folded(before) == folded(after):
        return
    told = (folded(before), folded(after)) if whole else differing(before, after)
    yield Change(
        change_type=change_type,
        subject=subject,
        property=name,
        before=literals.text(told[0]),
        after=literals.text(told[1]),
        about=about,
    )


def set_changes(
    change_type: str,
    name: NamedNode,
    pair: Sequence[Iterable[Term]],
    subject: NamedNode,
    about: tuple[tuple[NamedNode, Term], ...] = (),
) -> Iterator[Change]:
    """Yield one change for each value that left and each that came, one for both where it is one.

    A list that one of the versions does not give is unknown.
    """
    before, after = (set(values) for values in pair)
    if not before or not after:
        return
    gone, new = sorted(before - after, key=str), sorted(after - before, key=str)
    swaps: list[tuple[Term | None, Term | None]] = (
        [(gone[0], new[0])]
        if len(gone) == len(new) == 1
        else [*((one, None) for one in gone), *((None, one) for one in new)]
    )
    for old, now in swaps:
        yield Change(
            change_type=change_type,
            subject=subject,
            property=name,
            before=old,
            after=now,
            about=about,
        )


def _single(
    change_type: str,
    properties: tuple[tuple[NamedNode, Read], ...],
    before: Trial,
    after: Trial,
    node: NamedNode,
) -> Iterator[Change]:
    for name, read in properties:
        old, new = read(before), read(after)
        if old is not None and new is not None and old != new:
            yield Change(
                change_type=change_type, subject=node, property=name, before=old, after=new
            )
            return


def _sponsors(before: Trial, after: Trial, node: NamedNode) -> Iterator[Change]:
    leads = [[_sponsor(one.lead_sponsor)] if one.lead_sponsor else [] for one in (before, after)]
    yield from set_changes("SponsorChanged", TKG.leadSponsor, leads, node)
    others = [[_sponsor(one) for one in trial.collaborators] for trial in (before, after)]
    yield from set_changes("SponsorChanged", TKG.collaborator, others, node)


def _sponsor(sponsor: Sponsor) -> Term:
    named = None if sponsor.person else literals.text(folded(sponsor.name))
    return named or TKG.IndividualSponsorRole
