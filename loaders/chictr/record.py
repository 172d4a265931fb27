"""The fields of a record page that are read; "_cn" marks the Chinese words of a field."""

from __future__ import annotations

import msgspec

from loaders.contents import Part


class Hospital(Part, frozen=True):
    """A further sponsor."""

    name: str | None = None
    name_cn: str | None = None


class Group(Part, frozen=True):
    """An arm and what is given in it."""

    group: str | None = None
    group_cn: str | None = None
    size: str | None = None
    given: str | None = None
    given_cn: str | None = None


class Place(Part, frozen=True):
    """A site."""

    country: str | None = None
    country_cn: str | None = None
    province: str | None = None
    province_cn: str | None = None
    city: str | None = None
    city_cn: str | None = None
    hospital: str | None = None
    hospital_cn: str | None = None


class Measure(Part, frozen=True):
    """What is measured."""

    name: str | None = None
    name_cn: str | None = None
    kind: str | None = None
    when: str | None = None
    when_cn: str | None = None
    how: str | None = None
    how_cn: str | None = None


class Page(Part, frozen=True):
    """A record page; `trialkgAbridged` is ours, on the bundled examples only."""

    number: str | None = None
    pid: str | None = None
    updated: str | None = None
    registered: str | None = None
    title: str | None = None
    title_cn: str | None = None
    acronym: str | None = None
    scientific_title: str | None = None
    scientific_title_cn: str | None = None
    subject_id: str | None = None
    other_number: str | None = None
    sponsor: str | None = None
    sponsor_cn: str | None = None
    funding: str | None = None
    funding_cn: str | None = None
    disease: str | None = None
    disease_cn: str | None = None
    study_type: str | None = None
    study_type_cn: str | None = None
    phase: str | None = None
    phase_cn: str | None = None
    design: str | None = None
    design_cn: str | None = None
    objective: str | None = None
    objective_cn: str | None = None
    treatment: str | None = None
    treatment_cn: str | None = None
    inclusion: str | None = None
    inclusion_cn: str | None = None
    exclusion: str | None = None
    exclusion_cn: str | None = None
    execution: str | None = None
    status: str | None = None
    min_age: str | None = None
    max_age: str | None = None
    sex: str | None = None
    sex_cn: str | None = None
    blinding: str | None = None
    blinding_cn: str | None = None
    sponsors: tuple[Hospital, ...] = ()
    interventions: tuple[Group, ...] = ()
    places: tuple[Place, ...] = ()
    outcomes: tuple[Measure, ...] = ()
    trialkg_abridged: str | None = msgspec.field(default=None, name="trialkgAbridged")
