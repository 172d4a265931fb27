"""Exports over HTTP: the trials of a search in a format, made in a process that can be killed."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from kg.api.buffer import STALL
from kg.api.problems import problem
from kg.errors import QueryError, QueryTimeout, UsageError
from kg.export import EXPORTS, Export
from kg.export.where import found_trials
from kg.export.worker import Order
from kg.find.wanted import read_wanted
from kg.query.paths import environment
from kg.query.pool import Pool
from kg.query.shares import ASKER

router = APIRouter()

# How many trials an export over HTTP may hold; the command has no such bound.
MOST_TRIALS: Final = 500
# An export may take so many times as long as a query.
_PATIENCE = 4
_CHUNK = 1 << 16


@router.get("/export/{name}", response_class=Response)
async def export(request: Request, name: str) -> Response:
    """Return the trials of a search in a format, with what they lead to; folders as ZIP."""
    made = EXPORTS.get(name)
    if made is None or not made.over_http:
        offered = ", ".join(one for one, export in EXPORTS.items() if export.over_http)
        return problem("not-found", f"there is no export {name[:80]!r}; there are: {offered}")
    catalogue, snapshot = await request.app.state.catalogues.current()
    try:
        wanted = read_wanted(catalogue, request.query_params.multi_items())
    except UsageError as error:
        raise QueryError(str(error), kind="invalid") from error
    trials = await asyncio.to_thread(found_trials, catalogue, wanted)
    if len(trials) > MOST_TRIALS:
        return problem(
            "too-long",
            f"{len(trials):,} trials were found; an export over HTTP holds {MOST_TRIALS}",
            hint=f"choose fewer with facets, or run `trialkg export {name}` on the data",
        )
    pool = request.app.state.pool
    everything = len(trials) == len(catalogue)
    order = Order(str(snapshot.resolve()), name, None if everything else trials, pool.limits.memory)
    parts = _parts(pool, order)
    # What keeps it from starting is a problem document; later failures cut the answer off.
    first = await anext(parts, b"")
    return _Bounded(_joined(first, parts), media_type=made.media_type, headers=_headers(name, made))


class _Bounded(StreamingResponse):
    """A stream that is given up when the client does not read."""

    async def stream_response(self, send: Send) -> None:
        async def within(message: Message) -> None:
            async with asyncio.timeout(STALL):
                await send(message)

        await super().stream_response(within)


def _headers(name: str, made: Export) -> dict[str, str]:
    suffix = f".{made.suffix}" if made.suffix else f"-{name}.zip"
    return {
        "Content-Disposition": f'attachment; filename="trialkg{suffix}"',
        "Cache-Control": "no-cache",
    }


async def _joined(first: bytes, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield first
        async for part in parts:
            yield part
    finally:
        await parts.aclose()


async def _parts(pool: Pool, order: Order) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of an export, which takes a place among the queries and counts as one."""
    client, seconds = ASKER.get(), pool.limits.timeout * _PATIENCE
    pool.account.check(client)
    loop = asyncio.get_running_loop()
    async with pool.turns.place(client, pool.limits.timeout):
        began = loop.time()
        try:
            async with asyncio.timeout(seconds), _started(order) as process:
                stdout = process.stdout
                assert stdout is not None  # noqa: S101 - started with pipes
                while part := await stdout.read(_CHUNK):
                    yield part
                await _ended(process)
        except TimeoutError as error:
            raise QueryTimeout(
                f"the export took longer than {seconds:g} seconds and was stopped",
                kind="timeout",
                hint="choose fewer trials with facets",
            ) from error
        finally:
            pool.account.charge(client, loop.time() - began)


@asynccontextmanager
async def _started(order: Order) -> AsyncGenerator[Process, None]:
    """Start the process of an export; it is killed where the block is left before its end."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "kg.export.worker"),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=environment(),
        cwd="/",
    )
    try:
        assert process.stdin is not None  # noqa: S101 - started with pipes
        process.stdin.write(msgspec.json.encode(order) + b"\n")
        process.stdin.close()
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def _ended(process: Process) -> None:
    assert process.stderr is not None  # noqa: S101 - started with pipes
    said = (await process.stderr.read(_CHUNK)).decode("utf-8", "replace").strip()
    if await process.wait() != 0:
        raise QueryError(
            f"the export failed: {said.splitlines()[-1][:300] if said else 'it was ended'}",
            kind="evaluation",
        )
