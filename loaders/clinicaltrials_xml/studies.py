"""A `<clinical_study>` as a study of the API v2, whose paths its texts have.

Texts lose the line breaks and the indentation with which the registry wrapped them, and nothing
else; positions refer to what is left.
"""

from __future__ import annotations

import html
import re
import textwrap
from typing import Final

from kg.records import RawRecord, Version
from loaders.clinicaltrials import codes
from loaders.clinicaltrials.rebuilding import coded, dated, number, phases, rebuilt, yes
from loaders.clinicaltrials.rebuilding import date as stated_date
from loaders.clinicaltrials.versions import REGISTRY
from loaders.clinicaltrials_xml.record import NOT_READ, ClinicalStudy
from loaders.contents import decoded, fitted
from loaders.json_value import Json
from loaders.typed import at

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n")
_PEOPLE: Final = (
    "contact",
    "contact_backup",
    "investigator",
    "overall_contact",
    "overall_contact_backup",
    "overall_official",
)
_DATES: Final = (
    ("startDateStruct", "start_date", None),
    ("primaryCompletionDateStruct", "primary_completion_date", None),
    ("completionDateStruct", "completion_date", None),
    ("studyFirstPostDateStruct", "study_first_posted", None),
    ("lastUpdatePostDateStruct", "last_update_posted", "lastchanged_date"),
    ("resultsFirstPostDateStruct", "results_first_posted", "firstreceived_results_date"),
)


def version(raw: RawRecord) -> Version:
    """Return the state of a record, or raise RecordError for what is no study."""
    record = decoded(raw, REGISTRY)
    kept, unknown = fitted(record, ClinicalStudy, NOT_READ)
    study = {
        "protocolSection": {
            "identificationModule": _identification(kept),
            "statusModule": _status(kept),
            "sponsorCollaboratorsModule": _sponsors(kept, record),
            "oversightModule": {
                "isFdaRegulatedDrug": yes(
                    words(at(kept, "oversight_info", "is_fda_regulated_drug"))
                ),
                "isFdaRegulatedDevice": yes(
                    words(at(kept, "oversight_info", "is_fda_regulated_device"))
                ),
            },
            "descriptionModule": {
                "briefSummary": unwrapped(at(kept, "brief_summary", "textblock")),
                "detailedDescription": unwrapped(at(kept, "detailed_description", "textblock")),
            },
            "conditionsModule": {
                "conditions": [words(one) for one in kept.get("condition", ())],
                "keywords": [words(one) for one in kept.get("keyword", ())],
            },
            "designModule": _design(kept),
            "armsInterventionsModule": _arms(kept),
            "outcomesModule": _outcomes(kept),
            "eligibilityModule": _eligibility(kept.get("eligibility", {})),
            "contactsLocationsModule": _locations(kept, record),
            "referencesModule": {"references": _references(kept)},
        },
        "hasResults": "clinical_results" in record,
        "trialkgAbridged": words(kept.get("trialkgAbridged")) == "true" or None,
    }
    return rebuilt(study, raw, unknown)


def words(node: Json) -> str | None:
    """Return the text of an element, with or without attributes, without entities."""
    stated = node.get("#text") if isinstance(node, dict) else node
    return html.unescape(stated).strip() or None if isinstance(stated, str) else None


def unwrapped(node: Json) -> str | None:
    """Return a text whose paragraphs stand on one line each, lists keeping their indentation."""
    stated = words({"#text": node} if isinstance(node, str) else node)
    if stated is None:
        return None
    raw = html.unescape(node if isinstance(node, str) else node["#text"])
    lined = raw.replace("\r\n", "\n").replace("\r ", "\n").replace("\r", "\n")
    made = []
    for paragraph in _PARAGRAPH.split(textwrap.dedent(lined)):
        lines = [line for line in paragraph.split("\n") if line.strip()]
        if lines:
            indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
            made.append(indent + " ".join(" ".join(line.split()) for line in lines))
    return "\n\n".join(made).strip("\n")


def _kind(node: Json) -> str | None:
    return node.get("@type") if isinstance(node, dict) else None


def _identification(kept: Json) -> Json:
    info = kept.get("id_info", {})
    return {
        "nctId": words(info.get("nct_id")),
        "nctIdAliases": [words(one) for one in info.get("nct_alias", ())],
        "orgStudyIdInfo": {"id": words(info.get("org_study_id"))},
        "secondaryIdInfos": [{"id": words(one)} for one in info.get("secondary_id", ())],
        "briefTitle": words(kept.get("brief_title")),
        "officialTitle": words(kept.get("official_title")),
        "acronym": words(kept.get("acronym")),
    }


def _status(kept: Json) -> Json:
    made: dict[str, Json] = {
        "overallStatus": coded(words(kept.get("overall_status")), codes.STATUS),
        "lastKnownStatus": coded(words(kept.get("last_known_status")), codes.STATUS),
        "whyStopped": words(kept.get("why_stopped")),
        "statusVerifiedDate": stated_date(words(kept.get("verification_date"))),
        "studyFirstSubmitDate": stated_date(
            words(kept.get("study_first_submitted")) or words(kept.get("firstreceived_date"))
        ),
        "lastUpdateSubmitDate": stated_date(words(kept.get("last_update_submitted"))),
    }
    for key, name, before in _DATES:
        node = kept.get(name) or (kept.get(before) if before else None)
        made[key] = dated(words(node), _kind(node))
    return made


