"""`trialkg serve`: the published graph over HTTP."""

from __future__ import annotations

import logging
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.dataset import (
    Dataset,
    Default,
    DefaultGraph,
    Token,
    Writable,
    keep_of,
    served_folder,
    token_of,
)
from kg.cli.options import DATA, Data, log
from kg.errors import UsageError
from kg.publish import current_snapshot
from kg.query.limits import MEBIBYTE, Limits

if TYPE_CHECKING:
    from kg.api import Settings

_BACKLOG = 2048
_DEFAULT = Limits()

Host = Annotated[str, typer.Option(envvar="TRIALKG_HOST", help="The address to listen on.")]
Port = Annotated[
    int, typer.Option(min=0, max=65535, envvar="TRIALKG_PORT", help="0: any free port.")
]
Timeout = Annotated[
    float, typer.Option(min=0.1, envvar="TRIALKG_TIMEOUT", help="Seconds that a query may take.")
]
Memory = Annotated[
    int,
    typer.Option(min=64, envvar="TRIALKG_QUERY_MEMORY", help="MiB that a query may take."),
]
Result = Annotated[
    int, typer.Option(min=1, envvar="TRIALKG_MAX_RESULT", help="MiB that a result may hold.")
]
Workers = Annotated[
    int, typer.Option(min=1, envvar="TRIALKG_WORKERS", help="Queries that run at once.")
]
Waiting = Annotated[
    int, typer.Option(min=0, envvar="TRIALKG_WAITING", help="Queries that may wait for that.")
]


def serve(
    *,
    data: Data = DATA,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    timeout: Timeout = _DEFAULT.timeout,
    query_memory: Memory = _DEFAULT.memory // MEBIBYTE,
    max_result: Result = _DEFAULT.result // MEBIBYTE,
    workers: Workers = _DEFAULT.workers,
    waiting: Waiting = _DEFAULT.waiting,
    dataset: Dataset = None,
    default_graph: Default = None,
    writable: Writable = False,
    token: Token = None,
) -> None:
    """Serve the published graph: SPARQL at /sparql, pages at /. Newer builds are picked up."""
    limits = Limits(
        timeout=timeout,
        memory=query_memory * MEBIBYTE,
        result=max_result * MEBIBYTE,
        workers=workers,
        waiting=waiting,
    )
    usual = DefaultGraph.own if dataset else DefaultGraph.union
    # The other commands need no web server.
    from kg.api import Settings

    settings = Settings(
        limits=limits,
        union=(default_graph or usual) is DefaultGraph.union,
        token=token_of(token, writable=writable),
        confined=not dataset,
        keep=keep_of(dataset),
    )
    with served_folder(data, dataset, limits) as folder:
        current_snapshot(folder)
        shown = ", ".join(map(str, dataset)) if dataset else str(data)
        _run(folder, settings, host, port, shown)


def _run(data: Path, settings: Settings, host: str, port: int, shown: str) -> None:
    import uvicorn

    from kg.api import create_app

    listening = _listen(host, port)
    app = create_app(data, settings)
    config = uvicorn.Config(app, log_level=logging.WARNING, access_log=False, server_header=False)
    log().print(f"serving {shown} at http://{_shown(host)}:{listening.getsockname()[1]}/")
    uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        # Clients that come before the workers are ready wait, and are not refused.
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise UsageError(f"cannot listen on {host} port {port}: {error.strerror}") from error
    return listening


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
