"""The rows of a mapped table, their columns turned into fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError, UsageError
from kg.records import RawRecord
from loaders.json_records import is_json, read_json
from loaders.json_value import Json
from loaders.rows import read_rows
from loaders.sniffing import peeked
from loaders.table.mapping import Mapping, load_mapping, mapping_of
from loaders.values import folded

NAME: Final = "table"


def read(
    stream: BinaryIO, name: str, mapping: Path | None = None
) -> Iterator[RawRecord | RecordError]:
    """Yield the rows of a CSV or JSON Lines file, with the fields that its mapping names.

    The mapping is the one that is given, else the one that stands beside the file.
    """
    path = mapping or mapping_of(name)
    if path is None:
        reason = "has no mapping: which column is which field"
        remedy = "put a file beside it that ends in .mapping.toml, or give --mapping"
        raise RecordError(NAME, "", reason, origin=name, remedy=remedy)
    try:
        meant = load_mapping(path)
    except UsageError as error:
        raise RecordError(
            NAME, "", str(error), origin=name, remedy="correct the mapping"
        ) from error
    head, whole = peeked(stream)
    raws = (
        read_json(meant.registry, whole, name)
        if is_json(head)
        else read_rows(meant.registry, meant.id, whole, name)
    )
    for raw in raws:
        yield raw if isinstance(raw, RecordError) else _mapped(raw, meant)


def _mapped(raw: RawRecord, mapping: Mapping) -> RawRecord | RecordError:
    try:
        row = msgspec.json.decode(raw.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        reason, remedy = f"not JSON: {error}", "correct the line"
        return RecordError(mapping.registry, "", reason, origin=raw.origin, remedy=remedy)
    if not isinstance(row, dict):
        reason, remedy = "no object with columns", "give one object a line"
        return RecordError(mapping.registry, "", reason, origin=raw.origin, remedy=remedy)
    cells = {key: _cell(value) for key, value in row.items()}
    used = {mapping.id, *mapping.columns.values(), *mapping.people, *mapping.unread}
    record: dict[str, Json] = {
        "registry": mapping.registry,
        "id": cells.get(mapping.id, ""),
        "divided_by": mapping.divided_by,
        "people": [cells[column] for column in mapping.people if cells.get(column)],
        "unknown": sorted(set(cells) - used),
    }
    for field, column in mapping.columns.items():
        meant = {folded(key): value for key, value in mapping.codes.get(field, {}).items()}
        value = cells.get(column, "")
        record[field] = meant.get(folded(value), value)
    return RawRecord(content=msgspec.json.encode(record), origin=raw.origin)


def _cell(value: Json) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ";".join(map(_cell, value))
    return "" if value is None else msgspec.json.encode(value).decode()
