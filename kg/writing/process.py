"""The changing process as seen by the server: one at a time, with a deadline."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from kg.errors import QueryError, QueryTimeout, QueryTooLarge
from kg.query import frames
from kg.query.diagnosis import syntax_error
from kg.query.limits import Limits
from kg.query.paths import environment


class Outcome(NamedTuple):
    """What became of a change: created, changed or missing, and the snapshot that shows it."""

    outcome: str
    snapshot: str


class Writer:
    """Makes the changes of one server one after the other, each in a process of its own.

    `confined` is for published data: only the graphs of users may change. `keep` is how many
    snapshots stay, the newest counted.
    """

    def __init__(
        self,
        data: Path,
        prefixes: Mapping[str, str],
        limits: Limits,
        *,
        confined: bool,
        keep: int,
    ) -> None:
        self.prefixes = dict(prefixes)
        self.limits = limits
        self.confined = confined
        self._fixed = {"data": str(data.resolve()), "confined": confined, "keep": keep}
        self._one = asyncio.Lock()

    async def update(self, text: str, base: str) -> Outcome:
        """Run an update that has been checked."""
        return await self._run(self._job("update", text, base))

    async def check_syntax(self, text: str, base: str) -> None:
        """Raise QueryError for an update that is not well-formed; nothing of it is run."""
        await self._run(self._job("check", text, base))

    def _job(self, action: str, text: str, base: str) -> dict[str, Any]:
        return {"action": action, "update": text, "base": base, "prefixes": self.prefixes}

    async def graph(
        self,
        action: str,
        graph: str | None,
        base: str | None = None,
        documents: Sequence[tuple[str, bytes]] = (),
    ) -> Outcome:
        """Put, post to or delete a graph, None being the default graph; documents have a format."""
        formats = [format_ for format_, _ in documents]
        job = {"action": action, "graph": graph, "base": base, "formats": formats}
        return await self._run(job, [document for _, document in documents])

    async def _run(self, job: dict[str, Any], documents: Sequence[bytes] = ()) -> Outcome:
        async with self._one:
            return await change({**job, **self._fixed}, documents, self.limits)


async def change(job: Mapping[str, Any], documents: Sequence[bytes], limits: Limits) -> Outcome:
    """Have a process carry out a job; it is killed at the deadline. Raises QueryError."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "kg.writing.worker",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment(),
        cwd="/",
    )
    opening = {"job": dict(job), "documents": len(documents), "memory": limits.memory}
    sent = [frames.message(frames.OPEN, opening)]
    sent += [frames.frame(frames.DATA, document) for document in documents]
    try:
        async with asyncio.timeout(limits.timeout):
            told, _ = await process.communicate(b"".join(sent))
    except TimeoutError:
        raise QueryTimeout(
            f"the change took longer than {limits.timeout:g} seconds and was stopped",
            kind="timeout",
            hint="send it in smaller parts",
        ) from None
    finally:
        await _stop(process)
    return _outcome(told, str(job.get("update", "")), job.get("prefixes", {}))


async def _stop(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _outcome(told: bytes, text: str, prefixes: Mapping[str, str]) -> Outcome:
    if len(told) < frames.HEADER.size:
        raise QueryTooLarge("the change is more than the engine can carry out", kind="crashed")
    letter, _ = frames.HEADER.unpack_from(told)
    content = frames.content(told[frames.HEADER.size :])
    if letter == frames.END:
        return Outcome(content["outcome"], content["snapshot"])
    if content["kind"] == "syntax":
        raise syntax_error(text, content["message"], prefixes)
    raise QueryError(content["message"], kind=content["kind"], hint=content["hint"])
