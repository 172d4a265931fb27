"""One state of a record of ISRCTN, without people."""

from __future__ import annotations

import re
from typing import Final

from kg.records import RawRecord, Version
from loaders.contents import canonical, decoded, fitted, refused
from loaders.isrctn.record import NOT_READ, FullTrial
from loaders.json_value import Json
from loaders.parts import without_person
from loaders.typed import at
from loaders.values import cleaned, day_of

REGISTRY: Final = "isrctn"

_ID = re.compile(r"(?:ISRCTN)?(\d{8})", re.ASCII)
_BARE: Final = frozenset(
    ("isrctn", "doi", "eudraCTNumber", "irasNumber", "protocolSerialNumber", "secondaryNumber")
)


def version(raw: RawRecord) -> Version:
    """Return the state of a record, or raise RecordError for one without an ISRCTN.

    The JSON of others holds the registration alone, the registry's XML its sponsors and funders
    beside it; both become the same.
    """
    record = decoded(raw, REGISTRY)
    if "trial" not in record:
        record = {"trial": record}
    stated = at(record, "trial", "isrctn")
    number = stated.get("#text") if isinstance(stated, dict) else stated
    found = _ID.fullmatch(str(number or "").strip())
    if found is None:
        reason = f"{str(number)[:40]!r} is no identifier of the form ISRCTN01234567"
        raise refused(raw, REGISTRY, reason, field="/trial/isrctn")
    people = _people(record)
    kept, unknown = fitted(record, FullTrial, NOT_READ)
    kept = _cleaned(kept)
    for sponsor in kept.get("sponsor", ()):
        sponsor["organisation"] = without_person(sponsor.get("organisation"), people)
    updated = day_of(str(at(kept, "trial", "@lastUpdated") or ""))
    return Version(
        registry_id=f"ISRCTN{found[1]}",
        content=canonical(kept, people, _BARE),
        last_update=updated[0] if updated else None,
        modules=len(kept["trial"]) + len(kept) - 1,
        unknown_keys=unknown,
    )


def _cleaned(node: Json) -> Json:
    if isinstance(node, dict):
        return {key: _cleaned(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_cleaned(value) for value in node]
    return cleaned(node) if isinstance(node, str) else node


def _people(record: Json) -> list[str]:
    contacts = record.get("contact") or []
    listed = contacts if isinstance(contacts, list) else [contacts]
    names = (
        f"{at(one, 'forename') or ''} {at(one, 'surname') or ''}".strip()
        for one in listed
        if isinstance(one, dict)
    )
    return sorted({name for name in names if name})
