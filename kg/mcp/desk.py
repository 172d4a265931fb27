"""What the tools work with: workers for queries, and the tables of the published snapshot."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, parse

from kg.find.catalogue import Catalogue
from kg.publish import watched
from kg.query.job import job, walk_job
from kg.query.limits import Limits
from kg.query.pool import Pool
from kg.query.reading import read_trial
from kg.query.trial import Trial
from kg.query.trial_walk import trial_walk
from kg.vocab import PREFIXES

Rows = Sequence[dict[str, str]]


class Desk:
    """One data folder; its workers start with the first query."""

    def __init__(self, data: Path, limits: Limits) -> None:
        self._locate = watched(data)
        self.pool = Pool(self._locate, PREFIXES, limits, warm=False)
        self._opened = lru_cache(maxsize=1)(Catalogue)

    async def close(self) -> None:
        """End the workers."""
        await self.pool.close()

    @property
    def snapshot(self) -> Path:
        """Return the folder of the published snapshot."""
        return self._locate()

    async def catalogue(self) -> Catalogue:
        """Return the tables of the published snapshot."""
        return await asyncio.to_thread(self._opened, self.snapshot)

    async def ask(self, sparql: str, format_: str = "") -> tuple[str, bytes]:
        """Return the format and the bytes of the answer of a query."""
        async with self.pool.run(job(sparql, format_)) as answer:
            return answer.head.format, await answer.read()

    async def rows(self, sparql: str) -> Rows:
        """Return the rows of a query of ours, each value as text."""
        _, body = await self.ask(sparql, "json")
        told: Any = json.loads(body)
        return [
            {name: term["value"] for name, term in row.items()}
            for row in told["results"]["bindings"]
        ]

    async def trial(self, registry: str, registry_id: str) -> Trial | None:
        """Return one trial, None where it is absent."""
        asked = walk_job(trial_walk(registry, registry_id))
        async with self.pool.run(asked) as answer:
            body = await answer.read()
        triples = (quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES))
        return read_trial(triples, registry, registry_id)
