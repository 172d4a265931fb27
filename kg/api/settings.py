"""What a server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TextIO

from kg.publish import KEEP
from kg.query.limits import Limits


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server treats its clients.

    `cache` is how many bytes of responses are kept; `log` is where requests are written down, with
    what was asked only if `log_queries`; `proxies` are addresses whose word on the client is taken;
    `grace` is how many seconds running queries have when the server stops.
    """

    cache: int = 64 << 20
    log: TextIO | None = None
    log_queries: bool = False
    proxies: tuple[str, ...] = ()
    grace: float = 10.0


@dataclass(frozen=True, slots=True)
class Settings:
    """The limits of its queries, what its default graph is, and who may write.

    Without a `token` nobody may. Where writing is `confined`, only the graphs of users change.
    `services` are the endpoints that a query may call.
    """

    limits: Limits = field(default_factory=Limits)
    union: bool = True
    token: str | None = field(default=None, repr=False)
    confined: bool = True
    keep: int = KEEP
    services: frozenset[str] = frozenset()
    manners: Manners = field(default_factory=Manners)
