"""A version's content as a trial: a pure function.

Paths are those of the XML as JSON: "/trial/trialDescription/title"; "/trial/participants/inclusion"
holds both criteria, each under its heading, and a number behind a path the nth piece of a list.
"""

from __future__ import annotations

from typing import Any, Final

from kg.records import Age, Intervention, SecondaryId, Site, Sponsor, Text, Trial
from loaders import values
from loaders.isrctn import codes, record
from loaders.isrctn.versions import REGISTRY
from loaders.json_value import Json
from loaders.parts import criteria, outcomes, pieces, sponsor
from loaders.typed import typed
from loaders.values import Drops, code, count, date, folded, text

_PAGE: Final = "https://www.isrctn.com/"
_ID_AT: Final = ("trial", "isrctn")
_NUMBERED: Final = r"\n(?=\d{1,2}\.)"


def parse(content: bytes) -> Trial:
    """Return the trial that a version's content describes."""
    dropped: Drops = []
    full = typed(content, record.FullTrial, dropped, registry=REGISTRY, id_at=_ID_AT)
    trial = full.trial or record.Trial()
    stated = trial.isrctn
    number, assigned = (
        (stated.get("#text"), stated.get("@dateAssigned"))
        if isinstance(stated, dict)
        else (stated, None)
    )
    registry_id = f"ISRCTN{str(number).strip()[-8:]}"
    return Trial(
        registry=REGISTRY,
        registry_id=registry_id,
        source_url=_PAGE + registry_id,
        first_posted=date(assigned, "/trial/isrctn/@dateAssigned", dropped),
        last_update_posted=date(trial.last_updated, "/trial/@lastUpdated", dropped),
        secondary_ids=_secondary_ids(trial.external_refs, registry_id),
        conditions=_conditions(trial),
        interventions=_interventions(trial, dropped),
        phases=_phases(trial, dropped),
        lead_sponsor=_sponsors(full, dropped)[0],
        collaborators=_sponsors(full, [])[1],
        abridged=trial.trialkg_abridged == "true",
        **_titles(trial.trial_description or record.Description(), registry_id),
        **_design(trial.trial_design or record.Design(), dropped),
        **_participants(trial, dropped),
        dropped=tuple(dropped),
    )


def _titles(stated: record.Description, registry_id: str) -> dict[str, Any]:
    field = "/trial/trialDescription"
    official = text(stated.scientific_title, f"{field}/scientificTitle")
    primary = pieces(stated.primary_outcome, f"{field}/primaryOutcome", _NUMBERED)
    secondary = pieces(stated.secondary_outcome, f"{field}/secondaryOutcome", _NUMBERED)
    return {
        "brief_title": text(stated.title, f"{field}/title")
        or official
        or Text(field="/trial/isrctn", raw=registry_id, plain=registry_id),
        "official_title": official,
        "acronym": text(stated.acronym, f"{field}/acronym"),
        "brief_summary": text(stated.plain_english_summary, f"{field}/plainEnglishSummary"),
        "detailed_description": text(stated.study_hypothesis, f"{field}/studyHypothesis"),
        "outcomes": (*outcomes("primary", primary), *outcomes("secondary", secondary)),
    }


def _design(stated: record.Design, dropped: Drops) -> dict[str, Any]:
    field = "/trial/trialDesign"
    types = stated.trial_types.trial_type if stated.trial_types else ()
    purposes = [
        code(one, codes.PURPOSE, f"{field}/trialTypes/trialType/{position}", dropped)
        for position, one in enumerate(types)
    ]
    named = {one for one in purposes if one}
    design = folded(stated.secondary_study_design or "")
    return {
        "study_type": code(
            stated.primary_study_design, codes.STUDY_TYPE, f"{field}/primaryStudyDesign", dropped
        ),
        "primary_purpose": named.pop() if len(named) == 1 else None,
        "allocation": codes.ALLOCATION.get(design),
        "intervention_model": codes.MODEL.get(design),
        "why_stopped": text(stated.reason_abandoned, f"{field}/reasonAbandoned"),
        "completion_date": date(stated.overall_end_date, f"{field}/overallEndDate", dropped),
    }


