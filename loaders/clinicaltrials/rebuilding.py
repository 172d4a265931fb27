"""A study in the form of the API v2, rebuilt from one of the registry's other forms.

The other forms give labels where the API gives codes ("Active, not recruiting"), and dates in
words. What has no meaning in the tables of `codes` is handed on as it stands, to be dropped and
named as the API's own would be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from kg.records import RawRecord, Version
from loaders import values
from loaders.clinicaltrials import codes
from loaders.clinicaltrials.versions import version
from loaders.json_value import Json

# Labels, folded, whose code is not the label in capitals.
IRREGULAR: Final[Mapping[str, str]] = {
    "unknown status": "UNKNOWN",
    "n/a": "NA",
    "phase 0": "EARLY_PHASE1",
    "u.s. fed": "FED",
    "fed": "FED",
    "individual": "INDIV",
    "individuals": "INDIV",
    "anticipated": "ESTIMATED",
    "estimate": "ESTIMATED",
    "both": "ALL",
    "educational/counseling/training": "ECT",
    "none (open label)": "NONE",
    "open label": "NONE",
    "double blind": "DOUBLE",
    "double-blind": "DOUBLE",
    "single blind": "SINGLE",
    "single-blind": "SINGLE",
    "ecologic or community studies": "ECOLOGIC_OR_COMMUNITY",
    "observational [patient registry]": "OBSERVATIONAL",
}

_BEHIND = re.compile(r" assignment$| \(.*\)$", re.IGNORECASE)
_SIGNS = re.compile(r"[^A-Za-z0-9]+")
_PHASE = re.compile(r"PHASE_(?=\d)")
_TYPED_NAME: Final = {key: key.replace("_", " ").title() for key in codes.INTERVENTION_TYPE}


def coded(label: str | None, table: codes.Codes) -> str | None:
    """Return the API's code for a label, the label itself where it has none."""
    if label is None or not label.strip():
        return None
    for stated in (label.strip(), _BEHIND.sub("", label.strip())):
        found = IRREGULAR.get(stated.casefold()) or _PHASE.sub(
            "PHASE", _SIGNS.sub("_", stated).strip("_").upper()
        )
        if found in table:
            return found
    return label


def phases(label: str | None) -> list[str]:
    """Return the API's codes for "Phase 1/Phase 2" or "PHASE1|PHASE2"."""
    if label is None or not label.strip():
        return []
    listed = [label] if label.strip().casefold() == "n/a" else re.split(r"[/|]", label)
    made = (coded(one, codes.PHASE) for one in listed)
    return [one for one in made if one is not None]


def date(label: str | None) -> str | None:
    """Return a date as the API writes it, anything else as it stands."""
    found = values.day_of(label) if label else None
    if found is None:
        return label or None
    day, precision = found
    return day.isoformat()[: {"Year": 4, "Month": 7, "Day": 10}[precision]]


def dated(label: str | None, kind: str | None = None) -> dict[str, Json]:
    """Return a date struct of the API."""
    return {"date": date(label), "type": coded(kind, codes.DATE_TYPE)}


def yes(label: str | None) -> bool | None:
    """Return what the forms say for true and false, None for anything else."""
    meant = {"yes": True, "true": True, "t": True, "no": False, "false": False, "f": False}
    meant["accepts healthy volunteers"] = True
    return meant.get((label or "").strip().casefold())


def number(label: str | None) -> int | str | None:
    """Return a count, anything else as it stands."""
    stated = (label or "").strip()
    return int(stated) if re.fullmatch(r"\d{1,9}", stated, re.ASCII) else stated or None


def typed_name(kind: str | None, name: str) -> str:
    """Return an intervention as arms name it: its type and its name."""
    return f"{_TYPED_NAME.get(kind or '', '')}: {name}"


def rebuilt(study: Json, raw: RawRecord, unknown: tuple[str, ...]) -> Version:
    """Return the version of a study in the form of the API; empty values are left out."""
    content = msgspec.json.encode(_filled(study))
    made = version(RawRecord(content=content, origin=raw.origin))
    return msgspec.structs.replace(made, unknown_keys=unknown)


def _filled(node: Json) -> Json:
    if isinstance(node, dict):
        made = {key: _filled(value) for key, value in node.items()}
        return {key: value for key, value in made.items() if value not in (None, "", [], {})}
    if isinstance(node, list):
        return [one for one in map(_filled, node) if one not in (None, "", {})]
    return node
