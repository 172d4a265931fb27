"""What is served, and who may write to it: the options of `trialkg serve` about that."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pyoxigraph import NamedNode

from kg.cli.temporary import temporary_folder
from kg.errors import UsageError
from kg.publish import KEEP
from kg.query.limits import Limits

# Snapshots of a temporary data set: a running query keeps reading the one that it began on.
TEMPORARY_KEEP = 12
_LOADING_SECONDS = 600.0
_SHORTEST_TOKEN = 8


class DefaultGraph(StrEnum):
    """What the default graph of a query is."""

    union = "union"
    own = "own"


Dataset = Annotated[
    list[Path] | None,
    typer.Option(
        "--dataset",
        exists=True,
        dir_okay=False,
        help="Serve this RDF file instead (.nq .trig .ttl .nt .rdf .jsonld), from a temporary "
        "store; give it again for more files.",
    ),
]
Default = Annotated[
    DefaultGraph | None,
    typer.Option(
        "--default-graph",
        envvar="TRIALKG_DEFAULT_GRAPH",
        help="union: all graphs together; own: the default graph itself. "
        "Without it, union for --data and own for --dataset.",
    ),
]
Writable = Annotated[
    bool,
    typer.Option(
        "--writable",
        envvar="TRIALKG_WRITABLE",
        help="Accept updates and PUT, POST, DELETE of graphs from whoever bears the token; "
        "of --data only graphs under graph/user/ can be written.",
    ),
]
Token = Annotated[
    str | None,
    typer.Option(
        envvar="TRIALKG_TOKEN",
        help="The bearer token for writing. In the environment other users cannot see it.",
    ),
]


def services_of(listed: Sequence[str] | None) -> frozenset[str]:
    """Return the endpoints that queries may call; raises UsageError for what is no address."""
    for address in listed or ():
        try:
            read = urlsplit(NamedNode(address).value)
            good = read.scheme in {"http", "https"} and read.hostname and read.port != 0
        except ValueError:
            good = False
        if not good or read.username is not None or read.fragment:
            raise UsageError(f"--service {address!r} is no http or https address of an endpoint")
    return frozenset(listed or ())


def keep_of(dataset: Sequence[Path] | None) -> int:
    """Return how many snapshots stay."""
    return TEMPORARY_KEEP if dataset else KEEP


def token_of(token: str | None, *, writable: bool) -> str | None:
    """Return the token with which one may write, None where nobody may; raises UsageError."""
    if not writable:
        return None
    if token is None or len(token) < _SHORTEST_TOKEN or not token.isascii():
        raise UsageError(
            f"--writable needs a token of at least {_SHORTEST_TOKEN} ASCII characters: "
            "set TRIALKG_TOKEN, or give --token"
        )
    return token


@contextmanager
def served_folder(data: Path, dataset: Sequence[Path] | None, limits: Limits) -> Iterator[Path]:
    """Yield the data folder to serve; for files, a temporary one that holds them."""
    if not dataset:
        yield data
        return
    from kg.writing.process import change

    with temporary_folder() as folder:
        job = {"action": "load", "data": str(folder), "files": [str(p.resolve()) for p in dataset]}
        asyncio.run(change(job, (), replace(limits, timeout=_LOADING_SECONDS)))
        yield folder
