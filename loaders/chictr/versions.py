"""One state of a record page, without people."""

from __future__ import annotations

import re
from typing import Final

from kg.records import RawRecord, Version
from loaders.chictr.record import Page
from loaders.chictr.splitting import REGISTRY
from loaders.contents import canonical, decoded, fitted, refused
from loaders.parts import without_person
from loaders.values import day_of

_ID = re.compile(r"ChiCTR[A-Z0-9-]{4,24}", re.ASCII)
_KEPT_APART: Final = ("people", "unknown")
_BARE: Final = frozenset({"number", "pid", "subject_id", "other_number"})


def version(raw: RawRecord) -> Version:
    """Return the state of a page, or raise RecordError for one without a ChiCTR number."""
    record = decoded(raw, REGISTRY)
    number = str(record.get("number") or "").strip()
    if _ID.fullmatch(number) is None:
        reason = f"{number[:40]!r} is no identifier of the form ChiCTR2400012345"
        raise refused(raw, REGISTRY, reason, field="注册号")
    people = record.get("people", [])
    kept, _ = fitted({**record, "number": number}, Page, _KEPT_APART)
    kept["sponsor"] = without_person(kept.get("sponsor"), people)
    updated = day_of(str(kept.get("updated") or ""))
    return Version(
        registry_id=number,
        content=canonical({key: value for key, value in kept.items() if value}, people, _BARE),
        last_update=updated[0] if updated else None,
        modules=len(kept),
        unknown_keys=tuple(record.get("unknown", ())),
    )
