"""The modules of a study as fields of a trial, one function a module."""

from __future__ import annotations

from typing import Any, Final

from kg.records import (
    Dropped,
    Mesh,
    Outcome,
    PartialDate,
    Reference,
    SecondaryId,
    Sponsor,
    Text,
)
from loaders.clinicaltrials import codes, study
from loaders.clinicaltrials.values import (
    age,
    code,
    coded,
    date,
    plain_text,
    text,
    texts,
    typed_date,
    words,
)
from loaders.masking import MARK

_PAGE: Final = "https://clinicaltrials.gov/study/"
_PROTOCOL: Final = "/protocolSection"

Drops = list[Dropped]
# Fields of Trial by name; Trial itself refuses a name or value that it does not know.
Fields = dict[str, Any]


def identification(module: study.Identification | None, dropped: Drops) -> Fields:
    """Return identifiers and titles; a record without a title is called by its identifier."""
    module = module or study.Identification()
    field = f"{_PROTOCOL}/identificationModule"
    registry_id = module.nct_id or ""
    official = text(module.official_title, f"{field}/officialTitle")
    title = text(module.brief_title, f"{field}/briefTitle") or official
    if title is None:
        reason = "no title; the identifier stands in for it"
        dropped.append(Dropped(field=f"{field}/briefTitle", value="", reason=reason))
        title = Text(field=f"{field}/nctId", raw=registry_id, plain=registry_id)
    return {
        "registry_id": registry_id,
        "source_url": _PAGE + registry_id,
        "brief_title": title,
        "official_title": official,
        "acronym": text(module.acronym, f"{field}/acronym"),
        "former_ids": tuple(alias for alias in module.nct_id_aliases or () if alias),
        "secondary_ids": _secondary_ids(module, field, dropped),
    }


def _secondary_ids(
    module: study.Identification, field: str, dropped: Drops
) -> tuple[SecondaryId, ...]:
    own = module.org_study_id_info or study.StudyId()
    listed = [(f"{field}/orgStudyIdInfo/id", own.id, "ORG_STUDY_ID")]
    for position, info in enumerate(module.secondary_id_infos or ()):
        if info is not None:
            listed.append((f"{field}/secondaryIdInfos/{position}/id", info.id, info.type or ""))
    made = []
    for place, stated, id_type in listed:
        value = words(stated)
        if value is not None and MARK in value:
            dropped.append(Dropped(field=place, value=value, reason="an address of a person"))
        elif value is not None:
            made.append(SecondaryId(value=value, id_type=id_type or None))
    return tuple(dict.fromkeys(made))


def status(module: study.Status | None, dropped: Drops) -> Fields:
    """Return the status and the dates."""
    module = module or study.Status()
    field = f"{_PROTOCOL}/statusModule"

    def dated(struct: study.DateStruct | None, key: str) -> PartialDate | None:
        return typed_date(struct, f"{field}/{key}", dropped)

    return {
        "recruitment_status": code(
            module.overall_status, codes.STATUS, f"{field}/overallStatus", dropped
        ),
        "last_known_status": code(
            module.last_known_status, codes.STATUS, f"{field}/lastKnownStatus", dropped
        ),
        "why_stopped": text(module.why_stopped, f"{field}/whyStopped"),
        "start_date": dated(module.start_date_struct, "startDateStruct"),
        "primary_completion_date": dated(
            module.primary_completion_date_struct, "primaryCompletionDateStruct"
        ),
        "completion_date": dated(module.completion_date_struct, "completionDateStruct"),
        "first_submitted": date(
            module.study_first_submit_date, f"{field}/studyFirstSubmitDate", dropped
        ),
        "first_posted": dated(module.study_first_post_date_struct, "studyFirstPostDateStruct"),
        "last_update_posted": dated(
            module.last_update_post_date_struct, "lastUpdatePostDateStruct"
        ),
        "results_first_posted": dated(
            module.results_first_post_date_struct, "resultsFirstPostDateStruct"
        ),
        "status_verified": date(
            module.status_verified_date, f"{field}/statusVerifiedDate", dropped
        ),
    }


def sponsors(module: study.SponsorCollaborators | None, dropped: Drops) -> Fields:
    """Return who is responsible and who supports; people without their names."""
    module = module or study.SponsorCollaborators()
    field = f"{_PROTOCOL}/sponsorCollaboratorsModule"
    made = (
        _sponsor(each, f"{field}/collaborators/{position}", dropped)
        for position, each in enumerate(module.collaborators or ())
    )
    return {
        "lead_sponsor": _sponsor(module.lead_sponsor, f"{field}/leadSponsor", dropped),
        "collaborators": tuple(each for each in made if each is not None),
    }


def _sponsor(stated: study.Sponsor | None, field: str, dropped: Drops) -> Sponsor | None:
    if stated is None:
        return None
    kind = code(stated.class_, codes.SPONSOR_CLASS, f"{field}/class", dropped)
    if stated.name is None:
        dropped.append(Dropped(field=f"{field}/name", value="", reason="a sponsor without a name"))
        return None
    name = words(stated.name) or ""
    return Sponsor(name=name, sponsor_class=kind, person=not name)


def oversight(module: study.Oversight | None) -> Fields:
    """Return what the registrant says of regulation."""
    module = module or study.Oversight()
    return {
        "fda_regulated_drug": module.is_fda_regulated_drug,
        "fda_regulated_device": module.is_fda_regulated_device,
    }


