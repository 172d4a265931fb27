"""ClinicalTrials.gov, the CSV that its site lets people download, as studies of the API v2.

Two headers are known: that of the present site and that of the one before 2024. Lists are divided
by "|". The words are the registry's, but sites have no status and arms are not there, so that a
row counts as a copy: it stands in where no record of the API is known and never displaces one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import msgspec

from kg.records import COPY, RawRecord, Version
from loaders import clinicaltrials
from loaders.clinicaltrials import codes
from loaders.clinicaltrials.rebuilding import coded, date, dated, number, phases, rebuilt
from loaders.clinicaltrials.versions import REGISTRY
from loaders.contents import decoded
from loaders.json_value import Json
from loaders.rows import header, read_rows

NAME: Final = "clinicaltrials_csv"

# What the site before 2024 called a column that the present one calls otherwise.
FORMER: Final[Mapping[str, str]] = {
    "Title": "Study Title",
    "Status": "Study Status",
    "Gender": "Sex",
    "Funded Bys": "Funder Type",
    "Study Designs": "Study Design",
    "URL": "Study URL",
    "Outcome Measures": "Primary Outcome Measures",
}

READ: Final = frozenset(
    {
        "Acronym",
        "Age",
        "Brief Summary",
        "Collaborators",
        "Completion Date",
        "Conditions",
        "Enrollment",
        "First Posted",
        "Funder Type",
        "Interventions",
        "Last Update Posted",
        "Locations",
        "NCT Number",
        "Other IDs",
        "Other Outcome Measures",
        "Phases",
        "Primary Completion Date",
        "Primary Outcome Measures",
        "Results First Posted",
        "Secondary Outcome Measures",
        "Sex",
        "Sponsor",
        "Sponsor/Collaborators",
        "Start Date",
        "Study Design",
        "Study Results",
        "Study Status",
        "Study Title",
        "Study Type",
        "trialkgAbridged",
    }
)
UNREAD: Final = ("Rank", "Study Documents", "Study URL")

_DESIGN: Final = re.compile(r"(?:^|\|)\s*([A-Za-z ]+):\s*([^|]*)")
_TYPED: Final = re.compile(r"([A-Za-z_ ]{4,20}): *(.+)", re.DOTALL)
_POSTAL: Final = re.compile(r"(?=.*\d)[A-Z0-9 -]{3,10}")
_CITY_AND_STATE: Final = 2
_AGES: Final = {"child": "CHILD", "adult": "ADULT", "older_adult": "OLDER_ADULT"}


def version(raw: RawRecord) -> Version:
    """Return the state of a row, or raise RecordError for one without an NCT number."""
    stated = {FORMER.get(key, key): value for key, value in decoded(raw, REGISTRY).items()}
    row = {key: str(value) for key, value in stated.items() if key in READ}
    unknown = tuple(sorted(set(stated) - READ - set(UNREAD)))
    design = {key.strip(): value.strip() for key, value in _design(row.get("Study Design", ""))}
    study = {
        "protocolSection": {
            "identificationModule": _identification(row),
            "statusModule": _status(row),
            "sponsorCollaboratorsModule": _sponsors(row),
            "descriptionModule": {"briefSummary": row.get("Brief Summary")},
            "conditionsModule": {"conditions": _listed(row, "Conditions")},
            "designModule": _design_module(row, design),
            "armsInterventionsModule": {
                "interventions": [_intervention(one) for one in _listed(row, "Interventions")]
            },
            "outcomesModule": {
                f"{kind.lower()}Outcomes": [
                    _outcome(one) for one in _listed(row, f"{kind} Outcome Measures")
                ]
                for kind in ("Primary", "Secondary", "Other")
            },
            "eligibilityModule": {
                "sex": coded(row.get("Sex"), codes.SEX),
                "stdAges": _ages(row.get("Age", "")),
            },
            "contactsLocationsModule": {
                "locations": [_location(one) for one in _listed(row, "Locations")]
            },
        },
        "hasResults": _has_results(row.get("Study Results", "")),
        "trialkgAbridged": row.get("trialkgAbridged") == "true" or None,
    }
    return rebuilt(study, raw, unknown)


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with the header of a download."""
    columns = {FORMER.get(column, column) for column in header(head)}
    return {"NCT Number", "Study Title", "Study Status"}.issubset(columns)


def _listed(row: Mapping[str, str], column: str) -> list[str]:
    return [part.strip() for part in row.get(column, "").split("|") if part.strip()]


