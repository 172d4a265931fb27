"""A graph in a folder, a snapshot that nothing writes to.

Queries run in the calling process, or with a deadline in one that can be killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.client.rows import Results, answered
from kg.client.source import Parameters
from kg.errors import QueryError, UsageError
from kg.query.diagnosis import syntax_error
from kg.query.formats import ABBREVIATING, GRAPHS, TABLES
from kg.query.gather import gathered
from kg.query.guard import check
from kg.query.job import job
from kg.query.limits import Limits
from kg.query.reading import read_trial
from kg.query.run import run
from kg.query.trial import Trial
from kg.query.trial_walk import trial_walk
from kg.store import Store
from kg.vocab import PREFIXES

if TYPE_CHECKING:
    import rdflib

    from kg.find.catalogue import Catalogue
    from kg.find.hits import Hit


class Local:
    """A snapshot, opened for reading."""

    def __init__(self, snapshot: Path, timeout: float | None = None) -> None:
        self._snapshot = snapshot
        self._timeout = timeout
        self._store = Store.read_only(snapshot)

    def __len__(self) -> int:
        return len(self._store.engine)

    def close(self) -> None:
        """Release the snapshot."""
        self._store.close()

    def results(self, sparql: str) -> Results:
        """Return the answer of a query."""
        form = check(sparql)
        if self._timeout is not None:
            body = self._bounded(sparql, "ntriples" if form.graph else "json", self._timeout)
            return answered(body, graph=form.graph)
        try:
            return self._store.engine.query(
                sparql, prefixes=dict(PREFIXES), use_default_graph_as_union=not form.dataset
            )
        except SyntaxError as error:
            raise syntax_error(sparql, str(error), PREFIXES) from None
        except (OSError, RuntimeError) as error:
            raise QueryError(str(error), kind="evaluation") from error

    def text(self, sparql: str, format_: str) -> str:
        """Return the answer of a query in a format."""
        if self._timeout is not None:
            return self._bounded(sparql, format_, self._timeout).decode()
        results = self.results(sparql)
        if isinstance(results, ox.QueryTriples):
            prefixes = dict(PREFIXES) if format_ in ABBREVIATING else None
            written = ox.serialize(results, format=GRAPHS[format_], prefixes=prefixes)
        else:
            written = results.serialize(format=TABLES[format_])
        return (written or b"").decode()

    def _bounded(self, sparql: str, format_: str, timeout: float) -> bytes:
        """Return the answer of a query from a process that is killed at the deadline."""
        body = bytearray()
        asked, limits = job(sparql, format_), Limits(timeout=timeout)
        # The caller may run an event loop, as a notebook does; a thread has none yet.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(run, self._snapshot, asked, PREFIXES, limits, body.extend).result()
        return bytes(body)

    def trial(self, registry: str, registry_id: str) -> Trial | None:
        """Return one trial."""
        walk = trial_walk(registry, registry_id)
        return read_trial(gathered(self._store.engine, walk), registry, registry_id)

    def find(self, asked: Parameters) -> list[Hit]:
        """Return the trials that the parameters of a search mean, the latest updated first."""
        from kg.find.hits import hits
        from kg.find.wanted import read_wanted

        found = self._catalogue.find(read_wanted(self._catalogue, asked))
        return list(hits(self._catalogue, self._catalogue.newest(found)))

    @contextmanager
    def part(self, asked: Parameters) -> Iterator[Store]:
        """Yield a store with these trials and what they lead to, everything without parameters."""
        if not asked:
            yield self._store
            return
        from kg.export.subset import subset
        from kg.export.where import found_trials
        from kg.find.wanted import read_wanted

        trials = found_trials(self._catalogue, read_wanted(self._catalogue, asked))
        with subset(self._store, trials) as part:
            yield part

    def dataset(self) -> rdflib.Dataset:
        """Return the graph as an rdflib dataset, a view that reads from the snapshot."""
        from kg.client.view import dataset

        return dataset(self._store.engine)

    @cached_property
    def _catalogue(self) -> Catalogue:
        if not self._snapshot.is_dir():
            raise UsageError(f"{self._snapshot}: the snapshot is gone; open the graph again")
        from kg.find.catalogue import Catalogue

        return Catalogue(self._snapshot)
