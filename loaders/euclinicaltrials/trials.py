"""A version's content as a trial: a pure function.

Paths are the keys of the items; "/e3_principal_inclusion_criteria" holds both criteria, each under
its heading, and a number behind a path the nth piece of a list.
"""

from __future__ import annotations

from typing import Any, Final

from kg.records import Intervention, Outcome, SecondaryId, Site, Sponsor, Text, Trial
from loaders.euclinicaltrials import codes, record
from loaders.euclinicaltrials.versions import REGISTRY
from loaders.parts import criteria, sponsor
from loaders.typed import typed
from loaders.values import Drops, code, count, date, folded, text, yes_or_no

_PAGE: Final = "https://www.clinicaltrialsregister.eu/ctr-search/trial/"
_NOTHING: Final = frozenset({"", "n/a", "na", "not applicable", "none", "not available"})
_PHASES: Final = (
    ("phase_1", "Phase1"),
    ("phase_2", "Phase2"),
    ("phase_3", "Phase3"),
    ("phase_4", "Phase4"),
)
_PURPOSES: Final = (
    ("therapy", "TreatmentPurpose"),
    ("prophylaxis", "PreventionPurpose"),
    ("diagnosis", "DiagnosticPurpose"),
)
_AGES: Final = (("under_18", "Child"), ("adults", "Adult"), ("elderly", "OlderAdult"))
_MASKING: Final = (
    ("double_blind", "DoubleMasking"),
    ("single_blind", "SingleMasking"),
    ("open", "OpenLabel"),
)
_TYPES: Final = (
    ("gene", "GeneticIntervention"),
    ("advanced", "BiologicalIntervention"),
    ("biological", "BiologicalIntervention"),
    ("chemical", "DrugIntervention"),
)


def parse(content: bytes) -> Trial:
    """Return the trial that a version's content describes."""
    dropped: Drops = []
    stated = typed(content, record.Protocol, dropped, registry=REGISTRY, id_at=("_id",))
    registry_id = stated.id or ""
    number, _, state = registry_id.rpartition("-")
    title = text(stated.title, "/a3_full_title_of_the_trial")
    lay = text(
        stated.lay_title,
        "/a31_title_of_the_trial_for_lay_people_in_easily_understood_ie_nontechnical_language",
    )
    return Trial(
        registry=REGISTRY,
        registry_id=registry_id,
        source_url=f"{_PAGE}{number}/{state}",
        brief_title=lay or title or Text(field="/_id", raw=registry_id, plain=registry_id),
        official_title=title,
        acronym=text(stated.acronym, "/a32_name_or_abbreviated_title_of_the_trial_where_available"),
        brief_summary=text(stated.objective, "/e21_main_objective_of_the_trial"),
        conditions=tuple(
            one
            for one in (text(stated.condition, "/e11_medical_conditions_being_investigated"),)
            if one is not None
        ),
        eligibility=criteria(
            stated.inclusion, stated.exclusion, "/e3_principal_inclusion_criteria"
        ),
        study_type="InterventionalStudy",
        secondary_ids=_secondary_ids(stated, number),
        interventions=_interventions(stated),
        outcomes=tuple(_outcomes(stated)),
        sites=_site(stated),
        abridged=stated.trialkg_abridged is True,
        **_codes(stated, dropped),
        **_sponsors(stated, dropped),
        dropped=tuple(dropped),
    )


def _is(stated: record.Protocol | record.Product, name: str) -> bool:
    return folded(getattr(stated, name) or "") == "yes"


def _codes(stated: record.Protocol, dropped: Drops) -> dict[str, Any]:
    purposes = [meant for name, meant in _PURPOSES if _is(stated, name)]
    masking = [meant for name, meant in _MASKING if _is(stated, name)]
    total = count(stated.in_all, "/f422_in_the_whole_clinical_trial", dropped)
    enrollment = total or count(stated.in_state, "/f41_in_the_member_state", dropped)
    randomised = folded(stated.randomised or "")
    model = "ParallelAssignment" if _is(stated, "parallel") else None
    ended = stated.end_status or stated.status
    return {
        "recruitment_status": code(ended, codes.STATUS, "/p_end_of_trial_status", dropped),
        "phases": tuple(meant for name, meant in _PHASES if _is(stated, name)),
        "primary_purpose": purposes[0] if len(purposes) == 1 else None,
        "allocation": {"yes": "RandomizedAllocation", "no": "NonRandomizedAllocation"}.get(
            randomised
        ),
        "intervention_model": "CrossoverAssignment" if _is(stated, "crossover") else model,
        "masking": masking[0] if masking else None,
        "standard_ages": tuple(meant for name, meant in _AGES if _is(stated, name)),
        "sex": _sex(stated),
        "healthy_volunteers": yes_or_no(stated.healthy, "/f31_healthy_volunteers", dropped),
        "enrollment": enrollment,
        "enrollment_type": None if enrollment is None else "EstimatedEnrollment",
        "first_submitted": date(
            stated.entered,
            "/x6_date_on_which_this_record_was_first_entered_in_the_eudract_database",
            dropped,
        ),
        "completion_date": date(
            stated.ended, "/p_date_of_the_global_end_of_the_trial", dropped, "ActualDate"
        ),
    }


