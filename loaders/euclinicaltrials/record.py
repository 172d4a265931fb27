"""The items of a protocol of the EU register that are read, as keys.

A key is the item's number and label in small letters without signs, "_" for a space, as tools that
parse the register write them: "A.3 Full title of the trial" is `a3_full_title_of_the_trial`.
"""

from __future__ import annotations

from typing import Final

import msgspec

from loaders.contents import Part

# Names, phones and addresses of contact points; the names are masked in texts and never stored.
CONTACTS: Final = (
    "b1_sponsor[].b52_functional_name_of_contact_point",
    "b1_sponsor[].b531_street_address",
    "b1_sponsor[].b532_town_city",
    "b1_sponsor[].b533_post_code",
    "b1_sponsor[].b534_country",
    "b1_sponsor[].b54_telephone_number",
    "b1_sponsor[].b55_fax_number",
    "b1_sponsor[].b56_email",
    "b1_sponsor[].b56_e_mail",
    "b1_sponsor[].b56_email_",
)


class Support(Part, frozen=True):
    """Who pays."""

    name: str | None = msgspec.field(
        default=None, name="b41_name_of_organisation_providing_support"
    )


class Sponsor(Part, frozen=True):
    """B: a sponsor."""

    name: str | None = msgspec.field(default=None, name="b11_name_of_sponsor")
    status: str | None = msgspec.field(default=None, name="b31_and_b32_status_of_the_sponsor")
    supports: tuple[Support, ...] = msgspec.field(
        default=(), name="b4_sources_of_monetary_or_material_support"
    )


class Substance(Part, frozen=True):
    """D.3.8 to D.3.10: an active substance."""

    inn: str | None = msgspec.field(default=None, name="d38_inn__proposed_inn")
    code: str | None = msgspec.field(default=None, name="d392_current_sponsor_code")
    other: str | None = msgspec.field(default=None, name="d393_other_descriptive_name")


class Product(Part, frozen=True):
    """D: a medicinal product; `atimp` items tell cell and gene therapies."""

    role: str | None = msgspec.field(default=None, name="d12_and_d13_imp_role")
    trade_name: str | None = msgspec.field(default=None, name="d2111_trade_name")
    product_name: str | None = msgspec.field(default=None, name="d31_product_name")
    product_code: str | None = msgspec.field(default=None, name="d32_product_code")
    form: str | None = msgspec.field(default=None, name="d34_pharmaceutical_form")
    substances: tuple[Substance, ...] = msgspec.field(
        default=(), name="d38_imp_identification_details"
    )
    chemical: str | None = msgspec.field(
        default=None, name="d3111_active_substance_of_chemical_origin"
    )
    biological: str | None = msgspec.field(
        default=None,
        name="d3112_active_substance_of_biological_biotechnological_origin_other_than_"
        "advanced_therapy_imp_atimp",
    )
    advanced: str | None = msgspec.field(default=None, name="d3113_advanced_therapy_imp_atimp")
    gene: str | None = msgspec.field(default=None, name="d31132_gene_therapy_medical_product")


class Results(Part, frozen=True):
    """The identifiers that the register's results add; nothing else of them is read."""

    nct: str | None = msgspec.field(default=None, name="usctnIdentifier")
    isrctn: str | None = msgspec.field(default=None, name="isrctnIdentifier")
    utrn: str | None = msgspec.field(default=None, name="whoUtnIdentifier")


