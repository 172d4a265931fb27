"""WHO ICTRP, the XML that its search portal exports (https://trialsearch.who.int)."""

from __future__ import annotations

from functools import partial
from typing import Final

from kg.records import COPY, Loader
from loaders.ictrp.record import NOT_READ
from loaders.ictrp.trials import parse
from loaders.ictrp.versions import NAME, version
from loaders.xml_records import begins_with, read_xml


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins like an XML export of ICTRP."""
    return begins_with(head, b"Trials_downloaded_from_ICTRP") or (
        begins_with(head, b"TrialID") and begins_with(head, b"Source_Register")
    )


LOADER: Final = Loader(
    name=NAME,
    registry=None,
    standing=COPY,
    release="1",
    title="WHO ICTRP (XML)",
    reads="the XML export of the search portal: all registers, each record with its own",
    obtain="https://trialsearch.who.int: search, then Export results to XML",
    licence="WHO's own terms: read them before a record is republished; name the register",
    unread=NOT_READ,
    read=partial(read_xml, NAME, "Trial", "TrialID"),
    version=version,
    parse=parse,
    recognises=recognises,
)
