"""Formats that a graph is written in; every module with a `write` is in EXPORTS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from kg.export import graphml, kgx, nquads
from kg.store import Store

EXPORTS: Mapping[str, Callable[[Store, Path], Mapping[str, int]]] = {
    "graphml": graphml.write,
    "kgx": kgx.write,
    "nquads": nquads.write,
}
"""Name of the format: writes a store to a path and returns how many of what were written."""
