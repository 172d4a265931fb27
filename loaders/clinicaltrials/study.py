"""The part of a ClinicalTrials.gov study (API v2) that is read, as typed structs.

Names are the registry's: https://clinicaltrials.gov/data-api/about-api/study-data-structure. Every
field may be absent or null, so that one wrong value can be set to null without moving its
neighbours. Coded fields and dates are strings here; `codes` and `values` say what they mean.
"""

from __future__ import annotations

import msgspec

Strings = tuple[str | None, ...] | None


class Part(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The base of all parts of a study; keys that are not declared are passed over."""


class StudyId(Part, frozen=True):
    """An identifier beside the NCT number."""

    id: str | None = None
    type: str | None = None


class Organization(Part, frozen=True):
    """The organisation that submitted the record."""

    full_name: str | None = None
    class_: str | None = msgspec.field(default=None, name="class")


class Identification(Part, frozen=True):
    """identificationModule."""

    nct_id: str | None = None
    nct_id_aliases: Strings = None
    org_study_id_info: StudyId | None = None
    secondary_id_infos: tuple[StudyId | None, ...] | None = None
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None


class DateStruct(Part, frozen=True):
    """A date, as precise as the registrant gave it, and whether it has come."""

    date: str | None = None
    type: str | None = None


class Status(Part, frozen=True):
    """statusModule."""

    overall_status: str | None = None
    last_known_status: str | None = None
    why_stopped: str | None = None
    status_verified_date: str | None = None
    start_date_struct: DateStruct | None = None
    primary_completion_date_struct: DateStruct | None = None
    completion_date_struct: DateStruct | None = None
    study_first_submit_date: str | None = None
    study_first_post_date_struct: DateStruct | None = None
    last_update_submit_date: str | None = None
    last_update_post_date_struct: DateStruct | None = None
    results_first_post_date_struct: DateStruct | None = None


class Sponsor(Part, frozen=True):
    """A sponsor or collaborator; the name is empty where it was a person's."""

    name: str | None = None
    class_: str | None = msgspec.field(default=None, name="class")


class SponsorCollaborators(Part, frozen=True):
    """sponsorCollaboratorsModule."""

    lead_sponsor: Sponsor | None = None
    collaborators: tuple[Sponsor | None, ...] | None = None


class Oversight(Part, frozen=True):
    """oversightModule."""

    is_fda_regulated_drug: bool | None = None
    is_fda_regulated_device: bool | None = None


class Description(Part, frozen=True):
    """descriptionModule."""

    brief_summary: str | None = None
    detailed_description: str | None = None


class Conditions(Part, frozen=True):
    """conditionsModule."""

    conditions: Strings = None
    keywords: Strings = None


class MaskingInfo(Part, frozen=True):
    """Who does not know what is given."""

    masking: str | None = None


class DesignInfo(Part, frozen=True):
    """How participants are divided and followed."""

    allocation: str | None = None
    intervention_model: str | None = None
    primary_purpose: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    masking_info: MaskingInfo | None = None


class EnrollmentInfo(Part, frozen=True):
    """How many take part."""

    count: int | None = None
    type: str | None = None


class Design(Part, frozen=True):
    """designModule."""

    study_type: str | None = None
    phases: Strings = None
    design_info: DesignInfo | None = None
    enrollment_info: EnrollmentInfo | None = None


class ArmGroup(Part, frozen=True):
    """An arm, or a cohort of an observational study."""

    label: str | None = None
    type: str | None = None
    description: str | None = None
    intervention_names: Strings = None


class Intervention(Part, frozen=True):
    """What is given or done."""

    type: str | None = None
    name: str | None = None
    description: str | None = None
    arm_group_labels: Strings = None
    other_names: Strings = None


class ArmsInterventions(Part, frozen=True):
    """armsInterventionsModule."""

    arm_groups: tuple[ArmGroup | None, ...] | None = None
    interventions: tuple[Intervention | None, ...] | None = None


class Outcome(Part, frozen=True):
    """What is measured, and when."""

    measure: str | None = None
    description: str | None = None
    time_frame: str | None = None


class Outcomes(Part, frozen=True):
    """outcomesModule."""

    primary_outcomes: tuple[Outcome | None, ...] | None = None
    secondary_outcomes: tuple[Outcome | None, ...] | None = None
    other_outcomes: tuple[Outcome | None, ...] | None = None


class Eligibility(Part, frozen=True):
    """eligibilityModule."""

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    std_ages: Strings = None


class GeoPoint(Part, frozen=True):
    """Where the registry puts the city of a site."""

    lat: float | None = None
    lon: float | None = None


class Location(Part, frozen=True):
    """A site."""

    facility: str | None = None
    status: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    geo_point: GeoPoint | None = None


class ContactsLocations(Part, frozen=True):
    """contactsLocationsModule, of which contacts are never read."""

    locations: tuple[Location | None, ...] | None = None


class Reference(Part, frozen=True):
    """A publication."""

    pmid: str | None = None
    type: str | None = None
    citation: str | None = None


class References(Part, frozen=True):
    """referencesModule."""

    references: tuple[Reference | None, ...] | None = None


class Protocol(Part, frozen=True):
    """protocolSection: what the registrant states."""

    identification_module: Identification | None = None
    status_module: Status | None = None
    sponsor_collaborators_module: SponsorCollaborators | None = None
    oversight_module: Oversight | None = None
    description_module: Description | None = None
    conditions_module: Conditions | None = None
    design_module: Design | None = None
    arms_interventions_module: ArmsInterventions | None = None
    outcomes_module: Outcomes | None = None
    eligibility_module: Eligibility | None = None
    contacts_locations_module: ContactsLocations | None = None
    references_module: References | None = None


class MeshTerm(Part, frozen=True):
    """A descriptor that the registry found by itself."""

    id: str | None = None
    term: str | None = None


class Browse(Part, frozen=True):
    """conditionBrowseModule and interventionBrowseModule."""

    meshes: tuple[MeshTerm | None, ...] | None = None
    ancestors: tuple[MeshTerm | None, ...] | None = None


class Derived(Part, frozen=True):
    """derivedSection: what the registry adds."""

    condition_browse_module: Browse | None = None
    intervention_browse_module: Browse | None = None


class Study(Part, frozen=True):
    """One study; `trialkgAbridged` is ours, on the bundled examples only."""

    protocol_section: Protocol | None = None
    derived_section: Derived | None = None
    has_results: bool | None = None
    trialkg_abridged: bool | None = None
