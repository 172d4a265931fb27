"""What a trial is, in the words that all registries share.

Loaders make these; they are frozen, carry no RDF, and hold codes as the local names of the
individuals of the ontology ("Recruiting", "Phase1"). A free text is a `Text`: the words as people
read them, the raw value as it stands in the source record, and where that is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import BinaryIO, Final, Protocol

import msgspec

from kg.errors import RecordError


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all parts of a trial: immutable, compared by value."""


class Text(Record, frozen=True):
    """A free text of the source record.

    `field` is a JSON pointer into the source record (for registries that are not JSON: the path
    that the loader documents); `raw` is the JSON-decoded value there, unaltered, to which every
    evidence position refers; `plain` is the same without the registry's escapes.
    """

    field: str
    raw: str
    plain: str


class PartialDate(Record, frozen=True):
    """A date as precise as the registry gives it.

    `day` is the first day of the period; `precision` is "Day", "Month" or "Year"; `date_type` is
    "ActualDate", "EstimatedDate" or None where the registry does not say.
    """

    day: dt.date
    precision: str
    date_type: str | None = None


class Age(Record, frozen=True):
    """An age limit: as listed, as ISO 8601 duration, and in years."""

    as_listed: str
    duration: str
    years: Decimal


class SecondaryId(Record, frozen=True):
    """An identifier of the trial elsewhere; `id_type` is the registry's word."""

    value: str
    id_type: str | None = None


class Sponsor(Record, frozen=True):
    """Who is responsible for or supports a trial.

    A person carries no name: `person` is True and `name` is empty. `sponsor_class` is the local
    name of an individual or None.
    """

    name: str
    sponsor_class: str | None = None
    person: bool = False


class Arm(Record, frozen=True):
    """An arm of the trial; `interventions` are positions in `Trial.interventions`."""

    label: Text
    arm_type: str | None = None
    description: Text | None = None
    interventions: tuple[int, ...] = ()


class Intervention(Record, frozen=True):
    """What is done, as listed; `arms` are positions in `Trial.arms`."""

    name: Text
    intervention_type: str | None = None
    description: Text | None = None
    other_names: tuple[Text, ...] = ()
    arms: tuple[int, ...] = ()


class Outcome(Record, frozen=True):
    """What is measured; `outcome_type` is the registry's word ("primary", "secondary", "other")."""

    outcome_type: str
    measure: Text
    time_frame: str | None = None
    description: Text | None = None


class Reference(Record, frozen=True):
    """A publication that the record names; `reference_type` is the registry's word."""

    citation: str
    pmid: str | None = None
    reference_type: str | None = None


class Mesh(Record, frozen=True):
    """A MeSH descriptor that the registry derived by itself."""

    id: str
    term: str


class Site(Record, frozen=True):
    """A place where the trial runs.

    `facility` is None for a country without sites; `status` is the local name of the site's own
    recruitment status, None where the registry gives none.
    """

    field: str
    country: str
    facility: str | None = None
    city: str | None = None
    state: str | None = None
    status: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Dropped(Record, frozen=True):
    """A field whose value could not be read: kept verbatim, named and counted."""

    field: str
    value: str
    reason: str


