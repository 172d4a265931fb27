"""ISRCTN's XML as others made JSON of it: the registration without sponsors and funders."""

from __future__ import annotations

from functools import partial
from typing import Final

import msgspec

from loaders import isrctn
from loaders.isrctn.versions import REGISTRY
from loaders.json_records import is_json, read_json

NAME: Final = "isrctn_json"


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with JSON that has the registry's elements."""
    return is_json(head) and b'"isrctn"' in head and b'"trialDescription"' in head


LOADER: Final = msgspec.structs.replace(
    isrctn.LOADER,
    name=NAME,
    title="ISRCTN (XML as JSON)",
    reads="registrations turned into JSON, one a line or in a list",
    obtain="collections that were made with ctrdata and the like",
    read=partial(read_json, REGISTRY),
    recognises=recognises,
)
