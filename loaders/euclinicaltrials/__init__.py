"""EU Clinical Trials Register, the plain text that it lets people download for each country."""

from __future__ import annotations

from typing import Final

from kg.records import PRIMARY, Loader
from loaders.euclinicaltrials.paths import NOT_READ
from loaders.euclinicaltrials.protocols import read
from loaders.euclinicaltrials.trials import parse
from loaders.euclinicaltrials.versions import REGISTRY, version


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - the content decides
    """Tell whether a source begins with a protocol in plain text."""
    return b"EudraCT Number:" in head and b"A.1 Member State Concerned" in head


LOADER: Final = Loader(
    name=REGISTRY,
    registry=REGISTRY,
    standing=PRIMARY,
    release="1",
    title="EU Clinical Trials Register",
    reads="full trial details as plain text, one protocol a country: each is a registration",
    obtain="https://www.clinicaltrialsregister.eu: search, then Download, Full Trial Details",
    licence="EMA's own terms: read them before a record is republished",
    unread=NOT_READ,
    read=read,
    version=version,
    parse=parse,
    recognises=recognises,
)
