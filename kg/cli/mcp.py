"""`trialkg mcp`: the published graph for assistants, over standard input and output."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.options import DATA, Data
from kg.errors import UsageError
from kg.publish import current_snapshot
from kg.query.limits import MEBIBYTE, Limits

_DEFAULT = Limits()
_RESULT = 32

Timeout = Annotated[
    float, typer.Option(min=0.1, envvar="TRIALKG_TIMEOUT", help="Seconds that a query may take.")
]
Memory = Annotated[
    int, typer.Option(min=64, envvar="TRIALKG_QUERY_MEMORY", help="MiB that a query may take.")
]


def mcp_command(
    *,
    data: Data = DATA,
    timeout: Timeout = _DEFAULT.timeout,
    query_memory: Memory = _DEFAULT.memory // MEBIBYTE,
) -> None:
    """Serve the graph to an assistant: find, show, describe, query. Needs trialkg[mcp]."""
    try:
        from kg.mcp import create_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "mcp":
            raise
        raise UsageError('mcp is not installed: pip install "trialkg[mcp]"') from error
    current_snapshot(data)
    limits = Limits(timeout, query_memory * MEBIBYTE, _RESULT * MEBIBYTE, workers=2)
    create_server(data, limits).run("stdio")