def descriptions(module: study.Description | None) -> Fields:
    """Return the two descriptions of the trial."""
    module = module or study.Description()
    field = f"{_PROTOCOL}/descriptionModule"
    return {
        "brief_summary": text(module.brief_summary, f"{field}/briefSummary"),
        "detailed_description": text(module.detailed_description, f"{field}/detailedDescription"),
    }


def conditions(module: study.Conditions | None) -> Fields:
    """Return conditions and keywords as listed."""
    module = module or study.Conditions()
    field = f"{_PROTOCOL}/conditionsModule"
    return {
        "conditions": texts(module.conditions, f"{field}/conditions"),
        "keywords": texts(module.keywords, f"{field}/keywords"),
    }


def design(module: study.Design | None, dropped: Drops) -> Fields:
    """Return the codes of the design and the enrolment."""
    module = module or study.Design()
    field = f"{_PROTOCOL}/designModule"
    info = module.design_info or study.DesignInfo()
    masking = info.masking_info.masking if info.masking_info else None
    enrollment = module.enrollment_info or study.EnrollmentInfo()

    def meant(value: str | None, table: codes.Codes, key: str) -> str | None:
        return code(value, table, f"{field}/{key}", dropped)

    return {
        "study_type": meant(module.study_type, codes.STUDY_TYPE, "studyType"),
        "phases": coded(module.phases, codes.PHASE, f"{field}/phases", dropped),
        "allocation": meant(info.allocation, codes.ALLOCATION, "designInfo/allocation"),
        "intervention_model": meant(
            info.intervention_model, codes.INTERVENTION_MODEL, "designInfo/interventionModel"
        ),
        "primary_purpose": meant(
            info.primary_purpose, codes.PRIMARY_PURPOSE, "designInfo/primaryPurpose"
        ),
        "observational_model": meant(
            info.observational_model, codes.OBSERVATIONAL_MODEL, "designInfo/observationalModel"
        ),
        "time_perspective": meant(
            info.time_perspective, codes.TIME_PERSPECTIVE, "designInfo/timePerspective"
        ),
        "masking": meant(masking, codes.MASKING, "designInfo/maskingInfo/masking"),
        "enrollment": _count(enrollment.count, f"{field}/enrollmentInfo/count", dropped),
        "enrollment_type": meant(enrollment.type, codes.ENROLLMENT_TYPE, "enrollmentInfo/type"),
    }


def _count(number: int | None, field: str, dropped: Drops) -> int | None:
    if number is not None and number < 0:
        dropped.append(Dropped(field=field, value=str(number), reason="a count below zero"))
        return None
    return number


def eligibility(module: study.Eligibility | None, dropped: Drops) -> Fields:
    """Return who may take part."""
    module = module or study.Eligibility()
    field = f"{_PROTOCOL}/eligibilityModule"
    return {
        "eligibility": text(module.eligibility_criteria, f"{field}/eligibilityCriteria"),
        "healthy_volunteers": module.healthy_volunteers,
        "sex": code(module.sex, codes.SEX, f"{field}/sex", dropped),
        "standard_ages": coded(module.std_ages, codes.STANDARD_AGE, f"{field}/stdAges", dropped),
        "minimum_age": age(module.minimum_age, f"{field}/minimumAge", dropped),
        "maximum_age": age(module.maximum_age, f"{field}/maximumAge", dropped),
    }


def derived(section: study.Derived | None) -> Fields:
    """Return the MeSH terms that the registry found, apart from what the registrant stated."""
    section = section or study.Derived()
    browsed = [
        module
        for module in (section.condition_browse_module, section.intervention_browse_module)
        if module is not None
    ]
    return {
        "registry_mesh": _mesh([term for module in browsed for term in module.meshes or ()]),
        "registry_mesh_ancestors": _mesh(
            [term for module in browsed for term in module.ancestors or ()]
        ),
    }


def _mesh(terms: list[study.MeshTerm | None]) -> tuple[Mesh, ...]:
    named = {term.id: Mesh(id=term.id, term=term.term or "") for term in terms if term and term.id}
    return tuple(named.values())


def outcomes(module: study.Outcomes | None, dropped: Drops) -> tuple[Outcome, ...]:
    """Return what is measured: primary, secondary and other outcomes in this order."""
    module = module or study.Outcomes()
    made = []
    for kind, listed in (
        ("primary", module.primary_outcomes),
        ("secondary", module.secondary_outcomes),
        ("other", module.other_outcomes),
    ):
        for position, each in enumerate(listed or ()):
            field = f"{_PROTOCOL}/outcomesModule/{kind}Outcomes/{position}"
            measure = text(each.measure, f"{field}/measure") if each else None
            if each is None or measure is None:
                dropped.append(
                    Dropped(field=field, value="", reason="an outcome without a measure")
                )
                continue
            made.append(
                Outcome(
                    outcome_type=kind,
                    measure=measure,
                    time_frame=words(each.time_frame),
                    description=text(each.description, f"{field}/description"),
                )
            )
    return tuple(made)


def references(module: study.References | None, dropped: Drops) -> tuple[Reference, ...]:
    """Return the publications that the record names."""
    module = module or study.References()
    made = []
    for position, each in enumerate(module.references or ()):
        citation = plain_text(each.citation).strip() if each and each.citation else ""
        if each is None or not (citation or each.pmid):
            field = f"{_PROTOCOL}/referencesModule/references/{position}"
            dropped.append(Dropped(field=field, value="", reason="a reference to nothing"))
            continue
        made.append(Reference(citation=citation, pmid=words(each.pmid), reference_type=each.type))
    return tuple(made)
