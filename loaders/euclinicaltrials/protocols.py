"""Splits the register's text download into protocols, and their lines into items.

An item is a line of its number, its label, a colon and its value; lines that begin no item go on
with the value before. Sponsors, products and their substances repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

import msgspec

from kg.errors import RecordError
from kg.records import RawRecord
from loaders.euclinicaltrials.versions import REGISTRY
from loaders.json_value import Json
from loaders.limits import LARGEST_RECORD

_BEGINS: Final = "eudract number:"
_LARGEST_LINE: Final = 2**20
_ITEM = re.compile(r"([A-Z](?:\.[\dA-Z][\w.]*|\.)?(?: (?:to|and) [A-Z]\.[\d.]+)?)\s+(\S.*)")
_LABEL = re.compile(r"(.{3,160}?):(?:\s+|$)(.*)")
_HEADING = re.compile(
    r"[A-Z]\.\d[\d.]*(?: (?:to|and) [A-Z]\.[\d.]+)?\s+[A-Z][^:]*"
    r"|[A-Z]\.\s+(?:Protocol Information|Sponsor Information|Applicant Identification"
    r"|IMP Identification|Information on Placebo|General Information on the Trial"
    r"|Population of Trial Subjects|Proposed Trial Sites|Review by the Competent Authority"
    r"|End of Trial|Investigator Networks).*"
)
_SIGNS = re.compile(r"[^a-z0-9 ]")
# What stands above the items of a protocol, and the keys that it has.
_HEAD: Final = {
    "clinical trial type": "x4_clinical_trial_type",
    "trial status": "x5_trial_status",
    "date on which this record was first entered in the eudract database": (
        "x6_date_on_which_this_record_was_first_entered_in_the_eudract_database"
    ),
    "link": "link",
}
# Lines that begin another sponsor, product or substance.
_REPEATED: Final = {
    "b.sponsor": "b1_sponsor",
    "d.imp": "dimp",
}
_SUBSTANCE: Final = "d38_imp_identification_details"
_SUPPORT: Final = "b4_sources_of_monetary_or_material_support"


def read(stream: BinaryIO, name: str) -> Iterator[RawRecord | RecordError]:
    """Yield the protocols of a download as raw records in JSON."""
    found = 0
    for position, lines in enumerate(_protocols(stream), start=1):
        found = position
        origin = f"{name} record {position}"
        if isinstance(lines, str):
            remedy = "download it again; nothing else of the file is lost"
            yield RecordError(REGISTRY, "", lines, origin=origin, remedy=remedy)
        else:
            yield RawRecord(content=msgspec.json.encode(items(lines)), origin=origin)
    if not found:
        reason = "has no line that begins with 'EudraCT Number:'"
        remedy = "download the full trial details of the register as plain text"
        raise RecordError(REGISTRY, "", reason, origin=name, remedy=remedy)


def items(lines: list[str]) -> dict[str, Json]:
    """Return the items of a protocol by their keys."""
    protocol: dict[str, Json] = {}
    place = protocol
    last: tuple[dict[str, Json], str] | None = None
    for line in lines:
        label, value = _divided(line)
        if label is None:
            if _HEADING.fullmatch(line.strip()):
                last = None
            elif last is not None and line.strip():
                last[0][last[1]] = f"{last[0][last[1]]}\n{line.strip()}".strip()
            continue
        repeated = _REPEATED.get(label.lower().replace(" ", ""))
        if repeated is not None:
            place = {}
            protocol.setdefault(repeated, []).append(place)
            last = None
            continue
        key = _key(label)
        here = _place(protocol, place, key)
        here[key] = value
        last = (here, key)
    return protocol


def _place(protocol: dict[str, Json], place: dict[str, Json], key: str) -> dict[str, Json]:
    """Return where an item stands: in its protocol, sponsor or product, or in a list below."""
    if key.startswith("d") and place is not protocol:
        substance = re.match(r"d3(?:8|9\d|10\d)_", key)
        return _below(place, _SUBSTANCE, key, "d38_") if substance else place
    if key.startswith("b") and place is not protocol:
        return _below(place, _SUPPORT, key, "b41_") if key.startswith("b4") else place
    return protocol


def _below(place: dict[str, Json], listed: str, key: str, first: str) -> dict[str, Json]:
    below = place.setdefault(listed, [])
    if not below or key.startswith(first) or key in below[-1]:
        below.append({})
    made: dict[str, Json] = below[-1]
    return made


def _divided(line: str) -> tuple[str | None, str]:
    """Return the label and the value of a line, no label where it begins no item."""
    found = _LABEL.fullmatch(line.strip())
    if found is None:
        return None, ""
    label = found[1].strip()
    named = label.lower() in _HEAD or label.lower().replace(" ", "") in _REPEATED
    if named or _ITEM.fullmatch(label) or label.lower() == _BEGINS[:-1]:
        return label, found[2].strip()
    return None, ""


def _key(label: str) -> str:
    known = _HEAD.get(label.lower())
    return known or _SIGNS.sub("", label.lower()).replace(" ", "_")


def _protocols(stream: BinaryIO) -> Iterator[list[str] | str]:
    """Yield the lines of each protocol, or what is wrong with one."""
    lines: list[str] | None = None
    size = 0
    wrong = ""
    while line := stream.readline(_LARGEST_LINE):
        try:
            text = line.decode("utf-8-sig").strip("\r\n\x0c")
        except UnicodeDecodeError:
            wrong, text = wrong or "is not UTF-8", line.decode("utf-8", "replace")
        if text.strip().lower().startswith(_BEGINS):
            if lines is not None:
                yield wrong or lines
            lines, size, wrong = [], 0, ""
        size += len(line)
        if size > LARGEST_RECORD:
            wrong = wrong or f"larger than {LARGEST_RECORD // 2**20} MB"
        if lines is not None and not wrong:
            lines.append(text)
    if lines is not None:
        yield wrong or lines
