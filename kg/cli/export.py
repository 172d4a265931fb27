"""`trialkg export`: the published graph, or a part of it, in the form of another tool."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DATA, Data, log
from kg.errors import UsageError
from kg.export import EXPORTS, write_export
from kg.publish import current_snapshot
from kg.query.limits import Limits

Format = Annotated[str, typer.Argument(metavar="FORMAT", help="One of: " + ", ".join(EXPORTS))]
Output = Annotated[Path, typer.Option("-o", "--output", help="The file or folder to write.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where",
        metavar="FACET=VALUE|QUERY",
        help="Trials with this value of a facet, by key or name; again for further facets; "
        "or a SELECT query that returns ?trial.",
    ),
]


def export(name: Format, output: Output, *, data: Data = DATA, where: Where = None) -> None:
    """Write the published graph, or some of its trials, for another tool."""
    if name not in EXPORTS:
        raise UsageError(f"no export {name!r}; there are: {', '.join(EXPORTS)}")
    from kg.export.subset import subset
    from kg.export.where import chosen_trials
    from kg.store import Store

    snapshot = current_snapshot(data)
    with contextlib.ExitStack() as opened:
        store = opened.enter_context(Store.read_only(snapshot))
        if where:
            trials = chosen_trials(snapshot, where, Limits())
            log().print(f"{len(trials)} trial{'' if len(trials) == 1 else 's'}")
            store = opened.enter_context(subset(store, trials))
        counts = write_export(name, store, output)
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items())
    log().print(f"{output} written: {told}")
