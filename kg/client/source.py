"""Where a graph is read from: what folder and server have in common."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import rdflib

from kg.client.rows import Results
from kg.find.hits import Hit
from kg.query.trial import Trial
from kg.store import Store

Parameters = Sequence[tuple[str, str]]


class Source(Protocol):
    """A published graph, wherever it is; each answer is the same from all of them."""

    def __len__(self) -> int:
        """Return the number of statements."""

    def results(self, sparql: str) -> Results:
        """Return the answer of a query."""

    def text(self, sparql: str, format_: str) -> str:
        """Return the answer of a query in a format."""

    def trial(self, registry: str, registry_id: str) -> Trial | None:
        """Return one trial."""

    def find(self, asked: Parameters) -> list[Hit]:
        """Return the trials that the parameters of a search mean, the latest updated first."""

    def part(self, asked: Parameters) -> AbstractContextManager[Store]:
        """Return a store with these trials and what they lead to, everything without parameters."""

    def dataset(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset."""

    def close(self) -> None:
        """Release what is held."""
