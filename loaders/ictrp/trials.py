"""A version's content as a trial: a pure function.

Paths are the names of the fields; "/Condition/0" is the first piece of a field that lists several,
and "/Inclusion_Criteria" both criteria, each under its heading.
"""

from __future__ import annotations

from typing import Any, Final

from kg.records import SecondaryId, Text, Trial
from loaders.ictrp import codes, fields
from loaders.ictrp.record import Exported
from loaders.ictrp.registers import registry_and_id
from loaders.ictrp.versions import NAME
from loaders.parts import countries, criteria, outcomes, pieces, sponsor, sponsors
from loaders.typed import typed
from loaders.values import Drops, code, date, text, yes_or_no

_ID_AT: Final = ("TrialID",)


def parse(content: bytes) -> Trial:
    """Return the trial that a version's content describes."""
    dropped: Drops = []
    record = typed(content, Exported, dropped, registry=NAME, id_at=_ID_AT)
    registry, registry_id = registry_and_id(record.TrialID or "") or (NAME, record.TrialID or "")
    arms, interventions = fields.arms_and_interventions(record.Intervention, registry)
    official = text(record.Scientific_title, "/Scientific_title")
    return Trial(
        registry=registry,
        registry_id=registry_id,
        source_url=record.web_address,
        brief_title=text(record.Public_title, "/Public_title")
        or official
        or Text(field="/TrialID", raw=registry_id, plain=registry_id),
        official_title=official,
        acronym=text(record.Acronym, "/Acronym"),
        eligibility=criteria(
            record.Inclusion_Criteria, record.Exclusion_Criteria, "/Inclusion_Criteria"
        ),
        conditions=pieces(record.Condition, "/Condition"),
        secondary_ids=_secondary_ids(record, registry_id),
        lead_sponsor=sponsor(record.Primary_sponsor),
        collaborators=sponsors((record.Secondary_sponsor or "").split(";")),
        arms=arms,
        interventions=interventions,
        outcomes=(
            *outcomes("primary", fields.measures(record.Primary_outcome, "/Primary_outcome")),
            *outcomes("secondary", fields.measures(record.Secondary_outcome, "/Secondary_outcome")),
        ),
        sites=countries(pieces(record.Countries, "/Countries", fields.between_countries(registry))),
        abridged=record.trialkg_abridged == "true",
        **_single_values(record, dropped),
        **fields.design(record.Study_type, record.Study_design, dropped),
        dropped=tuple(dropped),
    )


def _single_values(record: Exported, dropped: Drops) -> dict[str, Any]:
    """Return codes, ages, counts and dates."""
    status = code(record.Recruitment_Status, codes.STATUS, "/Recruitment_Status", dropped)
    return {
        "recruitment_status": status,
        "phases": fields.phases(record.Phase, dropped),
        "sex": code(record.Inclusion_gender, codes.SEX, "/Inclusion_gender", dropped),
        "minimum_age": fields.age(record.Inclusion_agemin, "/Inclusion_agemin", dropped),
        "maximum_age": fields.age(record.Inclusion_agemax, "/Inclusion_agemax", dropped),
        "enrollment": fields.enrollment(record.Target_size, dropped),
        "first_submitted": date(record.Date_registration, "/Date_registration", dropped),
        "start_date": date(record.Date_enrollement, "/Date_enrollement", dropped),
        "last_update_posted": date(record.Last_Refreshed_on, "/Last_Refreshed_on", dropped),
        "results_first_posted": date(record.results_date_posted, "/results_date_posted", dropped),
        "has_results": yes_or_no(record.results_yes_no, "/results_yes_no", dropped),
    }


def _secondary_ids(record: Exported, own: str) -> tuple[SecondaryId, ...]:
    """Return other identifiers, and that of EU CTR without the country of its record."""
    stated = f"{record.Secondary_ID or ''};{record.SecondaryIDs or ''}"
    listed = [part.strip() for part in stated.replace("\n", ";").split(";")]
    found = [SecondaryId(value=one) for one in listed if one and one.lower() not in fields.NOTHING]
    if eudract := fields.EUDRACT.match(own):
        found.append(SecondaryId(value=eudract[1], id_type="EudraCT"))
    return tuple(dict.fromkeys(found))