def _sex(stated: record.Protocol) -> str | None:
    found = {(True, True): "AllSexes", (True, False): "FemaleOnly", (False, True): "MaleOnly"}
    return found.get((_is(stated, "female"), _is(stated, "male")))


def _secondary_ids(stated: record.Protocol, number: str) -> tuple[SecondaryId, ...]:
    later = stated.results or record.Results()
    listed = (
        (number, "EudraCT"),
        (stated.nct or later.nct, "ClinicalTrials.gov"),
        (stated.isrctn or later.isrctn, "ISRCTN"),
        (stated.utrn or later.utrn, "WHO Universal Trial Number"),
        (stated.protocol_code, "Protocol"),
        (stated.other_ids, None),
    )
    return tuple(
        SecondaryId(value=value.strip(), id_type=id_type)
        for value, id_type in listed
        if value and folded(value) not in _NOTHING
    )


def _interventions(stated: record.Protocol) -> tuple[Intervention, ...]:
    """Return the products by the names that they have: own, trade, substance, code."""
    made = []
    for position, product in enumerate(stated.products):
        field = f"/dimp/{position}"
        listed = [
            text(product.product_name, f"{field}/d31_product_name"),
            text(product.trade_name, f"{field}/d2111_trade_name"),
            text(product.product_code, f"{field}/d32_product_code"),
        ]
        for nth, one in enumerate(product.substances):
            below = f"{field}/d38_imp_identification_details/{nth}"
            listed += [
                text(one.inn, f"{below}/d38_inn__proposed_inn"),
                text(one.code, f"{below}/d392_current_sponsor_code"),
                text(one.other, f"{below}/d393_other_descriptive_name"),
            ]
        names: dict[str, Text] = {}
        for name in listed:
            if name is not None and folded(name.raw) not in _NOTHING:
                names.setdefault(folded(name.raw), name)
        kinds = [meant for key, meant in _TYPES if _is(product, key)]
        if names:
            first, *others = names.values()
            made.append(
                Intervention(
                    name=first,
                    intervention_type=kinds[0] if kinds else None,
                    other_names=tuple(others),
                    description=text(product.form, f"{field}/d34_pharmaceutical_form"),
                )
            )
    return tuple(made)


def _outcomes(stated: record.Protocol) -> list[Outcome]:
    made = []
    for kind, words, field, when in (
        ("primary", stated.primary, "/e51_primary_end_points", stated.primary_time),
        ("secondary", stated.secondary, "/e52_secondary_end_points", stated.secondary_time),
    ):
        measure = text(words, field)
        if measure is not None:
            made.append(Outcome(outcome_type=kind, measure=measure, time_frame=when))
    return made


def _site(stated: record.Protocol) -> tuple[Site, ...]:
    """Return the country of the protocol: the register names no sites."""
    country = (stated.state or "").split(" - ")[0].strip()
    if not country or folded(country) == "outside eu/eea":
        return ()
    return (Site(field="/a1_member_state_concerned", country=country),)


def _sponsors(stated: record.Protocol, dropped: Drops) -> dict[str, Any]:
    named: list[Sponsor] = []
    for position, one in enumerate(stated.sponsors):
        field = f"/b1_sponsor/{position}/b31_and_b32_status_of_the_sponsor"
        made = sponsor(one.name, code(one.status, codes.SPONSOR_CLASS, field, dropped))
        if made is not None:
            named.append(made)
    for one in stated.sponsors:
        for support in one.supports:
            made = sponsor(support.name)
            if made and made.name.casefold() not in {each.name.casefold() for each in named}:
                named.append(made)
    return {
        "lead_sponsor": named[0] if named else None,
        "collaborators": tuple(dict.fromkeys(named[1:])),
    }