def _participants(trial: record.Trial, dropped: Drops) -> dict[str, Any]:
    stated = trial.participants or record.Participants()
    design = trial.trial_design or record.Design()
    field = "/trial/participants"
    final = count(stated.total_final_enrolment, f"{field}/totalFinalEnrolment", dropped)
    target = count(stated.target_enrolment, f"{field}/targetEnrolment", dropped)
    kinds = {
        folded(one)
        for one in (stated.participant_types or record.ParticipantTypes()).participant_type
    }
    start = stated.recruitment_start or design.overall_start_date
    return {
        "recruitment_status": code(
            design.overall_status_override
            or stated.recruitment_status_override
            or stated.recruitment_start_status_override,
            codes.STATUS,
            f"{field}/recruitmentStatusOverride",
            dropped,
        ),
        "eligibility": criteria(stated.inclusion, stated.exclusion, f"{field}/inclusion"),
        "sex": code(stated.gender, codes.SEX, f"{field}/gender", dropped),
        "standard_ages": tuple(
            (code(stated.age_range, codes.AGE_RANGE, f"{field}/ageRange", dropped) or "").split()
        ),
        "minimum_age": _age(stated.lower_age_limit, f"{field}/lowerAgeLimit", dropped),
        "maximum_age": _age(stated.upper_age_limit, f"{field}/upperAgeLimit", dropped),
        "healthy_volunteers": ("healthy volunteer" in kinds) if kinds else None,
        "enrollment": target if final is None else final,
        "enrollment_type": "ActualEnrollment"
        if final is not None
        else ("EstimatedEnrollment" if target is not None else None),
        "start_date": date(start, f"{field}/recruitmentStart", dropped),
        "sites": _sites(stated),
    }


def _age(stated: Json, field: str, dropped: Drops) -> Age | None:
    words = stated.get("#text") if isinstance(stated, dict) else stated
    return values.age(
        None if words is None else str(words), "years", field, dropped, codes.NO_AGE_LIMIT
    )


def _sites(stated: record.Participants) -> tuple[Site, ...]:
    """Return the centres, and the countries in which none is named."""
    field = "/trial/participants"
    centres = [
        Site(
            field=f"{field}/trialCentres/trialCentre/{position}",
            country=centre.country,
            facility=centre.name,
            city=centre.city,
            state=centre.state,
        )
        for position, centre in enumerate((stated.trial_centres or record.Centres()).trial_centre)
        if centre.country
    ]
    parts_of = {"england", "scotland", "wales", "northern ireland"}
    named = {site.country.casefold() for site in centres}
    countries = [
        Site(field=f"{field}/recruitmentCountries/country/{position}", country=country)
        for position, country in enumerate(
            (stated.recruitment_countries or record.Countries()).country
        )
        if country.casefold() not in named
        and not (country.casefold() in parts_of and "united kingdom" in named)
    ]
    return (*centres, *countries)


def _secondary_ids(stated: record.References | None, own: str) -> tuple[SecondaryId, ...]:
    refs = stated or record.References()
    listed = [
        (refs.clinical_trials_gov_number, "ClinicalTrials.gov"),
        (refs.eudra_ct_number, "EudraCT"),
        (refs.ctis_number, "CTIS"),
        (refs.iras_number, "IRAS"),
        (refs.protocol_serial_number, "Protocol"),
        *((one, None) for one in (refs.secondary_numbers or record.Numbers()).secondary_number),
    ]
    made: dict[str, SecondaryId] = {}
    for value, id_type in listed:
        if value and value.strip() not in (own, *made) and folded(value) not in codes.NO_NUMBER:
            made[value.strip()] = SecondaryId(value=value.strip(), id_type=id_type)
    return tuple(made.values())


def _conditions(trial: record.Trial) -> tuple[Text, ...]:
    listed = (trial.conditions or record.Conditions()).condition
    found = (
        text(one.description, f"/trial/conditions/condition/{position}/description")
        for position, one in enumerate(listed)
    )
    return tuple(one for one in found if one is not None)


def _interventions(trial: record.Trial, dropped: Drops) -> tuple[Intervention, ...]:
    """Return the drugs that are named, else the text as one intervention."""
    made: list[Intervention] = []
    for position, one in enumerate((trial.interventions or record.Interventions()).intervention):
        field = f"/trial/interventions/intervention/{position}"
        kind = code(
            one.intervention_type, codes.INTERVENTION_TYPE, f"{field}/interventionType", dropped
        )
        described = text(one.description, f"{field}/description")
        names = pieces(one.drug_names, f"{field}/drugNames", r"[;\n]|,\s(?=\w)")
        for nth, name in enumerate(names):
            first = described if nth == 0 else None
            made.append(Intervention(name=name, intervention_type=kind, description=first))
        if described and not names:
            made.append(Intervention(name=described, intervention_type=kind))
    return tuple(made)


def _phases(trial: record.Trial, dropped: Drops) -> tuple[str, ...]:
    found: list[str] = []
    for position, one in enumerate((trial.interventions or record.Interventions()).intervention):
        field = f"/trial/interventions/intervention/{position}/phase"
        found += (code(one.phase, codes.PHASE, field, dropped) or "").split()
    return tuple(dict.fromkeys(found))


def _sponsors(full: record.FullTrial, dropped: Drops) -> tuple[Sponsor | None, tuple[Sponsor, ...]]:
    made = [
        sponsor(
            one.organisation,
            code(
                one.commercial_status,
                codes.SPONSOR_CLASS,
                f"/sponsor/{position}/commercialStatus",
                dropped,
            ),
        )
        for position, one in enumerate(full.sponsor)
    ]
    made += [sponsor(one.name) for one in full.funder]
    named = [one for one in made if one is not None]
    return (named[0] if named else None), tuple(dict.fromkeys(named[1:]))
