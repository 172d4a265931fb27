"""What a page of a trial browser says, as a trial and as claims: pure functions.

Paths are the fields of what was read of the page: "/summary", "/could_lead_to/0".
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from kg.records import Claims, Dropped, Site, Text, Trial
from loaders import values
from loaders.browsing import REGISTRY, PageRecord
from loaders.parts import countries
from loaders.typed import typed
from loaders.values import Codes, code, count, date, text, texts

# What the browsers write for the registry's codes, folded.
STATUS: Final[Codes] = {
    "recruiting": "Recruiting",
    "not yet recruiting": "NotYetRecruiting",
    "not_yet_recruiting": "NotYetRecruiting",
    "enrolling by invitation": "EnrollingByInvitation",
    "enrolling_by_invitation": "EnrollingByInvitation",
    "active, not recruiting": "ActiveNotRecruiting",
    "active_not_recruiting": "ActiveNotRecruiting",
    "suspended": "Suspended",
    "terminated": "Terminated",
    "completed": "Completed",
    "withdrawn": "Withdrawn",
    "unknown": "UnknownStatus",
    "unknown status": "UnknownStatus",
}
PHASE: Final[Codes] = {
    "early phase 1": "EarlyPhase1",
    "phase 1": "Phase1",
    "phase 1/2": "Phase1 Phase2",
    "phase 2": "Phase2",
    "phase 2/3": "Phase2 Phase3",
    "phase 3": "Phase3",
    "phase 4": "Phase4",
    "n/a": "PhaseNotApplicable",
}
SEX: Final[Codes] = {"all": "AllSexes", "female": "FemaleOnly", "male": "MaleOnly"}
NO_AGE_LIMIT: Final = frozenset({"n/a", "any", "no limit"})


def parse(content: bytes) -> Trial:
    """Return what a page says in the words of a registration; it never writes a trial."""
    dropped: list[Dropped] = []
    page = typed(content, PageRecord, dropped, registry=REGISTRY, id_at=("nct",))
    number = page.nct or ""
    phase = code(page.phase, PHASE, "/phase", dropped) or ""
    listed = texts(page.listed_conditions, "/listed_conditions")
    return Trial(
        registry=REGISTRY,
        registry_id=number,
        source_url=page.page,
        brief_title=text(page.title, "/title") or Text(field="/nct", raw=number, plain=number),
        brief_summary=text(page.summary, "/summary"),
        eligibility=text(page.eligibility, "/eligibility"),
        conditions=listed or texts(page.conditions, "/conditions"),
        recruitment_status=code(page.status, STATUS, "/status", dropped),
        phases=tuple(phase.split()),
        sex=code(page.sex, SEX, "/sex", dropped),
        minimum_age=values.age(page.minimum_age, "years", "/minimum_age", dropped, NO_AGE_LIMIT),
        maximum_age=values.age(page.maximum_age, "years", "/maximum_age", dropped, NO_AGE_LIMIT),
        enrollment=count(page.enrollment, "/enrollment", dropped),
        start_date=date(page.started, "/started", dropped),
        sites=(*_sites(page, dropped), *countries(texts(page.countries, "/countries"))),
        dropped=tuple(dropped),
    )


def claims(content: bytes) -> Claims:
    """Return what a page says beside the fields of a registration."""
    page = typed(content, PageRecord, [], registry=REGISTRY, id_at=("nct",))
    summary = text(page.summary, "/summary")
    return Claims(
        first_seen=_day(page.first_seen),
        last_updated=_day(page.last_updated),
        active_substances=texts(page.active_substances, "/active_substances"),
        conditions=texts(page.conditions, "/conditions"),
        what_is_tested=(summary,) if summary is not None else (),
        could_lead_to=texts(page.could_lead_to, "/could_lead_to"),
        could_go_wrong=texts(page.could_go_wrong, "/could_go_wrong"),
        page=page.page,
    )


def _day(stated: str | None) -> dt.date | None:
    found = values.day_of(stated) if stated else None
    return found[0] if found else None


def _sites(page: PageRecord, dropped: list[Dropped]) -> tuple[Site, ...]:
    return tuple(
        Site(
            field=f"/sites/{position}",
            country=site.country,
            facility=site.facility,
            city=site.city,
            status=code(site.status, STATUS, f"/sites/{position}/status", dropped),
        )
        for position, site in enumerate(page.sites)
        if site.country
    )
