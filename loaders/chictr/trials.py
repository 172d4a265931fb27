"""A version's content as a trial: a pure function.

The English words of a field are read where it has any, the Chinese ones else; of arms and
interventions both. "/chinese" is the Chinese title, objective and treatment, one a paragraph, and
"/inclusion" both criteria, each under its heading.
"""

from __future__ import annotations

import re
from typing import Any, Final

from kg.records import Arm, Intervention, Outcome, SecondaryId, Site, Text, Trial
from loaders import values
from loaders.chictr import codes, record
from loaders.chictr.splitting import REGISTRY
from loaders.parts import criteria, pieces, sponsor, sponsors
from loaders.typed import typed
from loaders.values import Codes, Drops, code, date, folded, text

_PAGE: Final = "https://www.chictr.org.cn/showproj.html?proj="
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SIZE = re.compile(r"\d{1,7}")
_LATIN = re.compile(r"[A-Za-z][A-Za-z /-]*")


def parse(content: bytes) -> Trial:
    """Return the trial that a version's content describes."""
    dropped: Drops = []
    page = typed(content, record.Page, dropped, registry=REGISTRY, id_at=("number",))
    number = page.number or ""
    title = _either(page.title, page.title_cn, "/title")
    arms, interventions = _given(page)
    return Trial(
        registry=REGISTRY,
        registry_id=number,
        source_url=_PAGE + page.pid if page.pid else None,
        brief_title=title or Text(field="/number", raw=number, plain=number),
        official_title=_either(
            page.scientific_title, page.scientific_title_cn, "/scientific_title"
        ),
        acronym=text(page.acronym, "/acronym"),
        brief_summary=_either(page.objective, page.objective_cn, "/objective"),
        detailed_description=_chinese(page),
        eligibility=criteria(page.inclusion, page.exclusion, "/inclusion")
        or criteria(page.inclusion_cn, page.exclusion_cn, "/inclusion_cn"),
        conditions=_conditions(page),
        secondary_ids=_secondary_ids(page),
        lead_sponsor=sponsor(page.sponsor or page.sponsor_cn),
        collaborators=sponsors(
            (*(one.name or one.name_cn for one in page.sponsors), page.funding or page.funding_cn),
            page.sponsor or page.sponsor_cn,
        ),
        arms=arms,
        interventions=interventions,
        outcomes=tuple(_outcomes(page, dropped)),
        sites=_sites(page),
        abridged=page.trialkg_abridged == "true",
        **_design(page, dropped),
        **_dates(page, dropped),
        **_participants(page, dropped),
        dropped=tuple(dropped),
    )


def _said(stated: str | None) -> bool:
    return stated is not None and folded(stated) not in codes.NOTHING


def _either(english: str | None, chinese: str | None, field: str) -> Text | None:
    return text(english, field) if _said(english) else text(chinese, f"{field}_cn")


def _chinese(page: record.Page) -> Text | None:
    """Return the Chinese words that stand beside English ones, whose names may differ."""
    stated = (page.title_cn, page.scientific_title_cn, page.objective_cn, page.treatment_cn)
    listed = [words for words in (*stated, page.treatment) if words is not None and _said(words)]
    return text("\n\n".join(dict.fromkeys(listed)), "/chinese")


def _coded(
    english: str | None, chinese: str | None, table: Codes, field: str, dropped: Drops
) -> str | None:
    """Return what either language says; what neither table entry explains is dropped once."""
    for stated in (english, chinese):
        if stated is not None and (meant := table.get(folded(stated))):
            return meant
    return code(english or chinese, table, field, dropped)


def _design(page: record.Page, dropped: Drops) -> dict[str, Any]:
    kind = folded(page.study_type or page.study_type_cn or "")
    purpose = codes.PURPOSE.get(kind)
    stated = [folded(one) for one in (page.design, page.design_cn) if one]
    phase = _coded(page.phase, page.phase_cn, codes.PHASE, "/phase", dropped)
    return {
        "study_type": None
        if purpose
        else _coded(page.study_type, page.study_type_cn, codes.STUDY_TYPE, "/study_type", dropped),
        "primary_purpose": purpose,
        "phases": tuple((phase or "").split()),
        "intervention_model": next(
            (codes.MODEL[one] for one in stated if one in codes.MODEL), None
        ),
        "allocation": next(
            (codes.ALLOCATION[one] for one in stated if one in codes.ALLOCATION), None
        ),
        "masking": _coded(page.blinding, page.blinding_cn, codes.MASKING, "/blinding", dropped),
    }


