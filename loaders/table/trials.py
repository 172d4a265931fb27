"""A row of a mapped table as version and as trial."""

from __future__ import annotations

import re
from typing import Any, Final

from kg.records import Intervention, RawRecord, SecondaryId, Site, Text, Trial, Version
from loaders import values
from loaders.contents import Part, canonical, decoded, fitted, refused
from loaders.ictrp import codes
from loaders.parts import countries, criteria, pieces, sponsor, sponsors, without_person
from loaders.typed import typed
from loaders.values import Drops, cleaned, code, count, date, day_of, text

NAME: Final = "table"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/:-]{0,79}", re.ASCII)
_KEPT_APART: Final = ("people", "unknown")
_BARE: Final = frozenset({"id", "registry", "secondary_ids", "source_url"})


class Row(Part, frozen=True):
    """A row by the fields that its mapping names."""

    registry: str | None = None
    id: str | None = None
    divided_by: str | None = None
    acronym: str | None = None
    brief_summary: str | None = None
    brief_title: str | None = None
    city: str | None = None
    collaborators: str | None = None
    completion_date: str | None = None
    conditions: str | None = None
    countries: str | None = None
    detailed_description: str | None = None
    enrollment: str | None = None
    exclusion: str | None = None
    facility: str | None = None
    first_posted: str | None = None
    inclusion: str | None = None
    interventions: str | None = None
    keywords: str | None = None
    last_update_posted: str | None = None
    lead_sponsor: str | None = None
    maximum_age: str | None = None
    minimum_age: str | None = None
    official_title: str | None = None
    phase: str | None = None
    primary_completion_date: str | None = None
    recruitment_status: str | None = None
    secondary_ids: str | None = None
    sex: str | None = None
    source_url: str | None = None
    start_date: str | None = None
    study_type: str | None = None
    why_stopped: str | None = None


def version(raw: RawRecord) -> Version:
    """Return the state of a row, or raise RecordError for one without an identifier."""
    record = decoded(raw, NAME)
    registry = str(record.get("registry") or NAME)
    stated = str(record.get("id") or "").strip()
    if _ID.fullmatch(stated) is None:
        reason = f"{stated[:40]!r} is no identifier"
        remedy = "give each row one of letters, digits and . _ - / :"
        raise refused(raw, registry, reason, field="id", remedy=remedy)
    people = record.get("people", [])
    kept, _ = fitted(record, Row, _KEPT_APART)
    kept = {key: cleaned(value) for key, value in kept.items() if isinstance(value, str)}
    kept["lead_sponsor"] = without_person(kept.get("lead_sponsor"), people)
    updated = day_of(kept.get("last_update_posted", ""))
    return Version(
        registry=registry,
        registry_id=stated,
        content=canonical({key: value for key, value in kept.items() if value}, people, _BARE),
        last_update=updated[0] if updated else None,
        modules=len(kept),
        unknown_keys=tuple(record.get("unknown", ())),
    )


def parse(content: bytes) -> Trial:
    """Return the trial that a row describes; its paths are the names of the fields."""
    dropped: Drops = []
    row = typed(content, Row, dropped, registry=NAME, id_at=("id",))
    registry, registry_id = row.registry or NAME, row.id or ""
    mark = re.escape(row.divided_by or ";")

    def listed(value: str | None, field: str) -> tuple[Text, ...]:
        return pieces(value, f"/{field}", mark)

    return Trial(
        registry=registry,
        registry_id=registry_id,
        source_url=row.source_url,
        brief_title=text(row.brief_title, "/brief_title")
        or Text(field="/id", raw=registry_id, plain=registry_id),
        official_title=text(row.official_title, "/official_title"),
        acronym=text(row.acronym, "/acronym"),
        brief_summary=text(row.brief_summary, "/brief_summary"),
        detailed_description=text(row.detailed_description, "/detailed_description"),
        why_stopped=text(row.why_stopped, "/why_stopped"),
        eligibility=criteria(row.inclusion, row.exclusion, "/inclusion"),
        conditions=listed(row.conditions, "conditions"),
        keywords=listed(row.keywords, "keywords"),
        secondary_ids=tuple(
            SecondaryId(value=one.raw) for one in listed(row.secondary_ids, "secondary_ids")
        ),
        interventions=tuple(
            Intervention(name=one) for one in listed(row.interventions, "interventions")
        ),
        lead_sponsor=sponsor(row.lead_sponsor),
        collaborators=sponsors(one.raw for one in listed(row.collaborators, "collaborators")),
        sites=_sites(row, listed(row.countries, "countries")),
        **_codes(row, dropped),
        **_dates(row, dropped),
        dropped=tuple(dropped),
    )


def _codes(row: Row, dropped: Drops) -> dict[str, Any]:
    none = codes.NO_AGE_LIMIT
    phases = code(row.phase, codes.PHASE, "/phase", dropped) or ""
    return {
        "recruitment_status": code(
            row.recruitment_status, codes.STATUS, "/recruitment_status", dropped
        ),
        "study_type": code(row.study_type, codes.STUDY_TYPE, "/study_type", dropped),
        "phases": tuple(phases.split()),
        "sex": code(row.sex, codes.SEX, "/sex", dropped),
        "enrollment": count(row.enrollment, "/enrollment", dropped),
        "minimum_age": values.age(row.minimum_age, "years", "/minimum_age", dropped, none),
        "maximum_age": values.age(row.maximum_age, "years", "/maximum_age", dropped, none),
    }


def _dates(row: Row, dropped: Drops) -> dict[str, Any]:
    names = ("start_date", "primary_completion_date", "completion_date", "first_posted")
    return {
        name: date(getattr(row, name), f"/{name}", dropped)
        for name in (*names, "last_update_posted")
    }


def _sites(row: Row, named: tuple[Text, ...]) -> tuple[Site, ...]:
    """Return the one site of a row that names a facility, else its countries."""
    if row.facility is None or len(named) != 1:
        return countries(named)
    return (Site(field="/facility", country=named[0].raw, facility=row.facility, city=row.city),)
