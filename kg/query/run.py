"""One query in one worker, for callers without an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from kg.query.job import Head, Job
from kg.query.limits import Limits
from kg.query.pool import Pool


def run(
    snapshot: Path,
    asked: Job,
    prefixes: Mapping[str, str],
    limits: Limits,
    write: Callable[[bytes], object],
) -> Head:
    """Run a query and hand each piece of the answer to `write` as it comes.

    Raises QueryError, also after the first piece: what has been written is then a part only.
    """
    return asyncio.run(_run(snapshot, asked, prefixes, limits, write))


async def _run(
    snapshot: Path,
    asked: Job,
    prefixes: Mapping[str, str],
    limits: Limits,
    write: Callable[[bytes], object],
) -> Head:
    pool = Pool(lambda: snapshot, prefixes, replace(limits, workers=1), warm=False)
    try:
        async with pool.run(asked) as answer:
            async for chunk in answer.chunks:
                write(chunk)
            return answer.head
    finally:
        await pool.close()
