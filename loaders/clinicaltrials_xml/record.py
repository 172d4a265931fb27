"""The elements of `<clinical_study>` that are read: https://clinicaltrials.gov's public.xsd."""

from __future__ import annotations

from typing import Final

import msgspec

from loaders.contents import Part
from loaders.json_value import Json

# Names, phones and addresses of people: read to mask them in texts, never stored.
CONTACTS: Final = (
    "location[].contact",
    "location[].contact_backup",
    "location[].investigator",
    "overall_contact",
    "overall_contact_backup",
    "overall_official",
    "responsible_party",
)

UNREAD: Final = (
    "@attributes",
    "@rank",
    "_id",
    "biospec_descr",
    "biospec_retention",
    "clinical_results",
    "comment",
    "condition_browse",
    "disposition_first_posted",
    "disposition_first_submitted",
    "disposition_first_submitted_qc",
    "eligibility.gender_based",
    "eligibility.gender_description",
    "eligibility.sampling_method",
    "eligibility.study_pop",
    "expanded_access_info",
    "firstreceived_results_disposition_date",
    "has_expanded_access",
    "history",
    "id_info.org_study_id_info",
    "id_info.secondary_id_info",
    "intervention_browse",
    "ipd_info",
    "is_fda_regulated",
    "is_section_801",
    "keywords",
    "limitations_and_caveats",
    "link",
    "location[].facility.address.zip",
    "location_countries",
    "number_of_arms",
    "number_of_groups",
    "oversight_info.authority",
    "oversight_info.has_dmc",
    "oversight_info.is_ppsd",
    "oversight_info.is_unapproved_device",
    "oversight_info.is_us_export",
    "patient_data",
    "pending_results",
    "provided_document_section",
    "rank",
    "removed_countries",
    "required_header",
    "results_first_submitted",
    "results_first_submitted_qc",
    "source",
    "sponsors.lead_sponsor.@attributes",
    "study_design",
    "study_design_info.intervention_model_description",
    "study_design_info.masking_description",
    "study_docs",
    "study_first_submitted_qc",
    "target_duration",
    "verification_status",
)

NOT_READ: Final = tuple(sorted(CONTACTS + UNREAD))


class IdInfo(Part, frozen=True):
    """Identifiers."""

    nct_id: Json = None
    nct_alias: tuple[Json, ...] = ()
    org_study_id: Json = None
    secondary_id: tuple[Json, ...] = ()


class Agency(Part, frozen=True):
    """A sponsor or collaborator."""

    agency: Json = None
    agency_class: Json = None


class Sponsors(Part, frozen=True):
    """Who is responsible for and supports the trial."""

    lead_sponsor: Agency | None = None
    collaborator: tuple[Agency, ...] = ()


class Oversight(Part, frozen=True):
    """What the registrant says of regulation."""

    is_fda_regulated_drug: Json = None
    is_fda_regulated_device: Json = None


class Block(Part, frozen=True):
    """A text, wrapped and indented by the registry."""

    textblock: Json = None


class Design(Part, frozen=True):
    """How participants are divided and followed."""

    allocation: Json = None
    intervention_model: Json = None
    primary_purpose: Json = None
    observational_model: Json = None
    time_perspective: Json = None
    masking: Json = None


class ArmGroup(Part, frozen=True):
    """An arm, or a cohort of an observational study."""

    arm_group_label: Json = None
    arm_group_type: Json = None
    description: Json = None


class Intervention(Part, frozen=True):
    """What is given or done."""

    intervention_type: Json = None
    intervention_name: Json = None
    description: Json = None
    arm_group_label: tuple[Json, ...] = ()
    other_name: tuple[Json, ...] = ()


class Outcome(Part, frozen=True):
    """What is measured, and when."""

    measure: Json = None
    time_frame: Json = None
    description: Json = None
    safety_issue: Json = None


class Eligibility(Part, frozen=True):
    """Who may take part."""

    criteria: Block | None = None
    gender: Json = None
    minimum_age: Json = None
    maximum_age: Json = None
    healthy_volunteers: Json = None


class Address(Part, frozen=True):
    """Where a facility is."""

    city: Json = None
    state: Json = None
    country: Json = None


class Facility(Part, frozen=True):
    """A facility."""

    name: Json = None
    address: Address | None = None


class Location(Part, frozen=True):
    """A site."""

    facility: Facility | None = None
    status: Json = None


class Reference(Part, frozen=True):
    """A publication."""

    citation: Json = None
    PMID: Json = None


class ClinicalStudy(Part, frozen=True):
    """One document; `trialkgAbridged` is ours, on the bundled examples only."""

    id_info: IdInfo | None = None
    brief_title: Json = None
    official_title: Json = None
    acronym: Json = None
    sponsors: Sponsors | None = None
    oversight_info: Oversight | None = None
    brief_summary: Block | None = None
    detailed_description: Block | None = None
    overall_status: Json = None
    last_known_status: Json = None
    why_stopped: Json = None
    start_date: Json = None
    primary_completion_date: Json = None
    completion_date: Json = None
    verification_date: Json = None
    study_first_submitted: Json = None
    firstreceived_date: Json = None
    study_first_posted: Json = None
    last_update_submitted: Json = None
    last_update_submitted_qc: Json = None
    lastchanged_date: Json = None
    last_update_posted: Json = None
    results_first_posted: Json = None
    firstreceived_results_date: Json = None
    phase: Json = None
    study_type: Json = None
    study_design_info: Design | None = None
    enrollment: Json = None
    condition: tuple[Json, ...] = ()
    keyword: tuple[Json, ...] = ()
    arm_group: tuple[ArmGroup, ...] = ()
    intervention: tuple[Intervention, ...] = ()
    primary_outcome: tuple[Outcome, ...] = ()
    secondary_outcome: tuple[Outcome, ...] = ()
    other_outcome: tuple[Outcome, ...] = ()
    eligibility: Eligibility | None = None
    location: tuple[Location, ...] = ()
    reference: tuple[Reference, ...] = ()
    results_reference: tuple[Reference, ...] = ()
    trialkg_abridged: Json = msgspec.field(default=None, name="trialkgAbridged")
