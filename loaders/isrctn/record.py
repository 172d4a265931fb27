"""The elements of an ISRCTN record that are read (https://www.isrctn.com/api/query)."""

from __future__ import annotations

from typing import Final

import msgspec

from loaders.contents import Part
from loaders.json_value import Json

# People, and addresses of theirs; the names are masked in texts and never stored.
CONTACTS: Final = (
    "contact",
    "funder[].@id",
    "sponsor[].@id",
    "sponsor[].contactDetails",
    "trial.parties",
    "trial.trialDescription.ethicsApproval",
    "trial.trialDescription.ethicsCommittees",
)

UNREAD: Final = (
    "funder[].fundRef",
    "funder[].rorId",
    "sponsor[].gridId",
    "sponsor[].privacy",
    "sponsor[].rorId",
    "sponsor[].sponsorType",
    "sponsor[].website",
    "trial.@version",
    "trial._id",
    "trial.attachedFiles",
    "trial.conditions.condition[].diseaseClass1",
    "trial.conditions.condition[].diseaseClass2",
    "trial.interventions.intervention[].pharmaceuticalStudyTypes",
    "trial.miscellaneous",
    "trial.outputs",
    "trial.participants.participantTypes.@id",
    "trial.participants.patientInfoSheet",
    "trial.participants.recruitmentEnd",
    "trial.participants.recruitmentEndStatusOverride",
    "trial.participants.totalTarget",
    "trial.participants.trialCentres.trialCentre[].@id",
    "trial.participants.trialCentres.trialCentre[].address",
    "trial.participants.trialCentres.trialCentre[].rtsId",
    "trial.participants.trialCentres.trialCentre[].zip",
    "trial.results",
    "trial.trialDescription.acknowledgment",
    "trial.trialDescription.ethicsApprovalRequired",
    "trial.trialDescription.primaryOutcomes",
    "trial.trialDescription.secondaryOutcomes",
    "trial.trialDescription.thirdPartyFiles",
    "trial.trialDescription.trialWebsite",
    "trial.trialDesign.studyDesign",
    "trial.trialDesign.trialSettings",
)

NOT_READ: Final = tuple(sorted(CONTACTS + UNREAD))


class Description(Part, frozen=True, rename="camel"):
    """trialDescription."""

    title: str | None = None
    scientific_title: str | None = None
    acronym: str | None = None
    study_hypothesis: str | None = None
    plain_english_summary: str | None = None
    primary_outcome: str | None = None
    secondary_outcome: str | None = None


class Numbers(Part, frozen=True, rename="camel"):
    """secondaryNumbers."""

    secondary_number: tuple[str, ...] = ()


class References(Part, frozen=True, rename="camel"):
    """externalRefs: identifiers elsewhere."""

    doi: str | None = None
    eudra_ct_number: str | None = msgspec.field(default=None, name="eudraCTNumber")
    ctis_number: str | None = None
    iras_number: str | None = None
    clinical_trials_gov_number: str | None = None
    protocol_serial_number: str | None = None
    secondary_numbers: Numbers | None = None


class TrialTypes(Part, frozen=True, rename="camel"):
    """trialTypes."""

    trial_type: tuple[str, ...] = ()


class Design(Part, frozen=True, rename="camel"):
    """trialDesign."""

    primary_study_design: str | None = None
    secondary_study_design: str | None = None
    trial_types: TrialTypes | None = None
    overall_start_date: str | None = None
    overall_end_date: str | None = None
    overall_status_override: str | None = None
    reason_abandoned: str | None = None


class Countries(Part, frozen=True):
    """recruitmentCountries."""

    country: tuple[str, ...] = ()


class Centre(Part, frozen=True):
    """A site."""

    name: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None


class Centres(Part, frozen=True, rename="camel"):
    """trialCentres."""

    trial_centre: tuple[Centre, ...] = ()


class ParticipantTypes(Part, frozen=True, rename="camel"):
    """participantTypes."""

    participant_type: tuple[str, ...] = ()


class Participants(Part, frozen=True, rename="camel"):
    """Who takes part, where, and from when on."""

    recruitment_countries: Countries | None = None
    trial_centres: Centres | None = None
    participant_types: ParticipantTypes | None = None
    inclusion: str | None = None
    exclusion: str | None = None
    age_range: str | None = None
    lower_age_limit: Json = None
    upper_age_limit: Json = None
    gender: str | None = None
    target_enrolment: str | None = None
    total_final_enrolment: str | None = None
    recruitment_start: str | None = None
    recruitment_start_status_override: str | None = None
    recruitment_status_override: str | None = None


class Condition(Part, frozen=True):
    """A condition in the registrant's words."""

    description: str | None = None


class Conditions(Part, frozen=True):
    """The conditions."""

    condition: tuple[Condition, ...] = ()


class Intervention(Part, frozen=True, rename="camel"):
    """What is done, for all arms in one text."""

    description: str | None = None
    intervention_type: str | None = None
    phase: str | None = None
    drug_names: str | None = None


class Interventions(Part, frozen=True):
    """The interventions."""

    intervention: tuple[Intervention, ...] = ()


class Trial(Part, frozen=True, rename="camel"):
    """The registration; `trialkgAbridged` is ours, on the bundled examples only."""

    isrctn: Json = None
    last_updated: str | None = msgspec.field(default=None, name="@lastUpdated")
    trial_description: Description | None = None
    external_refs: References | None = None
    trial_design: Design | None = None
    participants: Participants | None = None
    conditions: Conditions | None = None
    interventions: Interventions | None = None
    trialkg_abridged: str | None = None


class Sponsor(Part, frozen=True, rename="camel"):
    """Who is responsible."""

    organisation: str | None = None
    commercial_status: str | None = None


class Funder(Part, frozen=True):
    """Who pays."""

    name: str | None = None


class FullTrial(Part, frozen=True):
    """A registration with its sponsors and funders."""

    trial: Trial | None = None
    sponsor: tuple[Sponsor, ...] = ()
    funder: tuple[Funder, ...] = ()
