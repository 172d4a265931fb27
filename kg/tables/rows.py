"""What of one record is searched and counted: a row of a trial with its constructs and sites.

A pure function of a record and of what extraction found in it; the same facts as in the record's
graph, without the evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import msgspec

from kg.extract.findings import Claim, Construct, Extraction, Place
from kg.quads.names import Names, Part
from kg.quads.site import is_open, site_status
from kg.records import PartialDate, Trial
from kg.tables.wording import folded

# Raised whenever a row is made in another way.
RELEASE = "2"

_EXPERIMENTAL = "ExperimentalRole"


class ConstructRow(msgspec.Struct, frozen=True, array_like=True):
    """A construct that a trial investigates; `key` names it below its trial."""

    key: str
    label: str
    modality: str
    effector_cell: str
    cell_source: str
    donor: str
    preparation: str | None
    target_logic: str
    target_disclosure: str
    product: str | None
    targets: tuple[str, ...]
    hla: tuple[str, ...]
    codes: tuple[str, ...]


class SiteRow(msgspec.Struct, frozen=True, array_like=True):
    """A site; `city` is its country and key ("cn/beijing"), `facility` has its own key behind."""

    key: str
    country: str | None
    city: str | None
    facility: str | None
    status: str | None
    open: bool
    latitude: float | None
    longitude: float | None


class TrialRow(msgspec.Struct, frozen=True, array_like=True):
    """A trial; codes are local names of individuals, concepts CURIEs, organisations keys.

    `words` holds in lower case what a search for words looks at: one line for each text.
    """

    registry: str
    registry_id: str
    title: str
    words: str
    status: str | None
    study_type: str | None
    phases: tuple[str, ...]
    sponsor: str | None
    sponsor_class: str | None
    start: dt.date | None
    completion: dt.date | None
    updated: dt.date | None
    enrollment: int | None
    sex: str | None
    ages: tuple[str, ...]
    minimum_age: float | None
    maximum_age: float | None
    has_results: bool | None
    abridged: bool
    design: tuple[str, ...]
    flags: tuple[str, ...]
    concepts: tuple[str, ...]
    constructs: tuple[ConstructRow, ...]
    sites: tuple[SiteRow, ...]


def trial_row(trial: Trial, extraction: Extraction, names: Names) -> TrialRow:
    """Return what is searched and counted of a trial whose parts have these names."""
    sponsor = trial.lead_sponsor
    organizations = extraction.organizations
    return TrialRow(
        registry=trial.registry,
        registry_id=trial.registry_id,
        title=trial.brief_title.plain,
        words="\n".join(dict.fromkeys(_words(trial))),
        status=trial.recruitment_status,
        study_type=trial.study_type,
        phases=trial.phases,
        sponsor=organizations[0] if sponsor and organizations else None,
        sponsor_class=sponsor.sponsor_class if sponsor else None,
        start=_day(trial.start_date),
        completion=_day(trial.completion_date),
        updated=_day(trial.last_update_posted),
        enrollment=trial.enrollment,
        sex=trial.sex,
        ages=trial.standard_ages,
        minimum_age=float(trial.minimum_age.years) if trial.minimum_age else None,
        maximum_age=float(trial.maximum_age.years) if trial.maximum_age else None,
        has_results=trial.has_results,
        abridged=trial.abridged,
        design=tuple(sorted({claim.value for claim in extraction.design_features})),
        flags=tuple(claim.value for claim in extraction.record_flags),
        concepts=tuple(sorted({one.concept.value for one in extraction.conditions if one.concept})),
        constructs=tuple(_constructs(extraction, names.constructs)),
        sites=tuple(_sites(trial, extraction, names.sites)),
    )


def _words(trial: Trial) -> Iterator[str]:
    """Yield what a search for words looks at: id, titles, keywords, conditions, interventions."""
    yield folded(trial.registry_id)
    named = (trial.brief_title, trial.official_title, trial.acronym)
    listed = (*trial.keywords, *trial.conditions, *(one.name for one in trial.interventions))
    for text in (*named, *listed):
        if text is not None:
            yield folded(" ".join(text.plain.split()))


def _constructs(extraction: Extraction, names: tuple[Part, ...]) -> Iterator[ConstructRow]:
    investigated = {use.construct for use in extraction.uses if use.role.value == _EXPERIMENTAL}
    for position, (construct, part) in enumerate(zip(extraction.constructs, names, strict=True)):
        if position in investigated:
            yield _construct(part.key, construct)


def _construct(key: str, construct: Construct) -> ConstructRow:
    return ConstructRow(
        key=key,
        label=construct.label,
        modality=construct.modality.value,
        effector_cell=construct.effector_cell.value,
        cell_source=construct.cell_source.value,
        donor=construct.donor.value,
        preparation=_value(construct.preparation),
        target_logic=construct.target_logic.value,
        target_disclosure=construct.target_disclosure.value,
        product=_value(construct.product),
        targets=tuple(sorted({claim.value for claim in construct.targets})),
        hla=tuple(sorted({claim.value for claim in construct.hla_restriction})),
        codes=construct.code_names,
    )


def _sites(trial: Trial, extraction: Extraction, names: tuple[Part, ...]) -> Iterator[SiteRow]:
    places = {place.position: place for place in extraction.places}
    for position, (site, part) in enumerate(zip(trial.sites, names, strict=True)):
        country, city, facility = _place(places.get(position))
        yield SiteRow(
            key=part.key,
            country=country,
            city=city,
            facility=facility,
            status=site_status(trial, site)[0],
            open=is_open(trial, site),
            latitude=site.latitude,
            longitude=site.longitude,
        )


def _place(place: Place | None) -> tuple[str | None, str | None, str | None]:
    if place is None or place.country is None:
        return None, None, None
    if place.city is None:
        return place.country, None, None
    city = f"{place.country.lower()}/{place.city}"
    return place.country, city, f"{city}/{place.facility}" if place.facility else None


def _value(claim: Claim | None) -> str | None:
    return None if claim is None else claim.value


def _day(date: PartialDate | None) -> dt.date | None:
    return None if date is None else date.day
