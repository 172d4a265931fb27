"""ISRCTN, as its API gives it in XML (https://www.isrctn.com/api/query/format/default)."""

from __future__ import annotations

from functools import partial
from typing import Final

from kg.records import PRIMARY, Loader
from loaders.isrctn.record import NOT_READ
from loaders.isrctn.trials import parse
from loaders.isrctn.versions import REGISTRY, version
from loaders.xml_records import begins_with, read_xml


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like the XML of the registry."""
    return begins_with(head, b"fullTrial") and b"isrctn" in head


LOADER: Final = Loader(
    name=REGISTRY,
    registry=REGISTRY,
    standing=PRIMARY,
    release="1",
    title="ISRCTN (XML)",
    reads="<fullTrial> elements of the registry's API: registration, sponsors, funders",
    obtain="https://www.isrctn.com/api/query/format/default?q=CAR-T&limit=1000",
    licence="The registry's own terms: read them before its text is republished",
    unread=NOT_READ,
    read=partial(read_xml, REGISTRY, "fullTrial", "trial/isrctn"),
    version=version,
    parse=parse,
    recognises=recognises,
)
