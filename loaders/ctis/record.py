"""The part of a CTIS record that is read, in both of its layouts.

Until June 2024 what is authorised stood at the top, since then below `authorizedApplication`, of
which content keeps no trace: both become the older layout.
"""

from __future__ import annotations

import msgspec

from loaders.contents import Part


class CtisPart(Part, frozen=True, rename="camel"):
    """The base of all parts of a CTIS record."""


class Number(CtisPart, frozen=True):
    """An identifier elsewhere."""

    number: str | None = None
    other_registry_name: str | None = None


class SecondaryNumbers(CtisPart, frozen=True):
    """secondaryIdentifyingNumbers."""

    nct_number: Number | None = None
    isrctn_number: Number | None = None
    who_universal_trial_number: Number | None = None
    additional_registries: tuple[Number, ...] = ()


class Identifiers(CtisPart, frozen=True):
    """clinicalTrialIdentifiers."""

    full_title: str | None = None
    public_title: str | None = None
    short_title: str | None = None
    secondary_identifying_numbers: SecondaryNumbers | None = None


class MedicalCondition(CtisPart, frozen=True):
    """A condition in the sponsor's words."""

    medical_condition: str | None = None


class MedicalConditions(CtisPart, frozen=True):
    """medicalCondition."""

    part_i_medical_conditions: tuple[MedicalCondition, ...] = msgspec.field(
        default=(), name="partIMedicalConditions"
    )


class Objective(CtisPart, frozen=True):
    """trialObjective."""

    main_objective: str | None = None


class Inclusion(CtisPart, frozen=True):
    """One criterion of inclusion."""

    principal_inclusion_criteria: str | None = None


class Exclusion(CtisPart, frozen=True):
    """One criterion of exclusion."""

    principal_exclusion_criteria: str | None = None


class Eligibility(CtisPart, frozen=True):
    """eligibilityCriteria."""

    principal_inclusion_criteria: tuple[Inclusion, ...] = ()
    principal_exclusion_criteria: tuple[Exclusion, ...] = ()


class EndPoint(CtisPart, frozen=True):
    """What is measured."""

    end_point: str | None = None


class EndPoints(CtisPart, frozen=True):
    """endPoint."""

    primary_end_points: tuple[EndPoint, ...] = ()
    secondary_end_points: tuple[EndPoint, ...] = ()


class Duration(CtisPart, frozen=True):
    """trialDuration."""

    estimated_recruitment_start_date: str | None = None
    estimated_end_date: str | None = None
    estimated_global_end_date: str | None = None


class Support(CtisPart, frozen=True):
    """Who pays."""

    organisation_name: str | None = None


class Group(CtisPart, frozen=True):
    """Patients or healthy volunteers."""

    name: str | None = None


class Population(CtisPart, frozen=True):
    """populationOfTrialSubjects."""

    clinical_trial_groups: tuple[Group, ...] = ()


class Information(CtisPart, frozen=True):
    """trialInformation."""

    medical_condition: MedicalConditions | None = None
    trial_objective: Objective | None = None
    eligibility_criteria: Eligibility | None = None
    end_point: EndPoints | None = None
    trial_duration: Duration | None = None
    source_of_monetary_support: tuple[Support, ...] = ()
    population_of_trial_subjects: Population | None = None


class Associated(CtisPart, frozen=True):
    """A trial that the record names beside itself."""

    ct_number: str | None = None


class Details(CtisPart, frozen=True):
    """trialDetails."""

    clinical_trial_identifiers: Identifiers | None = None
    trial_information: Information | None = None
    associated_clinical_trials: tuple[Associated, ...] = ()


class Organisation(CtisPart, frozen=True):
    """An organisation."""

    name: str | None = None


class Sponsor(CtisPart, frozen=True):
    """A sponsor."""

    primary: bool | None = None
    is_commercial: bool | None = None
    commercial: str | None = None
    organisation: Organisation | None = None


class Dictionary(CtisPart, frozen=True):
    """What the dictionary of products says."""

    prod_name: str | None = None
    active_substance_name: str | None = None


class Product(CtisPart, frozen=True):
    """A product."""

    product_name: str | None = None
    mp_role_in_trial: str | int | None = None
    product_dictionary_info: Dictionary | None = None


class RowCountry(CtisPart, frozen=True):
    """A country outside the EU and EEA."""

    name: str | None = None


class PartI(CtisPart, frozen=True):
    """What holds in all countries."""

    trial_details: Details | None = None
    sponsors: tuple[Sponsor, ...] = ()
    products: tuple[Product, ...] = ()
    row_countries_info: tuple[RowCountry, ...] = ()


class Address(CtisPart, frozen=True):
    """An address."""

    city: str | None = None
    country_name: str | None = None


class Place(CtisPart, frozen=True):
    """A facility and where it is."""

    organisation: Organisation | None = None
    address: Address | None = None


class TrialSite(CtisPart, frozen=True):
    """A site."""

    organisation_address_info: Place | None = None


class MemberState(CtisPart, frozen=True):
    """A country of the EU or EEA."""

    msc_name: str | None = None


class PartII(CtisPart, frozen=True):
    """What holds in one country."""

    msc_info: MemberState | None = None
    trial_sites: tuple[TrialSite, ...] = ()


class EudraCt(CtisPart, frozen=True):
    """The number in the register before."""

    eudra_ct_code: str | None = None


class Record(CtisPart, frozen=True):
    """A record; `trialkgAbridged` is ours, on the bundled examples only."""

    ct_number: str | None = None
    ct_status: str | int | None = None
    start_date_eu: str | None = msgspec.field(default=None, name="startDateEU")
    submission_date: str | None = None
    last_updated: str | None = None
    trial_phase: str | None = None
    age_group: str | None = None
    gender: str | None = None
    total_number_enrolled: str | int | None = None
    results_first_received: str | None = None
    eudra_ct_info: EudraCt | None = None
    authorized_part_i: PartI | None = msgspec.field(default=None, name="authorizedPartI")
    authorized_parts_ii: tuple[PartII, ...] = msgspec.field(default=(), name="authorizedPartsII")
    trialkg_abridged: bool | None = None
