"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.publish import KEEP
from kg.query.limits import Limits


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of its queries, what its default graph is, and who may write.

    Without a `token` nobody may. Where writing is `confined`, only the graphs of users change.
    """

    limits: Limits = field(default_factory=Limits)
    union: bool = True
    token: str | None = field(default=None, repr=False)
    confined: bool = True
    keep: int = KEEP
