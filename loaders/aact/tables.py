"""The tables of AACT: which are read, which only to mask people, and which are left out."""

from __future__ import annotations

from typing import Final

# Table: the columns that are read.
READ: Final[dict[str, frozenset[str]]] = {
    name: frozenset(columns.split())
    for name, columns in {
        "studies": "nct_id study_first_submitted_date study_first_posted_date"
        " study_first_posted_date_type last_update_submitted_date last_update_posted_date"
        " last_update_posted_date_type results_first_posted_date results_first_posted_date_type"
        " start_month_year start_date_type start_date verification_month_year verification_date"
        " completion_month_year completion_date_type completion_date"
        " primary_completion_month_year primary_completion_date_type primary_completion_date"
        " study_type acronym brief_title official_title overall_status last_known_status phase"
        " enrollment enrollment_type why_stopped is_fda_regulated_drug is_fda_regulated_device"
        " trialkgAbridged",
        "brief_summaries": "description",
        "detailed_descriptions": "description",
        "conditions": "name",
        "keywords": "name",
        "sponsors": "agency_class lead_or_collaborator name",
        "designs": "allocation intervention_model observational_model primary_purpose"
        " time_perspective masking",
        "design_groups": "id group_type title description",
        "interventions": "id intervention_type name description",
        "design_group_interventions": "design_group_id intervention_id",
        "intervention_other_names": "intervention_id name",
        "design_outcomes": "outcome_type measure time_frame description",
        "eligibilities": "gender minimum_age maximum_age healthy_volunteers criteria adult child"
        " older_adult",
        "facilities": "status name city state country latitude longitude",
        "id_information": "id_source id_type id_value",
        "study_references": "pmid reference_type citation",
    }.items()
}

# Tables of people: their names are masked in texts and never stored.
PEOPLE: Final[dict[str, frozenset[str]]] = {
    "central_contacts": frozenset({"name"}),
    "facility_contacts": frozenset({"name"}),
    "facility_investigators": frozenset({"name"}),
    "overall_officials": frozenset({"name"}),
    "responsible_parties": frozenset({"responsible_party_type", "name", "old_name_title"}),
}

UNREAD: Final = frozenset(
    {
        "baseline_counts",
        "baseline_measurements",
        "browse_conditions",
        "browse_interventions",
        "calculated_values",
        "countries",
        "documents",
        "drop_withdrawals",
        "ipd_information_types",
        "links",
        "mesh_headings",
        "mesh_terms",
        "milestones",
        "outcome_analyses",
        "outcome_analysis_groups",
        "outcome_counts",
        "outcome_measurements",
        "outcomes",
        "participant_flows",
        "pending_results",
        "provided_documents",
        "reported_event_totals",
        "reported_events",
        "result_agreements",
        "result_contacts",
        "result_groups",
        "retractions",
        "search_results",
        "study_records",
        "study_searches",
    }
)

UNREAD_COLUMNS: Final = (
    "conditions.downcase_name",
    "conditions.id",
    "design_group_interventions.id",
    "design_groups.nct_id",
    "design_outcomes.id",
    "design_outcomes.population",
    "designs.caregiver_masked",
    "designs.id",
    "designs.intervention_model_description",
    "designs.investigator_masked",
    "designs.masking_description",
    "designs.outcomes_assessor_masked",
    "designs.subject_masked",
    "eligibilities.gender_based",
    "eligibilities.gender_description",
    "eligibilities.population",
    "eligibilities.sampling_method",
    "facilities.zip",
    "id_information.id_link",
    "id_information.id_type_description",
    "keywords.downcase_name",
    "studies.baseline_population",
    "studies.baseline_type_units_analyzed",
    "studies.biospec_description",
    "studies.biospec_retention",
    "studies.created_at",
    "studies.delayed_posting",
    "studies.disposition_first_posted_date",
    "studies.disposition_first_posted_date_type",
    "studies.disposition_first_submitted_date",
    "studies.disposition_first_submitted_qc_date",
    "studies.expanded_access_nctid",
    "studies.expanded_access_status_for_nctid",
    "studies.expanded_access_type_individual",
    "studies.expanded_access_type_intermediate",
    "studies.expanded_access_type_treatment",
    "studies.fdaaa801_violation",
    "studies.has_dmc",
    "studies.has_expanded_access",
    "studies.ipd_access_criteria",
    "studies.ipd_time_frame",
    "studies.ipd_url",
    "studies.is_ppsd",
    "studies.is_unapproved_device",
    "studies.is_us_export",
    "studies.last_update_submitted_qc_date",
    "studies.limitations_and_caveats",
    "studies.nlm_download_date_description",
    "studies.number_of_arms",
    "studies.number_of_groups",
    "studies.patient_registry",
    "studies.plan_to_share_ipd",
    "studies.plan_to_share_ipd_description",
    "studies.results_first_submitted_date",
    "studies.results_first_submitted_qc_date",
    "studies.source",
    "studies.source_class",
    "studies.study_first_submitted_qc_date",
    "studies.target_duration",
    "studies.updated_at",
)

# Columns that every table has, or that say nothing beside what is read.
ALWAYS_LEFT_OUT: Final = frozenset({"id", "nct_id", "downcase_name", "role", "title"})

NOT_READ: Final = tuple(sorted((*UNREAD, *PEOPLE, *UNREAD_COLUMNS)))
