"""The rows of a study as a study of the API v2, whose paths its texts have."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from kg.records import RawRecord, Version
from loaders.clinicaltrials import codes
from loaders.clinicaltrials.rebuilding import (
    coded,
    date,
    dated,
    number,
    phases,
    rebuilt,
    typed_name,
    yes,
)
from loaders.clinicaltrials.versions import REGISTRY
from loaders.contents import decoded
from loaders.json_value import Json
from loaders.values import cleaned

_TEXT_TABLES: Final = {
    "briefSummary": "brief_summaries",
    "detailedDescription": "detailed_descriptions",
}
_DATES: Final = (
    ("startDateStruct", "start"),
    ("primaryCompletionDateStruct", "primary_completion"),
    ("completionDateStruct", "completion"),
)
_POSTED: Final = (
    ("studyFirstPostDateStruct", "study_first_posted"),
    ("lastUpdatePostDateStruct", "last_update_posted"),
    ("resultsFirstPostDateStruct", "results_first_posted"),
)
_AGES: Final = (("child", "CHILD"), ("adult", "ADULT"), ("older_adult", "OLDER_ADULT"))

Rows = dict[str, list[dict[str, str]]]


def version(raw: RawRecord) -> Version:
    """Return the state of a study, or raise RecordError for one without an NCT number."""
    record = decoded(raw, REGISTRY)
    unknown = tuple(record.pop("unknownColumns", ()))
    tables: Rows = defaultdict(list, record)
    (study,) = tables["studies"] or [{}]
    texts = {
        key: cleaned(tables[table][0].get("description", "")) if tables[table] else None
        for key, table in _TEXT_TABLES.items()
    }
    rebuilt_study = {
        "protocolSection": {
            "identificationModule": _identification(study, tables),
            "statusModule": _status(study),
            "sponsorCollaboratorsModule": _sponsors(tables),
            "oversightModule": {
                "isFdaRegulatedDrug": yes(study.get("is_fda_regulated_drug")),
                "isFdaRegulatedDevice": yes(study.get("is_fda_regulated_device")),
            },
            "descriptionModule": texts,
            "conditionsModule": {
                "conditions": [row.get("name") for row in tables["conditions"]],
                "keywords": [row.get("name") for row in tables["keywords"]],
            },
            "designModule": _design(study, tables),
            "armsInterventionsModule": _arms(tables),
            "outcomesModule": _outcomes(tables),
            "eligibilityModule": _eligibility(tables),
            "contactsLocationsModule": _locations(tables),
            "referencesModule": {"references": _references(tables)},
        },
        "hasResults": "results_first_posted_date" in study,
        "trialkgAbridged": study.get("trialkgAbridged") == "true" or None,
    }
    return rebuilt(rebuilt_study, raw, unknown)


def _identification(study: dict[str, str], tables: Rows) -> Json:
    ids = tables["id_information"]

    def of(source: str) -> list[dict[str, str]]:
        return [row for row in ids if source in (row.get("id_source"), row.get("id_type"))]

    own = of("org_study_id")
    return {
        "nctId": study.get("nct_id", "").strip(),
        "nctIdAliases": [row.get("id_value") for row in of("nct_alias")],
        "orgStudyIdInfo": {"id": own[0].get("id_value") if own else None},
        "secondaryIdInfos": [
            {"id": row.get("id_value"), "type": row.get("id_type")} for row in of("secondary_id")
        ],
        "briefTitle": study.get("brief_title"),
        "officialTitle": study.get("official_title"),
        "acronym": study.get("acronym"),
    }


def _status(study: dict[str, str]) -> Json:
    made: dict[str, Json] = {
        "overallStatus": coded(study.get("overall_status"), codes.STATUS),
        "lastKnownStatus": coded(study.get("last_known_status"), codes.STATUS),
        "whyStopped": study.get("why_stopped"),
        "statusVerifiedDate": _precise(study, "verification"),
        "studyFirstSubmitDate": date(study.get("study_first_submitted_date")),
        "lastUpdateSubmitDate": date(study.get("last_update_submitted_date")),
    }
    for key, name in _DATES:
        kind = study.get(f"{name}_date_type")
        made[key] = {"date": _precise(study, name), "type": coded(kind, codes.DATE_TYPE)}
    for key, name in _POSTED:
        made[key] = dated(study.get(f"{name}_date"), study.get(f"{name}_date_type"))
    return made


def _precise(study: dict[str, str], name: str) -> str | None:
    """Return a date as precise as the registrant gave it, which the month and year column keeps."""
    return date(study.get(f"{name}_month_year") or study.get(f"{name}_date"))


def _sponsors(tables: Rows) -> Json:
    listed: dict[str, list[Json]] = {"lead": [], "collaborator": []}
    for row in tables["sponsors"]:
        made = {
            "name": row.get("name"),
            "class": coded(row.get("agency_class"), codes.SPONSOR_CLASS),
        }
        listed.setdefault(row.get("lead_or_collaborator", ""), []).append(made)
    party = (tables["responsible_parties"] or [{}])[0]
    kind = party.get("responsible_party_type", "")
    return {
        "leadSponsor": (listed["lead"] or [None])[0],
        "collaborators": [*listed["lead"][1:], *listed["collaborator"]],
        "responsibleParty": {
            "type": kind.upper().replace(" ", "_").replace("-", "_"),
            "investigatorFullName": party.get("name"),
            "oldNameTitle": party.get("old_name_title"),
        },
    }


def _design(study: dict[str, str], tables: Rows) -> Json:
    design = (tables["designs"] or [{}])[0]
    return {
        "studyType": coded(study.get("study_type"), codes.STUDY_TYPE),
        "phases": phases(study.get("phase")),
        "designInfo": {
            "allocation": coded(design.get("allocation"), codes.ALLOCATION),
            "interventionModel": coded(design.get("intervention_model"), codes.INTERVENTION_MODEL),
            "primaryPurpose": coded(design.get("primary_purpose"), codes.PRIMARY_PURPOSE),
            "observationalModel": coded(
                design.get("observational_model"), codes.OBSERVATIONAL_MODEL
            ),
            "timePerspective": coded(design.get("time_perspective"), codes.TIME_PERSPECTIVE),
            "maskingInfo": {"masking": coded(design.get("masking"), codes.MASKING)},
        },
        "enrollmentInfo": {
            "count": number(study.get("enrollment")),
            "type": coded(study.get("enrollment_type"), codes.ENROLLMENT_TYPE),
        },
    }


def _arms(tables: Rows) -> Json:
    labels = {row.get("id"): row.get("title") for row in tables["design_groups"]}
    given, names = defaultdict(list), defaultdict(list)
    for row in tables["design_group_interventions"]:
        given[row.get("design_group_id")].append(row.get("intervention_id"))
    for row in tables["intervention_other_names"]:
        names[row.get("intervention_id")].append(row.get("name"))
    kinds = {
        row.get("id"): coded(row.get("intervention_type"), codes.INTERVENTION_TYPE)
        for row in tables["interventions"]
    }
    called = {
        row.get("id"): typed_name(kinds[row.get("id")], row.get("name", ""))
        for row in tables["interventions"]
    }
    return {
        "armGroups": [
            {
                "label": labels[row.get("id")],
                "type": coded(row.get("group_type"), codes.ARM_TYPE),
                "description": row.get("description"),
                "interventionNames": [called[one] for one in given[row.get("id")] if one in called],
            }
            for row in tables["design_groups"]
        ],
        "interventions": [
            {
                "type": kinds[row.get("id")],
                "name": row.get("name"),
                "description": row.get("description"),
                "otherNames": names[row.get("id")],
            }
            for row in tables["interventions"]
        ],
    }


def _outcomes(tables: Rows) -> Json:
    return {
        f"{kind}Outcomes": [
            {
                "measure": row.get("measure"),
                "timeFrame": row.get("time_frame"),
                "description": row.get("description"),
            }
            for row in tables["design_outcomes"]
            if row.get("outcome_type", "").casefold() == kind
        ]
        for kind in ("primary", "secondary", "other")
    }


def _eligibility(tables: Rows) -> Json:
    row = (tables["eligibilities"] or [{}])[0]
    return {
        "eligibilityCriteria": row.get("criteria"),
        "sex": coded(row.get("gender"), codes.SEX),
        "minimumAge": row.get("minimum_age"),
        "maximumAge": row.get("maximum_age"),
        "healthyVolunteers": yes(row.get("healthy_volunteers")),
        "stdAges": [meant for column, meant in _AGES if yes(row.get(column))],
    }


def _locations(tables: Rows) -> Json:
    people = ("central_contacts", "facility_contacts", "facility_investigators")
    return {
        "locations": [
            {
                "facility": row.get("name"),
                "city": row.get("city"),
                "state": row.get("state"),
                "country": row.get("country"),
                "status": coded(row.get("status"), codes.STATUS),
                "geoPoint": _point(row.get("latitude"), row.get("longitude")),
            }
            for row in tables["facilities"]
        ],
        "centralContacts": [
            {"name": row.get("name")}
            for table in (*people, "overall_officials")
            for row in tables[table]
        ],
    }


def _point(latitude: str | None, longitude: str | None) -> Json:
    try:
        return {"lat": float(latitude or ""), "lon": float(longitude or "")}
    except ValueError:
        return None


def _references(tables: Rows) -> Json:
    return [
        {
            "citation": row.get("citation"),
            "pmid": row.get("pmid"),
            "type": row.get("reference_type", "").upper(),
        }
        for row in tables["study_references"]
    ]
