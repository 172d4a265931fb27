"""Clinical trial registry records as a validated RDF graph.

`kg.open(path)` opens a published graph; everything else is imported by its module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.client import open  # noqa: A004 - kg.open, as in gzip.open

__all__ = ["open"]


def __getattr__(name: str) -> object:
    # Workers and commands import modules of this package and must not pay for the client.
    if name == "open":
        from kg import client

        return client.open
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
