"""The EU register's protocols as others made JSON of them: items as keys."""

from __future__ import annotations

from functools import partial
from typing import Final

import msgspec

from loaders import euclinicaltrials
from loaders.euclinicaltrials.versions import REGISTRY
from loaders.json_records import is_json, read_json

NAME: Final = "euclinicaltrials_json"


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with JSON that has the items of a protocol."""
    return is_json(head) and b'"a2_eudract_number"' in head


LOADER: Final = msgspec.structs.replace(
    euclinicaltrials.LOADER,
    name=NAME,
    title="EU Clinical Trials Register (JSON)",
    reads="protocols turned into JSON, one a line or in a list; results in them are left out",
    obtain="collections that were made with ctrdata and the like",
    read=partial(read_json, REGISTRY),
    recognises=recognises,
)
