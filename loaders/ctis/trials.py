"""A version's content as a trial: a pure function.

Paths are those of the older layout: "/authorizedPartI/trialDetails/…"; criteria that the registry
numbers are joined under one path, each on its line.
"""

from __future__ import annotations

import re
from typing import Any, Final

from kg.records import Intervention, Outcome, SecondaryId, Site, Sponsor, Text, Trial
from loaders.ctis import codes, record
from loaders.ctis.versions import REGISTRY
from loaders.parts import countries, criteria, sponsor
from loaders.typed import typed
from loaders.values import Drops, code, count, date, folded, text, yes_or_no

_PAGE: Final = "https://euclinicaltrials.eu/ctis-public/view/"
_DETAILS: Final = "/authorizedPartI/trialDetails"
_INFORMATION: Final = f"{_DETAILS}/trialInformation"
_PHASE = re.compile(r"\bphase (iv|iii|ii|i)\b", re.IGNORECASE)
_NOT_NAMED: Final = frozenset({"n/a", "na", "not applicable", ""})


def parse(content: bytes) -> Trial:
    """Return the trial that a version's content describes."""
    dropped: Drops = []
    stated = typed(content, record.Record, dropped, registry=REGISTRY, id_at=("ctNumber",))
    part = stated.authorized_part_i or record.PartI()
    details = part.trial_details or record.Details()
    registry_id = stated.ct_number or ""
    return Trial(
        registry=REGISTRY,
        registry_id=registry_id,
        source_url=_PAGE + registry_id,
        study_type="InterventionalStudy",
        secondary_ids=_secondary_ids(stated, details),
        interventions=_interventions(part),
        sites=_sites(stated, part),
        abridged=stated.trialkg_abridged is True,
        **_titles(details, registry_id),
        **_codes(stated, dropped),
        **_information(details.trial_information or record.Information()),
        **_dates(stated, details, dropped),
        **_sponsors(part, details),
        dropped=tuple(dropped),
    )


def _titles(details: record.Details, registry_id: str) -> dict[str, Any]:
    stated = details.clinical_trial_identifiers or record.Identifiers()
    field = f"{_DETAILS}/clinicalTrialIdentifiers"
    official = text(stated.full_title, f"{field}/fullTitle")
    return {
        "brief_title": text(stated.public_title, f"{field}/publicTitle")
        or official
        or Text(field="/ctNumber", raw=registry_id, plain=registry_id),
        "official_title": official,
    }


def _codes(stated: record.Record, dropped: Drops) -> dict[str, Any]:
    status = None if stated.ct_status is None else str(stated.ct_status)
    phases = _PHASE.findall(stated.trial_phase or "")
    if stated.trial_phase and not phases:
        code(stated.trial_phase, codes.PHASE, "/trialPhase", dropped)
    ages = [
        code(one, codes.AGE_GROUP, "/ageGroup", dropped)
        for one in (stated.age_group or "").split(",")
    ]
    enrollment = count(stated.total_number_enrolled, "/totalNumberEnrolled", dropped)
    return {
        "recruitment_status": code(status, codes.STATUS, "/ctStatus", dropped),
        "phases": tuple(dict.fromkeys(codes.PHASE[one.lower()] for one in phases)),
        "sex": code(stated.gender, codes.SEX, "/gender", dropped),
        "standard_ages": tuple(dict.fromkeys(one for one in ages if one)),
        "enrollment": enrollment,
        "enrollment_type": None if enrollment is None else "EstimatedEnrollment",
        "has_results": yes_or_no(stated.results_first_received, "/resultsFirstReceived", dropped),
    }


def _information(stated: record.Information) -> dict[str, Any]:
    conditions = (stated.medical_condition or record.MedicalConditions()).part_i_medical_conditions
    eligibility = stated.eligibility_criteria or record.Eligibility()
    objective = stated.trial_objective or record.Objective()
    field = f"{_INFORMATION}/medicalCondition/partIMedicalConditions"
    listed = [
        text(one.medical_condition, f"{field}/{position}/medicalCondition")
        for position, one in enumerate(conditions)
    ]
    groups = (stated.population_of_trial_subjects or record.Population()).clinical_trial_groups
    return {
        "conditions": tuple(one for one in listed if one is not None),
        "brief_summary": text(
            objective.main_objective, f"{_INFORMATION}/trialObjective/mainObjective"
        ),
        "eligibility": criteria(
            "\n".join(
                one.principal_inclusion_criteria or ""
                for one in eligibility.principal_inclusion_criteria
            ),
            "\n".join(
                one.principal_exclusion_criteria or ""
                for one in eligibility.principal_exclusion_criteria
            ),
            f"{_INFORMATION}/eligibilityCriteria",
        ),
        "healthy_volunteers": any("healthy" in folded(one.name or "") for one in groups)
        if groups
        else None,
        "outcomes": tuple(_outcomes(stated.end_point or record.EndPoints())),
    }


def _outcomes(stated: record.EndPoints) -> list[Outcome]:
    made = []
    for kind, listed in (
        ("primary", stated.primary_end_points),
        ("secondary", stated.secondary_end_points),
    ):
        for position, one in enumerate(listed):
            field = f"{_INFORMATION}/endPoint/{kind}EndPoints/{position}/endPoint"
            measure = text(one.end_point, field)
            if measure is not None:
                made.append(Outcome(outcome_type=kind, measure=measure))
    return made


