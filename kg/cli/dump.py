"""`trialkg dump`: the whole published graph as sorted N-Quads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DATA, Data
from kg.publish import current_snapshot
from kg.store import Store

Output = Annotated[Path | None, typer.Option("-o", "--output", help="A file; default: print it.")]


def dump(*, data: Data = DATA, output: Output = None) -> None:
    """Write the published graph as sorted N-Quads: equal graphs give equal bytes."""
    with Store.read_only(current_snapshot(data)) as store:
        if output is None:
            store.dump(sys.stdout.buffer)
            return
        output.parent.mkdir(parents=True, exist_ok=True)
        partial = output.with_name(output.name + ".partial")
        with partial.open("wb") as file:
            store.dump(file)
        partial.replace(output)
