"""Labels made by people, in their compact form (data/gold/PROTOCOL.md), and what they mean here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from kg.errors import UsageError

MODALITY = {
    "CAR-T": "CARTTherapy",
    "CAR-NK": "CARNKTherapy",
    "CAR-M": "CARMacrophageTherapy",
    "CAR-NKT": "CARNKTTherapy",
    "CAR-GDT": "CARGammaDeltaTTherapy",
    "in-vivo-CAR": "InVivoCARTherapy",
    "TCR-T": "TCRTTherapy",
    "TIL": "TILTherapy",
    "NK": "UnmodifiedNKTherapy",
    "T-cell": "OtherTCellTherapy",
    "CIK": "CIKTherapy",
    "DC": "DendriticCellTherapy",
    "HSCT": "HematopoieticStemCellTherapy",
    "T-cell-engager": "TCellEngager",
    "NK-engager": "NKCellEngager",
    "bispecific-mAb": "BispecificAntibody",
    "mAb": "MonoclonalAntibody",
    "ADC": "AntibodyDrugConjugate",
    "radioligand": "RadioligandTherapy",
    "vaccine": "TherapeuticVaccine",
    "oncolytic-virus": "OncolyticVirus",
    "fusion-protein": "FusionProtein",
    "other-biologic": "OtherBiologic",
    "small-molecule": "SmallMolecule",
    "other": "OtherProduct",
}
EFFECTOR = {
    "T": "TCell",
    "NK": "NKCell",
    "NKT": "NKTCell",
    "macrophage": "Macrophage",
    "gamma-delta-T": "GammaDeltaTCell",
    "Treg": "RegulatoryTCell",
}
DONOR = {
    "autologous": "Autologous",
    "allogeneic": "Allogeneic",
    "either": "EitherDonor",
    "unknown": "NotStated",
}
LOGIC = {
    "single": "SingleTarget",
    "or": "AnyOf",
    "and": "AllOf",
    "and-not": "AndNot",
    "menu": "Menu",
    "none": "NotAntigenDirected",
    "undisclosed": "UnknownLogic",
}
ROLE_GROUPS = {
    "eligibility": ("RequiredMention", "ExcludedMention", "TestedMention"),
    "prior therapy": ("PriorTherapyMention",),
    "component": ("EditedGeneMention", "ArmourMention", "SwitchMention", "MarkerMention"),
    "partner": ("PartnerMention", "ComparatorMention", "ConditioningMention"),
}
GOLD_ROLES = {
    "eligibility": ("eligibility",),
    "prior therapy": ("prior-therapy",),
    "component": ("edited-gene", "armour", "switch", "marker"),
    "partner": ("partner-target", "comparator-target", "conditioning"),
}
TESTED = ("experimental", "previously-given")


class GoldConstruct(msgspec.Struct, frozen=True):
    """A construct as labelled."""

    name: str
    modality: str
    effector: str | None
    source: str | None
    donor: str
    donor_stated: bool
    targets: tuple[str, ...]
    logic: str
    combined: str | None
    architecture: str | None
    role: str
    kb: bool


class GoldAntigen(msgspec.Struct, frozen=True):
    """An antigen in one role as labelled."""

    key: str
    id: str | None
    role: str
    quote: str


class GoldCondition(msgspec.Struct, frozen=True):
    """A condition as labelled; `mondo` is a CURIE or None."""

    as_listed: str
    core: str | None
    mondo: str | None


class GoldTrial(msgspec.Struct, frozen=True, rename={"klass": "class"}):
    """The labels of one trial."""

    id: str
    klass: str
    constructs: tuple[GoldConstruct, ...]
    antigens: tuple[GoldAntigen, ...]
    conditions: tuple[GoldCondition, ...]
    flags: tuple[str, ...] = ()
    notes: str = ""


def read_gold(paths: Iterable[Path]) -> list[GoldTrial]:
    """Read label files, one JSON object a line; raises UsageError naming file and line."""
    decoder = msgspec.json.Decoder(GoldTrial)
    found: dict[str, GoldTrial] = {}
    for path in paths:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if not line.strip():
                continue
            try:
                trial = decoder.decode(line)
            except msgspec.DecodeError as error:
                raise UsageError(f"{path} line {number}: {error}; see PROTOCOL.md") from None
            if trial.id in found:
                raise UsageError(f"{path} line {number}: {trial.id} is labelled twice")
            found[trial.id] = trial
    return list(found.values())
