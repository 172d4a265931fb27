"""A construct in the making, before and after its antigens are known."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.extract.binding import Binding
from kg.extract.reading import CELL_MODALITIES
from kg.extract.spot import Spot


@dataclass
class Candidate:
    """A construct in the making."""

    label: str
    modality: str | None
    product: str | None = None
    interventions: tuple[int, ...] = ()
    arms: tuple[int, ...] = ()
    names: list[Spot] = field(default_factory=list)
    where: list[tuple[int, int]] = field(default_factory=list)
    codes: tuple[str, ...] = ()
    bindings: list[Binding] = field(default_factory=list)
    rule: str = ""
    background: bool = False

    @property
    def is_cell(self) -> bool:
        """Tell whether the candidate is a cell product or an in vivo CAR."""
        return self.modality in CELL_MODALITIES


@dataclass
class Bound:
    """A candidate with what it binds."""

    candidate: Candidate
    targets: dict[str, list[Spot]] = field(default_factory=dict)
    recruits: dict[str, list[Spot]] = field(default_factory=dict)
    from_table: bool = False
    joint: str = ""
    enumerated: bool = False
    rule: str = ""

    @property
    def keys(self) -> frozenset[str]:
        """Return the antigens of the construct as a set."""
        return frozenset(self.targets)
