"""What a role must not be given for: mutations, allergies, levels in blood, planned treatment."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from kg.extract.antigen_uses import OtherUse
from kg.extract.criteria_roles import in_allergy
from kg.extract.reading import Reading
from kg.extract.role import BACKGROUND, ELIGIBILITY, LAB, LIGANDS, PHENOTYPE, PRIOR, Known, Role
from kg.extract.zones import CRITERIA, Zone

_DRIVERS = frozenset({"EGFR", "HER2", "MET", "FGFR2", "FGFR3", "KIT", "PDGFRA"})
_INHIBITED = frozenset(
    {"ALK", "BRAF", "BTK", "FLT3", "IDH1", "IDH2", "KRAS", "MEK", "NRAS", "NTRK", "RET", "ROS1"}
)
_SOLUBLE = frozenset({"IgE", "IgG", "IgM", "Lpa", "B2M", "PSA", "CA19-9"})
_CHANGED = r"(?:mutat|mutant|rearrang|fusion|alterat|abnormalit|aberrat|translocat|wild[\s-]type)"
_CHANGED_AFTER = re.compile(
    rf"^(?:\s*\(\w+\))?(?:\s*[/,]\s*(?:or\s+|and\s+)?[\w-]{{2,8}}|\s+(?:or|and|and/or)\s+[\w-]{{2,8}}){{0,5}}"
    rf"[\s)-]*(?:gene\w*\s+)?{_CHANGED}"
)
_CHANGED_BEFORE = re.compile(
    rf"{_CHANGED}\w*[\s(]+(?:(?:e\.g\.?|i\.e\.?|such as|including|in|of|the|for|genes?)[\s,:]+)*"
    r"(?:[\w-]+[\s,/]+(?:or\s+|and\s+)?){0,6}$"
)
_PLANNED = re.compile(
    r"(?:will (?:receive|be treated|start|undergo|get)|planned|planning|prescribed|scheduled|"
    r"newly initiat\w+|to initiate|indicated for|candidates? for|to start|to be treated)\b"
    r"[^.;\n]{0,70}$"
)
_NO_CHILD = re.compile(r"contracepti|pregnan|breast-?\s?feed|sperm|childbearing")
_IMMUNOGLOBULINS = frozenset({"IgG", "IgM", "IgA"})
_ANTIBODY = re.compile(r"^[\s-]*(?:antibod|titer|titre|positiv|negativ)")
_TRANSDUCED = re.compile(r"^[\s-]*(?:transduc|transfect)")
_REACH = 90
_LIST = 400


class _Near(NamedTuple):
    reading: Reading
    role: Role
    known: Known
    zone: Zone
    before: str
    after: str


def vetoed(reading: Reading, role: Role, known: Known) -> Role:
    """Return the role, or the weaker one that the words or the antigen's nature allow."""
    if role.role != PRIOR and role.role not in ELIGIBILITY:
        return role
    spot, lower = role.spot, reading.document.lower
    passage = reading.document.passage_at(spot.start)
    near = _Near(
        reading,
        role,
        known,
        reading.document.zone_at(spot.start),
        lower[max(passage.start, spot.start - _REACH) : spot.start],
        lower[spot.end : min(passage.end, spot.end + _REACH)],
    )
    for name, applies, instead in _VETOES:
        if applies(near):
            return role._replace(role=instead, rule=f"veto.{name}")
    if use := _other_use(near):
        return role._replace(role=BACKGROUND, rule=f"veto.{use.name}")
    return role


def _hla(near: _Near) -> bool:
    typed = near.role.antigen.startswith("HLA-") and near.role.rule != "mention.lost"
    return typed and near.role.role in ELIGIBILITY


def _level(near: _Near) -> bool:
    soluble = near.role.antigen in _SOLUBLE or LIGANDS.match(near.role.antigen) is not None
    return near.role.role in ELIGIBILITY and soluble


def _serology(near: _Near) -> bool:
    """Tell an immunoglobulin that is measured ("IgM antibody-positive") from one bound."""
    measured = near.role.antigen in _IMMUNOGLOBULINS and _ANTIBODY.match(near.after)
    return bool(measured) and not near.before.rstrip().endswith(("anti", "anti-"))


def _transduced(near: _Near) -> bool:
    return _TRANSDUCED.match(near.after) is not None


def _mutation(near: _Near) -> bool:
    if near.role.antigen not in _DRIVERS | _INHIBITED:
        return False
    return bool(_CHANGED_AFTER.match(near.after) or _CHANGED_BEFORE.search(near.before))


def _inhibitor(near: _Near) -> bool:
    gene = near.role.antigen.partition("-")[0]
    return gene in _INHIBITED and near.role.antigen not in near.known.owners


def _allergy(near: _Near) -> bool:
    return (
        near.role.role == PRIOR
        and near.zone in CRITERIA
        and in_allergy(near.reading, near.role.spot)
    )


def _planned(near: _Near) -> bool:
    included = near.role.role == PRIOR and near.zone is Zone.INCLUSION
    return included and bool(_PLANNED.search(near.before))


def _contraception(near: _Near) -> bool:
    if near.role.role != PRIOR or near.zone not in CRITERIA:
        return False
    first, last = near.reading.document.sentence_at(near.role.spot.start, near.role.spot.end)
    return _NO_CHILD.search(near.reading.document.lower, first, last) is not None


def _other_use(near: _Near) -> OtherUse | None:
    """Return for which other complaint an antibody is given, by the table of other uses.

    Where an antibody against the antigen is studied, it is earlier treatment.
    """
    if near.role.role != PRIOR or near.role.antigen in near.known.owners:
        return None
    uses = near.reading.lexicon.antigen_uses.others.get(near.role.antigen, ())
    return next((use for use in uses if use.words.search(_told(near, use))), None)


def _told(near: _Near, use: OtherUse) -> str:
    """Return the words in which a use may be told; a line break parts a list from its heading."""
    spot, lower = near.role.spot, near.reading.document.lower
    first, last = near.reading.document.sentence_at(spot.start, spot.end)
    before = max(first, spot.start - _LIST)
    if not use.around:
        return lower[before : spot.start]
    passage = near.reading.document.passage_at(spot.start)
    return f"{lower[max(passage.start, first - _REACH) : first]}\n{lower[before:last]}"


_VETOES: tuple[tuple[str, Callable[[_Near], bool], str], ...] = (
    ("hla-type", _hla, PHENOTYPE),
    ("mutation", _mutation, LAB),
    ("inhibited-gene", _inhibitor, BACKGROUND),
    ("level", _level, LAB),
    ("serology", _serology, LAB),
    ("transduced", _transduced, BACKGROUND),
    ("allergy", _allergy, BACKGROUND),
    ("planned", _planned, BACKGROUND),
    ("contraception", _contraception, BACKGROUND),
)
