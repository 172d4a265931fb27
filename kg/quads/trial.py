"""What a record says of the trial as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from kg.quads import tokens
from kg.quads.tokens import Token
from kg.quads.triples import Statement, coded, given, individual
from kg.vocab import RDF, TKG

if TYPE_CHECKING:
    from kg.records import Age, PartialDate, Trial

_TEXTS = (
    ("brief_title", TKG.briefTitle),
    ("official_title", TKG.officialTitle),
    ("acronym", TKG.acronym),
    ("brief_summary", TKG.briefSummary),
    ("detailed_description", TKG.detailedDescription),
    ("why_stopped", TKG.whyStopped),
    ("eligibility", TKG.eligibilityText),
)
_CODES = (
    ("recruitment_status", TKG.recruitmentStatus),
    ("last_known_status", TKG.lastKnownStatus),
    ("study_type", TKG.studyType),
    ("primary_purpose", TKG.primaryPurpose),
    ("allocation", TKG.allocation),
    ("intervention_model", TKG.interventionModel),
    ("observational_model", TKG.observationalModel),
    ("time_perspective", TKG.timePerspective),
    ("masking", TKG.masking),
    ("enrollment_type", TKG.enrollmentType),
    ("sex", TKG.sex),
)
_BOOLEANS = (
    ("has_results", TKG.hasResults),
    ("healthy_volunteers", TKG.healthyVolunteers),
    ("fda_regulated_drug", TKG.fdaRegulatedDrug),
    ("fda_regulated_device", TKG.fdaRegulatedDevice),
)
_DATES = (
    ("start_date", TKG.startDate, TKG.startDatePrecision, TKG.startDateType),
    (
        "primary_completion_date",
        TKG.primaryCompletionDate,
        TKG.primaryCompletionDatePrecision,
        TKG.primaryCompletionDateType,
    ),
    (
        "completion_date",
        TKG.completionDate,
        TKG.completionDatePrecision,
        TKG.completionDateType,
    ),
    ("first_submitted", TKG.firstSubmitted, TKG.firstSubmittedPrecision, TKG.firstSubmittedType),
    ("first_posted", TKG.firstPosted, TKG.firstPostedPrecision, TKG.firstPostedType),
    (
        "last_update_posted",
        TKG.lastUpdatePosted,
        TKG.lastUpdatePostedPrecision,
        TKG.lastUpdatePostedType,
    ),
    (
        "results_first_posted",
        TKG.resultsFirstPosted,
        TKG.resultsFirstPostedPrecision,
        TKG.resultsFirstPostedType,
    ),
    (
        "status_verified",
        TKG.statusVerified,
        TKG.statusVerifiedPrecision,
        TKG.statusVerifiedType,
    ),
)
_AGES = (
    ("minimum_age", TKG.minimumAge, TKG.minimumAgeYears, TKG.minimumAgeAsListed),
    ("maximum_age", TKG.maximumAge, TKG.maximumAgeYears, TKG.maximumAgeAsListed),
)


def trial_triples(trial: Trial, node: Token) -> Iterator[Statement]:
    """Yield texts, codes, numbers and dates of the trial node."""
    yield node, RDF.type, TKG.Trial
    say = partial(given, node)
    yield from say(TKG.registry, tokens.text(trial.registry))
    yield from say(TKG.registryId, tokens.text(trial.registry_id))
    yield from say(TKG.registryPage, page(trial.source_url))
    yield from _texts(trial, node)
    yield from _codes(trial, node)
    for field, predicate in _BOOLEANS:
        value = getattr(trial, field)
        if value is not None:
            yield node, predicate, tokens.boolean(value)
    if trial.enrollment is not None:
        yield node, TKG.enrollment, tokens.integer(trial.enrollment)
    for field, *dated in _DATES:
        yield from _date(getattr(trial, field), node, *dated)
    for field, *aged in _AGES:
        yield from _age(getattr(trial, field), node, *aged)
    if trial.abridged:
        yield node, TKG.abridged, tokens.boolean(True)


def page(address: str | None) -> NamedNode | None:
    """Return the address of a page as an IRI, None for what is none."""
    if not address or not address.startswith(("http://", "https://")):
        return None
    try:
        return NamedNode(address)
    except ValueError:
        return None


def _texts(trial: Trial, node: Token) -> Iterator[Statement]:
    for field, predicate in _TEXTS:
        value = getattr(trial, field)
        if value is not None:
            yield from given(node, predicate, tokens.text(value.plain))
    for keyword in trial.keywords:
        yield from given(node, TKG.keyword, tokens.text(keyword.plain))
    for former in trial.former_ids:
        yield from given(node, TKG.formerId, tokens.text(former))


def _codes(trial: Trial, node: Token) -> Iterator[Statement]:
    for field, predicate in _CODES:
        yield from given(node, predicate, coded(getattr(trial, field)))
    for phase in trial.phases:
        yield node, TKG.phase, individual(phase)
    for age in trial.standard_ages:
        yield node, TKG.standardAge, individual(age)


def _date(
    date: PartialDate | None,
    node: Token,
    predicate: NamedNode,
    precision: NamedNode,
    kind: NamedNode,
) -> Iterator[Statement]:
    if date is None:
        return
    yield node, predicate, tokens.day(date.day)
    yield node, precision, individual(date.precision)
    yield from given(node, kind, coded(date.date_type))


def _age(
    age: Age | None,
    node: Token,
    predicate: NamedNode,
    years: NamedNode,
    as_listed: NamedNode,
) -> Iterator[Statement]:
    if age is None:
        return
    yield node, predicate, tokens.duration(age.duration)
    yield node, years, tokens.decimal(age.years)
    yield from given(node, as_listed, tokens.text(age.as_listed))
