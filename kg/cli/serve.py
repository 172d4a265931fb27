"""`trialkg serve`: the published graph over HTTP."""

from __future__ import annotations

import socket
import sys
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
    services_of,
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
Rows = Annotated[
    int,
    typer.Option(min=0, envvar="TRIALKG_MAX_ROWS", help="Rows that a table may have; 0: any."),
]
Share = Annotated[
    float,
    typer.Option(
        min=0,
        envvar="TRIALKG_CLIENT_SECONDS",
        help="Seconds of query time that a client has per minute; 0: any.",
    ),
]
Cache = Annotated[
    int, typer.Option(min=0, envvar="TRIALKG_CACHE", help="MiB of responses that are kept.")
]
AccessLog = Annotated[
    bool,
    typer.Option(
        "--access-log/--no-access-log",
        envvar="TRIALKG_ACCESS_LOG",
        help="Write a line per request to standard output.",
    ),
]
LogQueries = Annotated[
    bool,
    typer.Option(
        "--log-queries", envvar="TRIALKG_LOG_QUERIES", help="Let the lines say what was asked."
    ),
]
Proxies = Annotated[
    list[str] | None,
    typer.Option(
        "--trusted-proxy",
        envvar="TRIALKG_TRUSTED_PROXIES",
        help="Address or network of a proxy whose X-Forwarded-For names the client.",
    ),
]
Services = Annotated[
    list[str] | None,
    typer.Option(
        "--service",
        envvar="TRIALKG_SERVICE",
        help="Address of a SPARQL endpoint that queries may call with SERVICE, exactly as written "
        "there; give it again for more. Without it none may be called.",
    ),
]
Grace = Annotated[
    float,
    typer.Option(
        min=0, envvar="TRIALKG_GRACE", help="Seconds that running queries have at the end."
    ),
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
    max_rows: Rows = _DEFAULT.rows,
    client_seconds: Share = _DEFAULT.client_seconds,
    cache: Cache = 64,
    access_log: AccessLog = True,
    log_queries: LogQueries = False,
    trusted_proxy: Proxies = None,
    grace: Grace = 10.0,
    service: Services = None,
    dataset: Dataset = None,
    default_graph: Default = None,
    writable: Writable = False,
    token: Token = None,
) -> None:
    """Serve the published graph: SPARQL at /sparql, pages at /. Newer builds are picked up."""
    memory, result = query_memory * MEBIBYTE, max_result * MEBIBYTE
    limits = Limits(timeout, memory, result, workers, waiting, max_rows, client_seconds)
    # The other commands need no web server.
    from kg.api import Manners, Settings

    lines = sys.stdout if access_log else None
    manners = Manners(cache * MEBIBYTE, lines, log_queries, tuple(trusted_proxy or ()), grace)
    union = (
        default_graph or (DefaultGraph.own if dataset else DefaultGraph.union)
    ) is DefaultGraph.union
    writer = token_of(token, writable=writable)
    settings = Settings(
        limits, union, writer, not dataset, keep_of(dataset), services_of(service), manners
    )
    _run(data, dataset, settings, host, port)


def _run(data: Path, dataset: list[Path] | None, settings: Settings, host: str, port: int) -> None:
    from kg.api import create_app
    from kg.api.server import run

    with served_folder(data, dataset, settings.limits) as folder:
        current_snapshot(folder)
        shown = ", ".join(map(str, dataset)) if dataset else str(data)
        listening = _listen(host, port)
        app = create_app(folder, settings)
        told = f"serving {shown} at http://{_shown(host)}:{listening.getsockname()[1]}/"
        run(app, settings.manners, listening, lambda: log().print(told))


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
