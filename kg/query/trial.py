"""One trial as the graph holds it, typed: what `kg.open(…).trial(…)` returns.

Codes, antigens, concepts and places are `Named`: an IRI, its short form and a label. Words of the
registry are plain text. Nothing here is computed; `None` and empty mean that the record is silent.
"""

from __future__ import annotations

import datetime as dt

from kg.query.triples import Named
from kg.records import Record

__all__ = ["Named"]


class Quote(Record, frozen=True):
    """A quote: `exact` stands from `start` to `end` in the field of the source record.

    `prefix` and `suffix` complete it to its sentence.
    """

    field: str
    exact: str
    start: int
    end: int
    prefix: str = ""
    suffix: str = ""


class Finding(Record, frozen=True):
    """One derived statement, and why it is believed.

    `subject` is a node of the trial; `property` names the statement ("targets", "type"); `sources`
    are rows of the lexicon.
    """

    subject: Named
    property: str
    value: Named | str
    basis: Named | None
    rule: str
    confidence: float | None
    quotes: tuple[Quote, ...]
    sources: tuple[str, ...]


class Component(Record, frozen=True):
    """A part of a construct that is no target."""

    label: str
    kind: Named | None
    antigen: Named | None
    action: Named | None


class Construct(Record, frozen=True):
    """One molecularly distinct agent; `types` holds what was inferred of it too."""

    iri: str
    label: str
    types: tuple[Named, ...]
    alternative_labels: tuple[str, ...]
    code_names: tuple[str, ...]
    product: Named | None
    targets: tuple[Named, ...]
    spares: tuple[Named, ...]
    recruits: tuple[Named, ...]
    target_logic: Named | None
    target_disclosure: Named | None
    architecture: Named | None
    combined_as: Named | None
    effector_cell: Named | None
    cell_source: Named | None
    donor: Named | None
    usual_donor: Named | None
    delivery_vehicle: tuple[str, ...]
    hla_restriction: tuple[str, ...]
    components: tuple[Component, ...]
    findings: tuple[Finding, ...]
    quotes: tuple[Quote, ...]


class Arm(Record, frozen=True):
    """An arm as listed."""

    iri: str
    label: str
    arm_type: Named | None
    description: str | None


class Intervention(Record, frozen=True):
    """An intervention as listed."""

    iri: str
    as_listed: str
    intervention_type: Named | None
    description: str | None
    other_names: tuple[str, ...]


class Use(Record, frozen=True):
    """What is given where and in which role; `arm` is None where the record lists no arms."""

    arm: str | None
    intervention: str | None
    construct: str | None
    role: Named | None
    dose_text: str | None
    route: str | None
    schedule: str | None
    findings: tuple[Finding, ...]


class Condition(Record, frozen=True):
    """A condition in the registrant's words, and the concept that it was mapped to."""

    as_listed: str
    mapping: Named | None
    concept: Named | None
    qualifiers: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]


class Site(Record, frozen=True):
    """A place where the trial runs."""

    iri: str
    as_listed: str | None
    facility: Named | None
    city: Named | None
    country: Named | None
    status: Named | None
    status_basis: Named | None
    open_for_enrolment: bool
    latitude: float | None
    longitude: float | None


class Mention(Record, frozen=True):
    """An antigen that the record names, in one role."""

    antigen: Named
    role: Named | None
    construct: str | None
    quotes: tuple[Quote, ...]


class Criterion(Record, frozen=True):
    """An eligibility criterion; `parent` is the order of the one under which it stands."""

    text: str
    polarity: Named | None
    order: int
    parent: int | None = None


class LayStatement(Record, frozen=True):
    """A sentence in plain words; `kind` says what of, `quotes` or `sources` what it rests on."""

    text: str
    kind: Named | None
    quotes: tuple[Quote, ...]
    sources: tuple[str, ...]


class Outcome(Record, frozen=True):
    """What is measured; `outcome_type` is the registry's word."""

    outcome_type: str
    measure: str
    time_frame: str | None
    order: int


class Date(Record, frozen=True):
    """A date as precise as the registry gives it; `day` is the first day of the period."""

    day: dt.date
    precision: str | None
    date_type: str | None


# Precision of a date -> how much of a day it states.
_STATED = {"year": 4, "month": 7}


def as_precise(day: str, precision: str | None) -> str:
    """Return as much of a day in ISO 8601 as a date of a precision states."""
    return day[: _STATED.get(precision or "")]


class Identity(Record, frozen=True):
    """Why two registrations are taken for one study, or are not."""

    members: tuple[Named, ...]
    reason: str
    score: float | None
    verdict: Named | None


class Study(Record, frozen=True):
    """What a trial is a registration of, with its other registrations."""

    iri: str
    registrations: tuple[Named, ...]
    identity: tuple[Identity, ...]


class Link(Record, frozen=True):
    """Another trial that a record is linked with; `kind` reads from this trial to that."""

    kind: str
    trial: Named


class Change(Record, frozen=True):
    """A change of the record; `what` is the record's name of what changed, `seen` when it was."""

    iri: str
    kind: Named | None
    property: Named | None
    what: str | None
    before: str | None
    after: str | None
    seen: dt.date
    registry_date: dt.date | None


class Claim(Record, frozen=True):
    """What another source says of one fact of a trial."""

    about: str
    value: str


class OtherRecord(Record, frozen=True):
    """What another source says of a trial, beside its registry; `statements` are in plain words."""

    iri: str
    source: str
    standing: Named | None
    page: str | None
    last_updated: dt.date | None
    claims: tuple[Claim, ...]
    sites: int
    statements: tuple[str, ...]


class Trial(Record, frozen=True):
    """One registration with everything that was derived from it.

    `dates` is keyed by the property ("startDate"); `flags` are what a reader has to know before
    trusting the record; `abridged` records were shortened or reworded for the bundled examples.
    `standing` says whose words the record is, `copied_from` the source of one that is a copy,
    `withdrawn_since` when its registry was first seen not to give it any more.
    """

    iri: str
    registry: str
    registry_id: str
    registry_page: str | None
    brief_title: str | None
    official_title: str | None
    acronym: str | None
    brief_summary: str | None
    detailed_description: str | None
    eligibility: str | None
    keywords: tuple[str, ...]
    recruitment_status: Named | None
    last_known_status: Named | None
    why_stopped: str | None
    study_type: Named | None
    phases: tuple[Named, ...]
    enrollment: int | None
    enrollment_type: Named | None
    lead_sponsor: tuple[Named, ...]
    collaborators: tuple[Named, ...]
    dates: dict[str, Date]
    first_seen: dt.date | None
    last_changed: dt.date | None
    constructs: tuple[Construct, ...]
    arms: tuple[Arm, ...]
    interventions: tuple[Intervention, ...]
    uses: tuple[Use, ...]
    conditions: tuple[Condition, ...]
    sites: tuple[Site, ...]
    mentions: tuple[Mention, ...]
    criteria: tuple[Criterion, ...]
    outcomes: tuple[Outcome, ...]
    lay_statements: tuple[LayStatement, ...]
    design_features: tuple[Named, ...]
    monitored_risks: tuple[Named, ...]
    flags: tuple[Named, ...]
    findings: tuple[Finding, ...]
    abridged: bool
    source: str | None
    source_hash: str | None
    standing: Named | None = None
    copied_from: str | None = None
    withdrawn_since: dt.date | None = None
    study: Study | None = None
    links: tuple[Link, ...] = ()
    changes: tuple[Change, ...] = ()
    other_records: tuple[OtherRecord, ...] = ()
