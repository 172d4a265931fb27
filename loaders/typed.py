"""Decoding of content into typed structs, in which one wrong value costs that value only."""

from __future__ import annotations

import re
from typing import Final, TypeVar

import msgspec

from kg.errors import RecordError
from kg.records import Dropped
from loaders.json_value import Json

_MOST_WRONG_TYPES: Final = 100
_REMEDY: Final = "give a record in the form of the registry"

_WRONG_TYPE = re.compile(r"(?P<reason>.*) - at `\$(?P<path>[.\[].*)`")
_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")

Struct = TypeVar("Struct", bound=msgspec.Struct)


def typed(
    content: bytes,
    struct: type[Struct],
    dropped: list[Dropped],
    *,
    registry: str,
    id_at: tuple[str, ...],
) -> Struct:
    """Return the typed record; a value of the wrong type counts as absent and is dropped.

    `id_at` are the keys that lead to the record's identifier, to be named in an error.
    """
    try:
        return msgspec.json.decode(content, type=struct)
    except msgspec.ValidationError:
        loose = msgspec.json.decode(content)
    for _ in range(_MOST_WRONG_TYPES):
        try:
            return msgspec.convert(loose, struct)
        except msgspec.ValidationError as error:
            dropped.append(_without_wrong_type(loose, str(error), registry))
    raise RecordError(
        registry,
        str(at(loose, *id_at)),
        f"more than {_MOST_WRONG_TYPES} values of the wrong type",
        remedy=_REMEDY,
    )


def at(node: Json, *keys: str) -> Json:
    """Return what stands below these keys, None where one of them is not there."""
    for key in keys:
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def _without_wrong_type(loose: Json, message: str, registry: str) -> Dropped:
    """Set the value that the message names to null and return what it was."""
    found = _WRONG_TYPE.fullmatch(message)
    steps = [] if found is None else _STEP.findall(found["path"])
    if found is None or not steps:
        raise RecordError(registry, "", message, remedy=_REMEDY)
    path: list[str | int] = [key or int(position) for key, position in steps]
    node = loose
    for step in path[:-1]:
        node = node[step]
    value, node[path[-1]] = node[path[-1]], None
    shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    field = "".join(f"/{step}" for step in path)
    return Dropped(field=field, value=shown, reason=found["reason"])
