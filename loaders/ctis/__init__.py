"""EU CTIS, as its public site gives a trial in JSON, in the layouts before and since June 2024."""

from __future__ import annotations

from functools import partial
from typing import Final

from kg.records import PRIMARY, Loader
from loaders.ctis.paths import NOT_READ
from loaders.ctis.trials import parse
from loaders.ctis.versions import REGISTRY, version
from loaders.json_records import is_json, read_json


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with JSON that has the registry's own keys."""
    return is_json(head) and b'"ctStatus"' in head and b'"ctNumber"' in head


LOADER: Final = Loader(
    name=REGISTRY,
    registry=REGISTRY,
    standing=PRIMARY,
    release="1",
    title="EU CTIS",
    reads="trials of the public portal in JSON, in both layouts: one, a list, or one a line",
    obtain="https://euclinicaltrials.eu/ctis-public-api/retrieve/2023-505613-24-00",
    licence="EMA's own terms: read them before a record is republished",
    unread=NOT_READ,
    read=partial(read_json, REGISTRY),
    version=version,
    parse=parse,
    recognises=recognises,
)