def _dates(page: record.Page, dropped: Drops) -> dict[str, Any]:
    days = _DAY.findall(page.execution or "")
    return {
        "first_posted": date(page.registered, "/registered", dropped),
        "last_update_posted": date(page.updated, "/updated", dropped),
        "start_date": date(days[0], "/execution", dropped) if days else None,
        "completion_date": date(days[1], "/execution", dropped) if len(days) > 1 else None,
    }


def _participants(page: record.Page, dropped: Drops) -> dict[str, Any]:
    latin = _LATIN.search(page.status or "")
    sizes = [one.size.strip() for one in page.interventions if one.size and one.size.strip()]
    whole = bool(sizes) and all(_SIZE.fullmatch(one) for one in sizes)
    if sizes and not whole:
        values.drop(dropped, "/interventions/size", "; ".join(sizes), "no counts")
    return {
        "recruitment_status": code(
            latin[0] if latin else page.status, codes.STATUS, "/status", dropped
        ),
        "sex": _coded(page.sex, page.sex_cn, codes.SEX, "/sex", dropped),
        "minimum_age": values.age(page.min_age, "years", "/min_age", dropped, {"0"}),
        "maximum_age": values.age(page.max_age, "years", "/max_age", dropped, {"0"}),
        "enrollment": sum(map(int, sizes)) if whole else None,
        "enrollment_type": "EstimatedEnrollment" if whole else None,
    }


def _conditions(page: record.Page) -> tuple[Text, ...]:
    if _said(page.disease):
        return pieces(page.disease, "/disease", r"[;；]|\n")
    return pieces(page.disease_cn, "/disease_cn", r"[;；]|\n") if _said(page.disease_cn) else ()


def _secondary_ids(page: record.Page) -> tuple[SecondaryId, ...]:
    listed = ((page.subject_id, "Study subject ID"), (page.other_number, None))
    return tuple(
        SecondaryId(value=value.strip(), id_type=id_type)
        for value, id_type in listed
        if value is not None and _said(value)
    )


def _given(page: record.Page) -> tuple[tuple[Arm, ...], tuple[Intervention, ...]]:
    """Return an arm and an intervention for each group that names both."""
    arms: list[Arm] = []
    interventions: list[Intervention] = []
    for position, one in enumerate(page.interventions):
        field = f"/interventions/{position}"
        label = _either(one.group, one.group_cn, f"{field}/group")
        name = _either(one.given, one.given_cn, f"{field}/given")
        other = text(one.given_cn, f"{field}/given_cn") if _said(one.given_cn) else None
        linked = (len(interventions),) if name is not None else ()
        if label is not None:
            arms.append(Arm(label=label, interventions=linked))
        if name is not None:
            interventions.append(
                Intervention(
                    name=name,
                    other_names=(other,) if other is not None and other != name else (),
                    arms=(len(arms) - 1,) if label is not None else (),
                )
            )
    return tuple(arms), tuple(interventions)


def _outcomes(page: record.Page, dropped: Drops) -> list[Outcome]:
    made = []
    for position, one in enumerate(page.outcomes):
        field = f"/outcomes/{position}"
        measure = _either(one.name, one.name_cn, f"{field}/name")
        if measure is not None:
            kind = code(one.kind, codes.OUTCOME, f"{field}/kind", dropped)
            made.append(
                Outcome(
                    outcome_type=kind or "other",
                    measure=measure,
                    time_frame=one.when or one.when_cn,
                    description=_either(one.how, one.how_cn, f"{field}/how"),
                )
            )
    return made


def _sites(page: record.Page) -> tuple[Site, ...]:
    """Return the sites, each once: the page repeats those that treat and examine."""
    made: dict[tuple[str | None, ...], Site] = {}
    for position, one in enumerate(page.places):
        country = one.country or one.country_cn
        facility = one.hospital or one.hospital_cn
        if country:
            province = one.province or one.province_cn
            city = one.city or one.city_cn
            site = Site(
                field=f"/places/{position}",
                country=country,
                facility=facility,
                city=city,
                state=province,
            )
            made.setdefault((country, facility, city, province), site)
    return tuple(made.values())