class Protocol(Part, frozen=True):
    """A protocol in one country; `trialkgAbridged` is ours, on the bundled examples only."""

    id: str | None = msgspec.field(default=None, name="_id")
    status: str | None = msgspec.field(default=None, name="x5_trial_status")
    entered: str | None = msgspec.field(
        default=None,
        name="x6_date_on_which_this_record_was_first_entered_in_the_eudract_database",
    )
    link: str | None = None
    state: str | None = msgspec.field(default=None, name="a1_member_state_concerned")
    eudract: str | None = msgspec.field(default=None, name="a2_eudract_number")
    title: str | None = msgspec.field(default=None, name="a3_full_title_of_the_trial")
    lay_title: str | None = msgspec.field(
        default=None,
        name="a31_title_of_the_trial_for_lay_people_in_easily_understood_ie_nontechnical_language",
    )
    acronym: str | None = msgspec.field(
        default=None, name="a32_name_or_abbreviated_title_of_the_trial_where_available"
    )
    protocol_code: str | None = msgspec.field(
        default=None, name="a41_sponsors_protocol_code_number"
    )
    isrctn: str | None = msgspec.field(
        default=None,
        name="a51_isrctn_international_standard_randomised_controlled_trial_number",
    )
    nct: str | None = msgspec.field(
        default=None, name="a52_us_nct_clinicaltrialsgov_registry_number"
    )
    utrn: str | None = msgspec.field(
        default=None, name="a53_who_universal_trial_reference_number_utrn"
    )
    other_ids: str | None = msgspec.field(default=None, name="a54_other_identifiers")
    sponsors: tuple[Sponsor, ...] = msgspec.field(default=(), name="b1_sponsor")
    products: tuple[Product, ...] = msgspec.field(default=(), name="dimp")
    condition: str | None = msgspec.field(
        default=None, name="e11_medical_conditions_being_investigated"
    )
    objective: str | None = msgspec.field(default=None, name="e21_main_objective_of_the_trial")
    inclusion: str | None = msgspec.field(default=None, name="e3_principal_inclusion_criteria")
    exclusion: str | None = msgspec.field(default=None, name="e4_principal_exclusion_criteria")
    primary: str | None = msgspec.field(default=None, name="e51_primary_end_points")
    primary_time: str | None = msgspec.field(
        default=None, name="e511_timepoints_of_evaluation_of_this_end_point"
    )
    secondary: str | None = msgspec.field(default=None, name="e52_secondary_end_points")
    secondary_time: str | None = msgspec.field(
        default=None, name="e521_timepoints_of_evaluation_of_this_end_point"
    )
    diagnosis: str | None = msgspec.field(default=None, name="e61_diagnosis")
    prophylaxis: str | None = msgspec.field(default=None, name="e62_prophylaxis")
    therapy: str | None = msgspec.field(default=None, name="e63_therapy")
    phase_1: str | None = msgspec.field(default=None, name="e71_human_pharmacology_phase_i")
    phase_2: str | None = msgspec.field(default=None, name="e72_therapeutic_exploratory_phase_ii")
    phase_3: str | None = msgspec.field(default=None, name="e73_therapeutic_confirmatory_phase_iii")
    phase_4: str | None = msgspec.field(default=None, name="e74_therapeutic_use_phase_iv")
    controlled: str | None = msgspec.field(default=None, name="e81_controlled")
    randomised: str | None = msgspec.field(default=None, name="e811_randomised")
    open: str | None = msgspec.field(default=None, name="e812_open")
    single_blind: str | None = msgspec.field(default=None, name="e813_single_blind")
    double_blind: str | None = msgspec.field(default=None, name="e814_double_blind")
    parallel: str | None = msgspec.field(default=None, name="e815_parallel_group")
    crossover: str | None = msgspec.field(default=None, name="e816_cross_over")
    under_18: str | None = msgspec.field(default=None, name="f11_trial_has_subjects_under_18")
    adults: str | None = msgspec.field(default=None, name="f12_adults_1864_years")
    elderly: str | None = msgspec.field(default=None, name="f13_elderly_65_years")
    female: str | None = msgspec.field(default=None, name="f21_female")
    male: str | None = msgspec.field(default=None, name="f22_male")
    healthy: str | None = msgspec.field(default=None, name="f31_healthy_volunteers")
    in_state: str | None = msgspec.field(default=None, name="f41_in_the_member_state")
    in_all: str | None = msgspec.field(default=None, name="f422_in_the_whole_clinical_trial")
    ended: str | None = msgspec.field(default=None, name="p_date_of_the_global_end_of_the_trial")
    end_status: str | None = msgspec.field(default=None, name="p_end_of_trial_status")
    results: Results | None = msgspec.field(default=None, name="trialInformation")
    trialkg_abridged: bool | None = msgspec.field(default=None, name="trialkgAbridged")