class Trial(Record, frozen=True, kw_only=True):
    """One registration of a trial.

    Codes are local names of individuals of the ontology. `phases` keeps the registry's order.
    `abridged` marks a record that was shortened or reworded for the bundled examples.
    """

    registry: str
    registry_id: str
    source_url: str | None = None
    brief_title: Text
    official_title: Text | None = None
    acronym: Text | None = None
    brief_summary: Text | None = None
    detailed_description: Text | None = None
    keywords: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    why_stopped: Text | None = None
    eligibility: Text | None = None
    secondary_ids: tuple[SecondaryId, ...] = ()
    former_ids: tuple[str, ...] = ()
    recruitment_status: str | None = None
    last_known_status: str | None = None
    study_type: str | None = None
    phases: tuple[str, ...] = ()
    primary_purpose: str | None = None
    allocation: str | None = None
    intervention_model: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    masking: str | None = None
    enrollment: int | None = None
    enrollment_type: str | None = None
    sex: str | None = None
    standard_ages: tuple[str, ...] = ()
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    has_results: bool | None = None
    healthy_volunteers: bool | None = None
    fda_regulated_drug: bool | None = None
    fda_regulated_device: bool | None = None
    start_date: PartialDate | None = None
    primary_completion_date: PartialDate | None = None
    completion_date: PartialDate | None = None
    first_submitted: PartialDate | None = None
    first_posted: PartialDate | None = None
    last_update_posted: PartialDate | None = None
    results_first_posted: PartialDate | None = None
    status_verified: PartialDate | None = None
    lead_sponsor: Sponsor | None = None
    collaborators: tuple[Sponsor, ...] = ()
    arms: tuple[Arm, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    references: tuple[Reference, ...] = ()
    sites: tuple[Site, ...] = ()
    registry_mesh: tuple[Mesh, ...] = ()
    registry_mesh_ancestors: tuple[Mesh, ...] = ()
    abridged: bool = False
    dropped: tuple[Dropped, ...] = ()


def texts(trial: Trial) -> Iterator[Text]:
    """Yield every free text of a trial, titles first."""
    for text in (
        trial.brief_title,
        trial.official_title,
        trial.acronym,
        trial.brief_summary,
        trial.detailed_description,
        trial.why_stopped,
        trial.eligibility,
    ):
        if text is not None:
            yield text
    yield from trial.keywords
    yield from trial.conditions
    for arm in trial.arms:
        yield arm.label
        if arm.description is not None:
            yield arm.description
    for intervention in trial.interventions:
        yield intervention.name
        yield from intervention.other_names
        if intervention.description is not None:
            yield intervention.description
    for outcome in trial.outcomes:
        yield outcome.measure
        if outcome.description is not None:
            yield outcome.description


class Claims(Record, frozen=True):
    """What a page about a trial says of itself and in its own words, beside the registry's fields.

    `first_seen` and `last_updated` are the page's own dates; `active_substances` and the lay
    sentences are as the page gives them, `conditions` its normalised names; `page` is its address.
    """

    first_seen: dt.date | None = None
    last_updated: dt.date | None = None
    active_substances: tuple[Text, ...] = ()
    conditions: tuple[Text, ...] = ()
    what_is_tested: tuple[Text, ...] = ()
    could_lead_to: tuple[Text, ...] = ()
    could_go_wrong: tuple[Text, ...] = ()
    page: str | None = None


class RawRecord(Record, frozen=True):
    """One record as a source gave it; `origin` says where ("trials.jsonl.gz line 12")."""

    content: bytes
    origin: str


class Page(Record, frozen=True):
    """Records that a registry's server gave at once.

    `token` asks for the next page and is None with the last one; `total` counts the records of all
    pages, where the server was asked to and this is the first.
    """

    records: tuple[RawRecord, ...]
    token: str | None = None
    total: int | None = None


class Version(Record, frozen=True):
    """One state of a record, without contacts of people and volatile fields.

    `registry` is None where the loader reads one registry only. `content` is canonical: equal
    records give equal bytes. `last_update` is the record's own;
    `retrieved` is the date of the data version that the record states, None where it states none;
    `modules` counts what is filled in, to prefer the fuller of two versions of one day.
    `unknown_keys` are paths that the loader neither reads nor lists as unread.
    """

    registry_id: str
    content: bytes
    registry: str | None = None
    last_update: dt.date | None = None
    retrieved: dt.date | None = None
    modules: int = 0
    unknown_keys: tuple[str, ...] = ()


PRIMARY: Final = 0
COPY: Final = 1
REPORT: Final = 2


class Joint(Protocol):
    """Records whose parts stand in several files beside each other, joined on disk."""

    def add(self, stream: BinaryIO, name: str) -> None:
        """Take in one of the files; raises RecordError for one that cannot be a part."""

    def records(self) -> Iterator[RawRecord | RecordError]:
        """Yield the joined records in the order of their identifiers."""

    def close(self) -> None:
        """Forget what was taken in."""


class Loader(Record, frozen=True):
    """How one form of records is read.

    `name` is its key in the table of loaders; `registry` the prefix of the registry that its
    records belong to, None where each names its own. `standing` says whose words they are: the
    registry's own (PRIMARY), another's copy of registrations, which writes a trial only where no
    primary record of it is known (COPY), or a page about trials, which makes claims and never
    writes a trial (REPORT).

    `read` splits a source (a binary stream and its name) into raw records, yields a RecordError in
    place of a record that cannot be taken out, and raises one for what cannot be split at all;
    `version` removes contacts and volatile fields and raises RecordError for a record without id or
    of unreadable form; `parse` turns a version's content into a trial and is a pure function.
    `release` is raised whenever any of them changes its answer. `unread` lists the paths that are
    known and left out.

    `recognises` tells from the first bytes of a source and its name whether it is of this form.
    `joint` is there where a record's parts stand in several files of one folder or archive.
    `claims` gives what a page says beside the fields of a registration (REPORT only).
    """

    name: str
    registry: str | None
    standing: int
    release: str
    title: str
    reads: str
    obtain: str
    licence: str
    unread: tuple[str, ...]
    read: Callable[[BinaryIO, str], Iterator[RawRecord | RecordError]]
    version: Callable[[RawRecord], Version]
    parse: Callable[[bytes], Trial]
    recognises: Callable[[bytes, str], bool]
    joint: Callable[[], Joint] | None = None
    claims: Callable[[bytes], Claims] | None = None