def _sponsors(kept: Json, record: Json) -> Json:
    party = at(record, "responsible_party") or {}
    kind = words(at(party, "responsible_party_type")) or ""
    return {
        "leadSponsor": _agency(at(kept, "sponsors", "lead_sponsor")),
        "collaborators": [_agency(one) for one in at(kept, "sponsors", "collaborator") or ()],
        "responsibleParty": {
            "type": kind.upper().replace(" ", "_").replace("-", "_"),
            "investigatorFullName": words(at(party, "investigator_full_name")),
            "oldNameTitle": words(at(party, "name_title")),
        },
    }


def _agency(node: Json) -> Json:
    return {
        "name": words(at(node, "agency")),
        "class": coded(words(at(node, "agency_class")), codes.SPONSOR_CLASS),
    }


def _design(kept: Json) -> Json:
    info = kept.get("study_design_info", {})
    enrollment = kept.get("enrollment")
    return {
        "studyType": coded(_study_type(words(kept.get("study_type"))), codes.STUDY_TYPE),
        "phases": phases(words(kept.get("phase"))),
        "designInfo": {
            "allocation": coded(words(info.get("allocation")), codes.ALLOCATION),
            "interventionModel": coded(
                words(info.get("intervention_model")), codes.INTERVENTION_MODEL
            ),
            "primaryPurpose": coded(words(info.get("primary_purpose")), codes.PRIMARY_PURPOSE),
            "observationalModel": coded(
                words(info.get("observational_model")), codes.OBSERVATIONAL_MODEL
            ),
            "timePerspective": coded(words(info.get("time_perspective")), codes.TIME_PERSPECTIVE),
            "maskingInfo": {"masking": coded(words(info.get("masking")), codes.MASKING)},
        },
        "enrollmentInfo": {
            "count": number(words(enrollment)),
            "type": coded(_kind(enrollment), codes.ENROLLMENT_TYPE),
        },
    }


def _study_type(label: str | None) -> str | None:
    """Return the type; a withheld study has "N/A", which is none."""
    return None if label == "N/A" else label


def _arms(kept: Json) -> Json:
    return {
        "armGroups": [
            {
                "label": words(arm.get("arm_group_label")),
                "type": coded(words(arm.get("arm_group_type")), codes.ARM_TYPE),
                "description": words(arm.get("description")),
            }
            for arm in kept.get("arm_group", ())
        ],
        "interventions": [
            {
                "type": coded(words(one.get("intervention_type")), codes.INTERVENTION_TYPE),
                "name": words(one.get("intervention_name")),
                "description": words(one.get("description")),
                "armGroupLabels": [words(label) for label in one.get("arm_group_label", ())],
                "otherNames": [words(name) for name in one.get("other_name", ())],
            }
            for one in kept.get("intervention", ())
        ],
    }


def _outcomes(kept: Json) -> Json:
    return {
        f"{kind}Outcomes": [
            {
                "measure": words(one.get("measure")),
                "timeFrame": words(one.get("time_frame")),
                "description": words(one.get("description")),
            }
            for one in kept.get(f"{kind}_outcome", ())
        ]
        for kind in ("primary", "secondary", "other")
    }


def _eligibility(kept: Json) -> Json:
    return {
        "eligibilityCriteria": unwrapped(at(kept, "criteria", "textblock")),
        "sex": coded(words(kept.get("gender")), codes.SEX),
        "minimumAge": words(kept.get("minimum_age")),
        "maximumAge": words(kept.get("maximum_age")),
        "healthyVolunteers": yes(words(kept.get("healthy_volunteers"))),
    }


def _locations(kept: Json, record: Json) -> Json:
    """Return the sites, and the people, who are named there only to be masked."""
    return {
        "locations": [
            {
                "facility": words(at(one, "facility", "name")),
                "city": words(at(one, "facility", "address", "city")),
                "state": words(at(one, "facility", "address", "state")),
                "country": words(at(one, "facility", "address", "country")),
                "status": coded(words(one.get("status")), codes.STATUS),
            }
            for one in kept.get("location", ())
        ],
        "centralContacts": [{"name": name} for name in people(record)],
    }


def people(record: Json) -> list[str]:
    """Return the names of contacts, officials and investigators."""
    places = [record, *_listed(record.get("location"))]
    stated = (
        words(at(one, "last_name"))
        for place in places
        if isinstance(place, dict)
        for key in _PEOPLE
        for one in _listed(place.get(key))
    )
    return sorted({name for name in stated if name})


def _listed(node: Json) -> list[Json]:
    return node if isinstance(node, list) else [] if node is None else [node]


def _references(kept: Json) -> Json:
    return [
        {
            "citation": words(one.get("citation")),
            "pmid": words(one.get("PMID")),
            "type": kind,
        }
        for key, kind in (("reference", None), ("results_reference", "RESULT"))
        for one in kept.get(key, ())
    ]
