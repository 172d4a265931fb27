"""Decoding of content into typed structs, in which one wrong value costs that value only."""

from __future__ import annotations

import re
from typing import Final

import msgspec

from kg.errors import RecordError
from kg.records import Dropped
from loaders.clinicaltrials.json_value import Json
from loaders.clinicaltrials.study import Study
from loaders.clinicaltrials.versions import REGISTRY

_MOST_WRONG_TYPES: Final = 100
_REMEDY: Final = "give a study in the form of the registry's API v2"

_WRONG_TYPE = re.compile(r"(?P<reason>.*) - at `\$(?P<path>[.\[].*)`")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")


def typed(content: bytes, dropped: list[Dropped]) -> Study:
    """Return the typed study; a value of the wrong type counts as absent and is dropped."""
    try:
        return msgspec.json.decode(content, type=Study)
    except msgspec.ValidationError:
        loose = msgspec.json.decode(content)
    for _ in range(_MOST_WRONG_TYPES):
        try:
            return msgspec.convert(loose, Study)
        except msgspec.ValidationError as error:
            dropped.append(_without_wrong_type(loose, str(error)))
    raise RecordError(
        REGISTRY,
        str(loose["protocolSection"]["identificationModule"]["nctId"]),
        f"more than {_MOST_WRONG_TYPES} values of the wrong type",
        remedy=_REMEDY,
    )


def _without_wrong_type(loose: Json, message: str) -> Dropped:
    """Set the value that the message names to null and return what it was."""
    found = _WRONG_TYPE.fullmatch(message)
    steps = [] if found is None else _STEP.findall(found["path"])
    if found is None or not steps:
        raise RecordError(REGISTRY, "", message, remedy=_REMEDY)
    path: list[str | int] = [key or int(position) for key, position in steps]
    node = loose
    for step in path[:-1]:
        node = node[step]
    value, node[path[-1]] = node[path[-1]], None
    shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    field = "".join(f"/{step}" for step in path)
    return Dropped(field=field, value=shown, reason=found["reason"])
