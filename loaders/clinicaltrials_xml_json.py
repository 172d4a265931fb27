"""ClinicalTrials.gov's XML as others made JSON of it: elements as keys, attributes lost."""

from __future__ import annotations

from functools import partial
from typing import Final

import msgspec

from loaders import clinicaltrials_xml
from loaders.clinicaltrials.versions import REGISTRY
from loaders.json_records import is_json, read_json

NAME: Final = "clinicaltrials_xml_json"


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with JSON that has the elements of `<clinical_study>`."""
    return is_json(head) and b'"id_info"' in head and b'"nct_id"' in head


LOADER: Final = msgspec.structs.replace(
    clinicaltrials_xml.LOADER,
    name=NAME,
    title="ClinicalTrials.gov (XML as JSON)",
    reads="documents of the old XML turned into JSON, one a line or in a list",
    obtain="collections that were made with ctrdata and the like before June 2024",
    read=partial(read_json, REGISTRY),
    recognises=recognises,
)
