"""The graph from Python: `kg.open(path or address)`.

From a folder, queries run in the calling process on a published snapshot, which nothing writes to,
or with a deadline in a process that can be killed; SERVICE and updates are refused. For queries of
strangers there is `trialkg serve`, which bounds them. From an address of a server come the same
answers, within its limits.
"""

from __future__ import annotations

import math
from pathlib import Path

from kg.client.graph import Graph, Text
from kg.client.local import Local
from kg.client.wanted import Wanted
from kg.errors import UsageError
from kg.publish import current_snapshot
from kg.query.trial import Trial

__all__ = ["Graph", "Text", "Trial", "Wanted", "open"]

_SCHEMES = ("http:", "https:")


def open(place: str | Path, *, timeout: float | None = None) -> Graph:  # noqa: A001 - kg.open, as in gzip.open
    """Open the published graph of a data folder, one snapshot, or the server at an address.

    The snapshot of this moment stays open; open again to see a later build. A server answers from
    what is published when it is asked. With a `timeout`, each `query` of a folder runs in a process
    of its own, which is killed after so many seconds and may take 1 GiB; a server is asked to stop
    by then, and may do so earlier. Both raise QueryTimeout. Nothing else is bounded by it.
    """
    if timeout is not None and not 0 < timeout < math.inf:
        raise UsageError(
            f"timeout={timeout!r}: give the seconds that a query may take, more than 0"
        )
    if isinstance(place, str) and place.startswith(_SCHEMES):
        from kg.client.remote import Remote

        return Graph(Remote(place, timeout))
    folder = Path(place)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder; `trialkg build --data {folder}` makes one")
    published = (folder / "current").is_file() or (folder / "snapshots").is_dir()
    return Graph(Local(current_snapshot(folder) if published else folder, timeout))
