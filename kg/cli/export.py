"""`trialkg export`: the published graph in the form of another tool."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import DATA, Data, log
from kg.errors import UsageError
from kg.export import EXPORTS
from kg.publish import current_snapshot
from kg.store import Store

Format = Annotated[str, typer.Argument(metavar="FORMAT", help="One of: " + ", ".join(EXPORTS))]
Output = Annotated[Path, typer.Option("-o", "--output", help="The file or folder to write.")]


def export(name: Format, output: Output, *, data: Data = DATA) -> None:
    """Write the published graph for another tool."""
    write = EXPORTS.get(name)
    if write is None:
        raise UsageError(f"no export {name!r}; there are: {', '.join(EXPORTS)}")
    with Store.read_only(current_snapshot(data)) as store:
        write(store, output)
    log().print(f"{output} written")