def _identification(row: Mapping[str, str]) -> Json:
    own, *others = _listed(row, "Other IDs") or [""]
    return {
        "nctId": row.get("NCT Number", "").strip(),
        "orgStudyIdInfo": {"id": own},
        "secondaryIdInfos": [{"id": other} for other in others],
        "briefTitle": row.get("Study Title"),
        "acronym": row.get("Acronym"),
    }


def _sponsors(row: Mapping[str, str]) -> Json:
    lead, *others = row.get("Sponsor/Collaborators", "").split("|")
    return {
        "leadSponsor": {
            "name": row.get("Sponsor") or lead,
            "class": coded(row.get("Funder Type"), codes.SPONSOR_CLASS),
        },
        "collaborators": [{"name": name} for name in _listed(row, "Collaborators") or others],
    }


def _status(row: Mapping[str, str]) -> Json:
    return {
        "overallStatus": coded(row.get("Study Status"), codes.STATUS),
        "startDateStruct": {"date": date(row.get("Start Date"))},
        "primaryCompletionDateStruct": {"date": date(row.get("Primary Completion Date"))},
        "completionDateStruct": {"date": date(row.get("Completion Date"))},
        "studyFirstPostDateStruct": dated(row.get("First Posted")),
        "resultsFirstPostDateStruct": dated(row.get("Results First Posted")),
        "lastUpdatePostDateStruct": dated(row.get("Last Update Posted")),
    }


def _design(stated: str) -> Iterator[tuple[str, str]]:
    """Yield "Allocation: RANDOMIZED" and the like as pairs."""
    return ((found[1], found[2]) for found in _DESIGN.finditer(stated))


def _design_module(row: Mapping[str, str], design: Mapping[str, str]) -> Json:
    return {
        "studyType": coded(row.get("Study Type"), codes.STUDY_TYPE),
        "phases": phases(row.get("Phases")),
        "enrollmentInfo": {"count": number(row.get("Enrollment"))},
        "designInfo": {
            "allocation": coded(design.get("Allocation"), codes.ALLOCATION),
            "interventionModel": coded(design.get("Intervention Model"), codes.INTERVENTION_MODEL),
            "primaryPurpose": coded(design.get("Primary Purpose"), codes.PRIMARY_PURPOSE),
            "observationalModel": coded(
                design.get("Observational Model"), codes.OBSERVATIONAL_MODEL
            ),
            "timePerspective": coded(design.get("Time Perspective"), codes.TIME_PERSPECTIVE),
            "maskingInfo": {"masking": coded(design.get("Masking"), codes.MASKING)},
        },
    }


def _intervention(stated: str) -> Json:
    found = _TYPED.fullmatch(stated)
    kind = coded(found[1], codes.INTERVENTION_TYPE) if found else None
    if found is None or kind not in codes.INTERVENTION_TYPE:
        return {"name": stated}
    return {"type": kind, "name": found[2]}


def _outcome(stated: str) -> Json:
    """Return what is measured; the site writes "measure, description, time frame" as one."""
    return {"measure": stated}


def _ages(stated: str) -> list[str]:
    """Return the age groups, which the present site writes as "ADULT, OLDER_ADULT"."""
    listed = [part.strip().casefold() for part in re.split(r",\s*", stated)]
    return [_AGES[part] for part in listed if part in _AGES]


def _location(stated: str) -> Json:
    """Return a site of "facility, city, state, code, country", of which some may be absent."""
    *rest, country = (part.strip() for part in stated.split(", "))
    named = [part for part in rest if not _POSTAL.fullmatch(part)]
    if len(named) <= _CITY_AND_STATE + 1:
        facility, city = ([*named, "", ""])[:2]
    else:
        facility, city = ", ".join(named[:-_CITY_AND_STATE]), named[-_CITY_AND_STATE]
    return {"facility": facility, "city": city, "country": country}


def _has_results(stated: str) -> bool | None:
    meant = {"yes": True, "has results": True, "no": False, "no results available": False}
    return meant.get(stated.strip().casefold())


LOADER: Final = msgspec.structs.replace(
    clinicaltrials.LOADER,
    name=NAME,
    standing=COPY,
    title="ClinicalTrials.gov (CSV download)",
    reads="the CSV that the site lets people download, with the present header or the one before",
    obtain="https://clinicaltrials.gov/search: Download, file format CSV, all available fields",
    unread=UNREAD,
    read=partial(read_rows, REGISTRY, "NCT Number"),
    version=version,
    recognises=recognises,
)
