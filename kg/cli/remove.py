"""`trialkg remove`: forget a record."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import DATA, Data, out
from kg.errors import UsageError
from kg.pipeline import remove

Ids = Annotated[list[str], typer.Argument(help="Ids of records, such as NCT07480213.")]
Registry = Annotated[str, typer.Option(help="The registry of the records.")]


def remove_command(ids: Ids, *, data: Data = DATA, registry: Registry = "clinicaltrials") -> None:
    """Forget records with all their versions; the next build takes them out of the graph."""
    for registry_id in ids:
        if not remove(data, registry, registry_id):
            raise UsageError(f"{data} has no record {registry} {registry_id}")
        out().print(f"{registry_id} forgotten; `trialkg build --data {data}` publishes without it")
