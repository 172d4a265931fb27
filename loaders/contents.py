"""A raw record as canonical content: what is read, cleaned, without people, in one order.

A loader says in a struct which keys it reads and in a list which it leaves out; what is in neither
is left out too, since nobody knows whether it holds people, and counted. Content holds no empty
values, and a list wherever the struct has one, so that forms of one registry that differ in this
only give equal bytes.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from typing import Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.json_value import Json
from loaders.limits import LARGEST_RECORD
from loaders.masking import mask_addresses, mask_names, mask_phones
from loaders.people import bare_name, looks_personal

_EMPTY: Final[tuple[Json, ...]] = (None, "", [], {})


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The base of all parts of a record; keys that are not declared are passed over."""


def decoded(raw: RawRecord, registry: str) -> dict[str, Json]:
    """Return a raw record in JSON as an object, or raise RecordError."""
    try:
        if len(raw.content) > LARGEST_RECORD:
            raise refused(raw, registry, f"larger than {LARGEST_RECORD // 2**20} MB")
        found = msgspec.json.decode(raw.content)
    except RecursionError as error:
        raise refused(raw, registry, "nested too deeply") from error
    except UnicodeDecodeError as error:
        raise refused(raw, registry, f"not UTF-8 at byte {error.start}") from error
    except msgspec.DecodeError as error:
        raise refused(raw, registry, f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise refused(raw, registry, "no object with fields")
    return found


def refused(
    raw: RawRecord,
    registry: str,
    reason: str,
    *,
    registry_id: str = "",
    field: str = "",
    remedy: str = "download it again, and check that it is of this form",
) -> RecordError:
    """Return the error of a record that cannot be read."""
    return RecordError(registry, registry_id, reason, field=field, origin=raw.origin, remedy=remedy)


def fitted(
    record: Json, struct: type[msgspec.Struct], unread: Collection[str]
) -> tuple[Json, tuple[str, ...]]:
    """Return the part of a record that is read, and the keys that are neither read nor unread.

    `unread` are paths of keys joined by dots, "[]" for any position of a list; a path stands for
    all that is below it.
    """
    unknown: set[str] = set()
    kept = _fitted(record, _shape(struct), "", frozenset(unread), unknown)
    return kept, tuple(sorted(unknown))


def canonical(kept: Json, people: Iterable[str | None], bare: Collection[str] = ()) -> bytes:
    """Return content in one order of keys, with addresses, numbers and names of people masked.

    `people` are names as the record gives them; `bare` are keys whose values hold numbers that
    only look like telephone numbers.
    """
    names = {bare_name(name) for name in people if name}
    wanted = sorted(
        (name for name in names if looks_personal(name) or _is_chinese_name(name)),
        key=lambda name: (-len(name), name),
    )
    masked = _masked(kept, "", tuple(wanted), frozenset(bare))
    return msgspec.json.encode(masked, order="sorted")


def _is_chinese_name(name: str) -> bool:
    return 2 <= len(name) <= 4 and all("\u4e00" <= sign <= "\u9fff" for sign in name)


@functools.cache
def _shape(struct: type[msgspec.Struct]) -> Json:
    return _of_type(msgspec.inspect.type_info(struct))


def _of_type(info: msgspec.inspect.Type) -> Json:
    """Return a dict for a struct, a list of one for a list, None for a single value."""
    if isinstance(info, msgspec.inspect.UnionType):
        deep = (_of_type(each) for each in info.types)
        return next((each for each in deep if each is not None), None)
    if isinstance(info, msgspec.inspect.VarTupleType):
        return [_of_type(info.item_type)]
    if isinstance(info, msgspec.inspect.StructType):
        return {field.encode_name: _of_type(field.type) for field in info.fields}
    return None


def _fitted(node: Json, shape: Json, path: str, unread: frozenset[str], unknown: set[str]) -> Json:
    if isinstance(shape, list):
        listed = node if isinstance(node, list) else [node]
        fit = (_fitted(each, shape[0], f"{path}[]", unread, unknown) for each in listed)
        return [each for each in fit if each not in _EMPTY]
    if not isinstance(shape, dict) or not isinstance(node, dict):
        return node
    kept = {}
    for key, value in node.items():
        here = f"{path}.{key}" if path else key
        if key in shape:
            fit_value = _fitted(value, shape[key], here, unread, unknown)
            if fit_value not in _EMPTY:
                kept[key] = fit_value
        elif here not in unread and value not in _EMPTY:
            unknown.add(here)
    return kept


def _masked(node: Json, key: str, names: tuple[str, ...], bare: frozenset[str]) -> Json:
    if isinstance(node, str):
        text = mask_names(mask_addresses(node), names)
        return text if key in bare else mask_phones(text)
    if isinstance(node, dict):
        return {below: _masked(value, below, names, bare) for below, value in node.items()}
    if isinstance(node, list):
        return [_masked(value, key, names, bare) for value in node]
    return node