def _dates(stated: record.Record, details: record.Details, dropped: Drops) -> dict[str, Any]:
    information = details.trial_information or record.Information()
    planned = information.trial_duration or record.Duration()
    field = f"{_INFORMATION}/trialDuration"
    start = date(stated.start_date_eu, "/startDateEU", dropped, "ActualDate")
    end = planned.estimated_global_end_date or planned.estimated_end_date
    return {
        "start_date": start
        or date(
            planned.estimated_recruitment_start_date,
            f"{field}/estimatedRecruitmentStartDate",
            dropped,
            "EstimatedDate",
        ),
        "completion_date": date(end, f"{field}/estimatedEndDate", dropped, "EstimatedDate"),
        "first_submitted": date(stated.submission_date, "/submissionDate", dropped),
        "last_update_posted": date(stated.last_updated, "/lastUpdated", dropped),
    }


def _secondary_ids(stated: record.Record, details: record.Details) -> tuple[SecondaryId, ...]:
    identifiers = details.clinical_trial_identifiers or record.Identifiers()
    numbers = identifiers.secondary_identifying_numbers or record.SecondaryNumbers()
    eudract = stated.eudra_ct_info or record.EudraCt()
    listed = [
        (eudract.eudra_ct_code, "EudraCT"),
        (numbers.nct_number and numbers.nct_number.number, "ClinicalTrials.gov"),
        (numbers.isrctn_number and numbers.isrctn_number.number, "ISRCTN"),
        (
            numbers.who_universal_trial_number and numbers.who_universal_trial_number.number,
            "WHO Universal Trial Number",
        ),
        *((one.number, one.other_registry_name) for one in numbers.additional_registries),
        *((one.ct_number, "Associated trial") for one in details.associated_clinical_trials),
        (identifiers.short_title, "Protocol"),
    ]
    made: dict[str, SecondaryId] = {}
    for value, id_type in listed:
        if value and value.strip() not in (stated.ct_number, *made):
            made[value.strip()] = SecondaryId(value=value.strip(), id_type=id_type)
    return tuple(made.values())


def _interventions(part: record.PartI) -> tuple[Intervention, ...]:
    """Return the products, each once, by name and active substance."""
    made: dict[str, Intervention] = {}
    for position, product in enumerate(part.products):
        field = f"/authorizedPartI/products/{position}"
        known = product.product_dictionary_info or record.Dictionary()
        listed = [
            text(product.product_name, f"{field}/productName"),
            text(known.prod_name, f"{field}/productDictionaryInfo/prodName"),
            text(known.active_substance_name, f"{field}/productDictionaryInfo/activeSubstanceName"),
        ]
        named = {
            one.raw.casefold(): one
            for one in reversed(listed)
            if one is not None and folded(one.raw) not in _NOT_NAMED
        }
        names = [one for one in listed if one is not None and one in named.values()]
        if names and names[0].raw.casefold() not in made:
            made[names[0].raw.casefold()] = Intervention(
                name=names[0], other_names=tuple(dict.fromkeys(names[1:]))
            )
    return tuple(made.values())


def _sites(stated: record.Record, part: record.PartI) -> tuple[Site, ...]:
    """Return the sites, and a country for each member state and other country without one."""
    made: list[Site] = []
    bare: list[Text] = []
    for number, one in enumerate(stated.authorized_parts_ii):
        field = f"/authorizedPartsII/{number}"
        country = (one.msc_info or record.MemberState()).msc_name
        sites = [
            _site(site, country, f"{field}/trialSites/{position}")
            for position, site in enumerate(one.trial_sites)
        ]
        made += [site for site in sites if site is not None]
        if country and not sites:
            bare.append(Text(field=f"{field}/mscInfo/mscName", raw=country, plain=country))
    for position, other in enumerate(part.row_countries_info):
        if other.name:
            field = f"/authorizedPartI/rowCountriesInfo/{position}/name"
            bare.append(Text(field=field, raw=other.name, plain=other.name))
    return (*made, *countries(bare))


def _site(stated: record.TrialSite, country: str | None, field: str) -> Site | None:
    place = stated.organisation_address_info or record.Place()
    address = place.address or record.Address()
    where = address.country_name or country
    if where is None:
        return None
    facility = (place.organisation or record.Organisation()).name
    return Site(field=field, country=where, facility=facility, city=address.city)


def _sponsors(part: record.PartI, details: record.Details) -> dict[str, Any]:
    named: list[Sponsor] = []
    for one in sorted(part.sponsors, key=lambda each: not each.primary):
        kind = {True: "IndustrySponsor", False: "OtherSponsor", None: None}[one.is_commercial]
        made = sponsor((one.organisation or record.Organisation()).name, kind)
        if made is not None:
            named.append(made)
    information = details.trial_information or record.Information()
    for support in information.source_of_monetary_support:
        made = sponsor(support.organisation_name)
        if made is not None and made.name not in {one.name for one in named}:
            named.append(made)
    return {
        "lead_sponsor": named[0] if named else None,
        "collaborators": tuple(dict.fromkeys(named[1:])),
    }
