"""One mention as the rules of roles make it, and what those rules know of the trial."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.extract.spot import Spot

BACKGROUND = "BackgroundMention"
GATE = "GateMention"
LAB = "LabAnalyteMention"
PARTNER = "PartnerMention"
PHENOTYPE = "PhenotypeMention"
PRIOR = "PriorTherapyMention"
REQUIRED = "RequiredMention"
TARGET = "TargetMention"
ELIGIBILITY = frozenset({REQUIRED, "ExcludedMention", "TestedMention"})

CHECKPOINTS = frozenset({"PD-1", "CTLA-4", "TIGIT", "LAG-3", "TIM-3", "PD-L1"})
LIGANDS = re.compile(
    r"^(?:IL-\d+\w?|TNF|TGF-beta|CGRP|IFN-\w+|CCL\d+|CXCL\d+|GM-CSF|CSF\d?|EGF|NGF|HGF)$"
)


class Role(NamedTuple):
    """One mention: which antigen, in which role, by which rule; `name` is the component's."""

    antigen: str
    role: str
    rule: str
    spot: Spot
    name: str = ""
    construct: int | None = None


class Known(NamedTuple):
    """What the constructs say of the trial before its mentions are judged."""

    targets: dict[tuple[int, int], int]
    meant: dict[tuple[int, int], tuple[str, ...]]
    recruits: dict[tuple[int, int], int]
    gates: dict[tuple[int, int], int]
    bound: frozenset[tuple[int, int]]
    owners: dict[str, int]
    vaccines: tuple[tuple[int, int], ...]
    cells: bool
    names: frozenset[str]
