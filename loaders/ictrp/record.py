"""The fields of an ICTRP record, as its XML names them; its CSV has spaces for underscores."""

from __future__ import annotations

from typing import Final

import msgspec

from loaders.contents import Part

# Names, addresses and numbers of people; never stored.
CONTACTS: Final = (
    "Contact_Address",
    "Contact_Affiliation",
    "Contact_Email",
    "Contact_Firstname",
    "Contact_Lastname",
    "Contact_Tel",
)

UNREAD: Final = (
    "Bridged_type",
    "Bridging_flag_truefalse",
    "Date_registration3",
    "Ethics_Approval_Date",
    "Ethics_Contact_Address",
    "Ethics_Contact_Email",
    "Ethics_Contact_Name",
    "Ethics_Contact_Phone",
    "Ethics_Status",
    "Export_date",
    "Internal_Number",
    "Retrospective_flag",
    "other_records",
    "results_IPD_description",
    "results_IPD_plan",
    "results_baseline_char",
    "results_adverse_events",
    "results_date_completed",
    "results_date_first_publication",
    "results_outcome_measures",
    "results_participant_flow",
    "results_summary",
    "results_url_link",
    "results_url_protocol",
)

NOT_READ: Final = tuple(sorted(CONTACTS + UNREAD))


class Exported(Part, frozen=True):
    """One record; `trialkgAbridged` is ours, on the bundled examples only."""

    TrialID: str | None = None
    Last_Refreshed_on: str | None = None
    Public_title: str | None = None
    Scientific_title: str | None = None
    Acronym: str | None = None
    Primary_sponsor: str | None = None
    Secondary_sponsor: str | None = None
    Source_Support: str | None = None
    Secondary_ID: str | None = None
    SecondaryIDs: str | None = None
    Date_registration: str | None = None
    Source_Register: str | None = None
    web_address: str | None = None
    Recruitment_Status: str | None = None
    Inclusion_agemin: str | None = None
    Inclusion_agemax: str | None = None
    Inclusion_gender: str | None = None
    Date_enrollement: str | None = None
    Target_size: str | None = None
    Study_type: str | None = None
    Study_design: str | None = None
    Phase: str | None = None
    Countries: str | None = None
    Inclusion_Criteria: str | None = None
    Exclusion_Criteria: str | None = None
    Condition: str | None = None
    Intervention: str | None = None
    Primary_outcome: str | None = None
    Secondary_outcome: str | None = None
    results_date_posted: str | None = None
    results_yes_no: str | None = None
    trialkg_abridged: str | None = msgspec.field(default=None, name="trialkgAbridged")
