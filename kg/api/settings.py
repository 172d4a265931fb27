"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.query.limits import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of its queries."""

    limits: Limits = field(default_factory=Limits)
