"""ClinicalTrials.gov, the XML that it gave until 2024: `<clinical_study>` documents."""

from __future__ import annotations

from functools import partial
from typing import Final

import msgspec

from loaders import clinicaltrials
from loaders.clinicaltrials.versions import REGISTRY
from loaders.clinicaltrials_xml.record import NOT_READ
from loaders.clinicaltrials_xml.studies import version
from loaders.xml_records import begins_with, read_xml

NAME: Final = "clinicaltrials_xml"


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like a document of the registry."""
    return begins_with(head, b"clinical_study")


LOADER: Final = msgspec.structs.replace(
    clinicaltrials.LOADER,
    name=NAME,
    title="ClinicalTrials.gov (XML until 2024)",
    reads="<clinical_study> documents, one a file or several in one",
    obtain="archives of AllPublicXML.zip; the registry itself gives JSON since June 2024",
    unread=NOT_READ,
    read=partial(read_xml, REGISTRY, "clinical_study", "id_info/nct_id"),
    version=version,
    recognises=recognises,
)
