"""One state of a record of ICTRP, under the registry that it is a copy from."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from kg.records import RawRecord, Version
from loaders.contents import canonical, decoded, fitted, refused
from loaders.ictrp.record import NOT_READ, Exported
from loaders.ictrp.registers import NAMES, registry_and_id
from loaders.json_value import Json
from loaders.parts import without_person
from loaders.values import cleaned, day_of, folded

NAME: Final = "ictrp"

_BARE: Final = frozenset({"TrialID", "web_address", "Secondary_ID", "SecondaryIDs"})
_EXPORTED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b.*", re.ASCII)


def version(raw: RawRecord) -> Version:
    """Return the state of a record, or raise RecordError for one of no known registry.

    Texts lose their HTML and padding, which ICTRP adds; positions refer to what is left.
    """
    record = decoded(raw, NAME)
    registry, registry_id = _identity(record, raw)
    people = _people(record)
    kept, unknown = fitted(record, Exported, NOT_READ)
    kept = {key: cleaned(value) for key, value in kept.items() if isinstance(value, str)}
    kept["Primary_sponsor"] = without_person(kept.get("Primary_sponsor"), people)
    refreshed = day_of(kept.get("Last_Refreshed_on", ""))
    return Version(
        registry=registry,
        registry_id=registry_id,
        content=canonical({key: value for key, value in kept.items() if value}, people, _BARE),
        last_update=refreshed[0] if refreshed else None,
        retrieved=_exported(record.get("Export_date")),
        modules=len(kept),
        unknown_keys=unknown,
    )


def _identity(record: dict[str, Json], raw: RawRecord) -> tuple[str, str]:
    stated = record.get("TrialID")
    found = registry_and_id(stated) if isinstance(stated, str) else None
    if found is None:
        raise refused(
            raw,
            NAME,
            f"{str(stated)[:60]!r} is an identifier of no registry that is known",
            field="TrialID",
            remedy="add its registry to loaders/ictrp/registers.py",
        )
    register = record.get("Source_Register")
    if isinstance(register, str) and register.strip():
        meant = NAMES.get(folded(register))
        if meant is None or found[0] not in meant:
            raise refused(
                raw,
                NAME,
                f"{register.strip()[:60]!r} is not the register of this identifier",
                registry_id=found[1],
                field="Source_Register",
                remedy="correct the record, or add the name to loaders/ictrp/registers.py",
            )
    return found


def _people(record: dict[str, Json]) -> list[str]:
    """Return the names of contacts: ICTRP gives lists of first and of last names."""
    first, last = (
        [part.strip() for part in str(record.get(key) or "").split(";")]
        for key in ("Contact_Firstname", "Contact_Lastname")
    )
    joined = [f"{one} {other}".strip() for one, other in zip(first, last, strict=False)]
    return sorted({name for name in (*first, *last, *joined) if name})


def _exported(stated: Json) -> dt.date | None:
    """Return the day of the export, which ICTRP writes with the month first."""
    found = _EXPORTED.fullmatch(stated.strip()) if isinstance(stated, str) else None
    if found is None:
        return None
    try:
        return dt.date(int(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None
