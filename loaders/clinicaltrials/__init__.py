"""ClinicalTrials.gov, as its API v2 gives it (https://clinicaltrials.gov/data-api/api)."""

from __future__ import annotations

from functools import partial
from typing import Final

from kg.records import PRIMARY, Loader
from loaders.clinicaltrials.paths import NOT_READ
from loaders.clinicaltrials.trials import parse
from loaders.clinicaltrials.versions import REGISTRY, version
from loaders.json_records import is_json, read_json


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like studies of the API v2."""
    return is_json(head) and b'"protocolSection"' in head


LOADER: Final = Loader(
    name=REGISTRY,
    registry=REGISTRY,
    standing=PRIMARY,
    release="1",
    title="ClinicalTrials.gov",
    reads="studies of the API v2 as JSON: one, a list, pages of the API, or one study a line",
    obtain="https://clinicaltrials.gov/api/v2/studies?query.term=CAR-NK&pageSize=1000",
    licence="A work of the U.S. Government: free to use, with the source and the date named",
    unread=NOT_READ,
    read=partial(read_json, REGISTRY),
    version=version,
    parse=parse,
    recognises=recognises,
)
