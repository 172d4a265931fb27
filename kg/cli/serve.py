"""`trialkg serve`: the published graph over HTTP."""

from __future__ import annotations

import logging
import socket
from typing import Annotated

import typer

from kg.cli.options import DATA, Data, log
from kg.errors import UsageError
from kg.publish import current_snapshot
from kg.query.limits import MEBIBYTE, Limits

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
) -> None:
    """Serve the published graph: SPARQL at /sparql, pages at /. Newer builds are picked up."""
    limits = Limits(
        timeout=timeout,
        memory=query_memory * MEBIBYTE,
        result=max_result * MEBIBYTE,
        workers=workers,
        waiting=waiting,
    )
    current_snapshot(data)
    # The other commands need no web server.
    import uvicorn

    from kg.api import Settings, create_app

    listening = _listen(host, port)
    app = create_app(data, Settings(limits=limits))
    config = uvicorn.Config(app, log_level=logging.WARNING, access_log=False, server_header=False)
    log().print(f"serving {data} at http://{_shown(host)}:{listening.getsockname()[1]}/")
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
