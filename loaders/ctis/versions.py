"""One state of a record of CTIS, without people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kg.records import RawRecord, Version
from loaders.contents import canonical, decoded, fitted, refused
from loaders.ctis.paths import NOT_READ
from loaders.ctis.record import Record
from loaders.json_value import Json
from loaders.limits import DEEPEST_RECORD
from loaders.values import cleaned, day_of

REGISTRY: Final = "ctis"

_ID = re.compile(r"\d{4}-\d{6}-\d{2}-\d{2}", re.ASCII)
_MOVED: Final = {
    "authorizedPartI": "authorizedPartI",
    "authorizedPartsII": "authorizedPartsII",
    "eudraCt": "eudraCtInfo",
}
_BARE: Final = frozenset({"ctNumber", "number", "eudraCtCode", "shortTitle"})


def version(raw: RawRecord) -> Version:
    """Return the state of a record in either layout, or raise RecordError for one without id."""
    record = _in_one_layout(decoded(raw, REGISTRY))
    number = record.get("ctNumber")
    if not isinstance(number, str) or _ID.fullmatch(number) is None:
        reason = f"{str(number)[:40]!r} is no identifier of the form 2023-501234-12-00"
        raise refused(raw, REGISTRY, reason, field="/ctNumber")
    kept, unknown = fitted(record, Record, NOT_READ)
    kept = _cleaned(kept)
    updated = day_of(str(kept.get("lastUpdated") or ""))
    return Version(
        registry_id=number,
        content=canonical(kept, sorted(set(_people(record))), _BARE),
        last_update=updated[0] if updated else None,
        modules=len(kept),
        unknown_keys=unknown,
    )


def _in_one_layout(record: dict[str, Json]) -> dict[str, Json]:
    application = record.get("authorizedApplication")
    if not isinstance(application, dict):
        return record
    moved = {new: application[old] for old, new in _MOVED.items() if old in application}
    rest = {key: value for key, value in application.items() if key not in _MOVED}
    return {**record, **moved, "authorizedApplication": rest}


def _cleaned(node: Json) -> Json:
    if isinstance(node, dict):
        return {key: _cleaned(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_cleaned(value) for value in node]
    return cleaned(node) if isinstance(node, str) else node


def _people(node: Json, depth: int = 0) -> Iterator[str]:
    """Yield the names of persons anywhere in the record, and what contacts are called."""
    if depth > DEEPEST_RECORD:
        return
    if isinstance(node, dict):
        first, last = node.get("firstName"), node.get("lastName")
        if isinstance(first, str) and isinstance(last, str):
            yield f"{first} {last}".strip()
        if isinstance(node.get("functionalName"), str):
            yield node["functionalName"]
    for below in node.values() if isinstance(node, dict) else node:
        if isinstance(below, (dict, list)):
            yield from _people(below, depth + 1)
