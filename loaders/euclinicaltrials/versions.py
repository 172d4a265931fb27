"""One state of a protocol in one country, without people."""

from __future__ import annotations

import re
from typing import Final

from kg.records import RawRecord, Version
from loaders.contents import canonical, decoded, fitted, refused
from loaders.euclinicaltrials.codes import STATES
from loaders.euclinicaltrials.paths import NOT_READ
from loaders.euclinicaltrials.record import Protocol
from loaders.json_value import Json
from loaders.parts import without_person
from loaders.values import cleaned, folded

REGISTRY: Final = "euclinicaltrials"

_NUMBER = re.compile(r"\d{4}-\d{6}-\d{2}", re.ASCII)
_ID = re.compile(r"\d{4}-\d{6}-\d{2}-[A-Z0-9]{2,3}", re.ASCII)
_LINK = re.compile(r"/trial/\d{4}-\d{6}-\d{2}/([A-Za-z0-9]{2,3})\b")
_BARE: Final = frozenset(
    {
        "_id",
        "link",
        "a2_eudract_number",
        "a41_sponsors_protocol_code_number",
        "a51_isrctn_international_standard_randomised_controlled_trial_number",
        "a52_us_nct_clinicaltrialsgov_registry_number",
        "a54_other_identifiers",
        "usctnIdentifier",
    }
)


def version(raw: RawRecord) -> Version:
    """Return the state of a protocol, or raise RecordError for one of no number or country.

    A registration of this register is a trial in one country: its number and the country's code.
    """
    record = decoded(raw, REGISTRY)
    registry_id = _registry_id(record, raw)
    people = _people(record)
    kept, unknown = fitted({**record, "_id": registry_id}, Protocol, NOT_READ)
    kept = _cleaned(kept)
    for sponsor in kept.get("b1_sponsor", ()):
        if isinstance(sponsor, dict):
            name = without_person(sponsor.get("b11_name_of_sponsor"), people)
            sponsor["b11_name_of_sponsor"] = name
    return Version(
        registry_id=registry_id,
        content=canonical(kept, people, _BARE),
        modules=len(kept),
        unknown_keys=unknown,
    )


def _registry_id(record: Json, raw: RawRecord) -> str:
    stated = record.get("_id")
    if isinstance(stated, str) and _ID.fullmatch(stated):
        return stated
    number = str(record.get("a2_eudract_number") or "").strip()
    if _NUMBER.fullmatch(number) is None:
        reason = f"{number[:40]!r} is no identifier of the form 2004-012345-12"
        raise refused(raw, REGISTRY, reason, field="a2_eudract_number")
    link = _LINK.search(str(record.get("link") or ""))
    state = str(record.get("a1_member_state_concerned") or "")
    code = link[1].upper() if link else STATES.get(folded(state.split(" - ", maxsplit=1)[0]))
    if code is None:
        raise refused(
            raw,
            REGISTRY,
            f"{state[:60]!r} is no country that is known",
            registry_id=number,
            field="a1_member_state_concerned",
            remedy="add the country to loaders/euclinicaltrials/codes.py",
        )
    return f"{number}-{code}"


def _cleaned(node: Json) -> Json:
    if isinstance(node, dict):
        return {key: _cleaned(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_cleaned(value) for value in node]
    return cleaned(node) if isinstance(node, str) else node


def _people(record: Json) -> list[str]:
    sponsors = record.get("b1_sponsor") or []
    names = (
        one.get("b52_functional_name_of_contact_point")
        for one in (sponsors if isinstance(sponsors, list) else [sponsors])
        if isinstance(one, dict)
    )
    return sorted({name for name in names if isinstance(name, str) and name.strip()})
