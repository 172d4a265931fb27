"""Calls of other endpoints, for those that the operator has listed: SPARQL 1.1 Federated Query.

A worker has no network. So the pattern of `SERVICE <listed> { … }` is sent to the endpoint by a
process of its own, and its solutions stand as VALUES in the place of the call before the query
goes to a worker: the join of both is what the specification says a call means.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from kg.errors import QueryError
from kg.query.form import Form
from kg.query.guard import SERVICE, calls_network, refused
from kg.query.lexer import Token, tokens
from kg.query.paths import environment

MOST_CALLS = 5
MOST_ROWS = 10_000
LARGEST_ANSWER = 8 << 20
_MEMORY = 512 << 20
_NOTHING = "VALUES(){}"
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")

_SHAPE = (
    "service",
    "a call must be written SERVICE <address> { … }, or SERVICE SILENT <address> { … }",
    "write the address in full, and white space around SERVICE",
)


class Call(NamedTuple):
    """One call: where it stands in the text, and what the endpoint is asked in its place."""

    endpoint: str
    silent: bool
    start: int
    end: int
    query: str


def calls(
    text: str, form: Form, listed: frozenset[str], prefixes: Mapping[str, str]
) -> tuple[Call, ...]:
    """Return the calls of a query; raises QueryError for any that is not of a listed endpoint.

    A call within a call is the business of the endpoint that is called, which must be listed too.
    """
    read = list(tokens(text))
    found: list[Call] = []
    prologue = text[: form.token.offset if form.token else 0]
    for index in range(len(read)):
        if not calls_network(read, index):
            continue
        silent, address, end = _shape(text, read, index)
        if address not in listed:
            raise refused(text, read[index], *_not_listed(address, listed))
        if not found or found[-1].end <= read[index].offset:
            group = read[index + 2 + silent : end + 1]
            asked = _asked(text, prologue, group, prefixes)
            found.append(Call(address, silent, read[index].offset, group[-1].offset + 1, asked))
    if len(found) > MOST_CALLS:
        raise QueryError(
            f"the query calls other endpoints {len(found)} times; {MOST_CALLS} are allowed",
            kind="service",
        )
    return tuple(found)


def _shape(text: str, read: Sequence[Token], index: int) -> tuple[bool, str, int]:
    """Return whether a call is silent, its address, and the index of its last bracket."""
    behind = [token.text for token in read[index + 1 : index + 4]] + [""] * 3
    silent = behind[0].upper() == "SILENT"
    address, opening = behind[silent], behind[silent + 1]
    exact = read[index].kind == "word" and read[index].text.upper() == "SERVICE"
    if not exact or not address.startswith("<") or opening != "{":
        raise refused(text, read[index], *_SHAPE)
    depth = read[index].depth
    closing = (i for i in range(index + 3, len(read)) if read[i].depth == depth)
    end = next((i for i in closing if read[i].text == "}"), None)
    if end is None:
        raise refused(text, read[index], "syntax", "the group of this call is not closed", "add }")
    return silent, address[1:-1], end


def _not_listed(address: str, listed: frozenset[str]) -> tuple[str, str, str]:
    there = ", ".join(f"<{one}>" for one in sorted(listed))
    return SERVICE[0], f"<{address[:200]}> may not be called from here", f"listed are {there}"


def _asked(text: str, prologue: str, group: list[Token], prefixes: Mapping[str, str]) -> str:
    used = {token.text.partition(":")[0] for token in group if token.kind == "name"}
    ours = "".join(f"PREFIX {name}: <{prefixes[name]}>\n" for name in sorted(used & set(prefixes)))
    pattern = text[group[0].offset : group[-1].offset + 1]
    # Without a variable there is nothing to select.
    if not any(token.kind == "variable" for token in group):
        return f"{ours}{prologue}\nASK {pattern}\n"
    return f"{ours}{prologue}\nSELECT * WHERE {pattern}\nLIMIT {MOST_ROWS + 1}\n"


def without_calls(text: str, made: Sequence[Call]) -> str:
    """Return a query with nothing in the place of its calls, every other token where it was."""
    blank = {call.start: _blanked(text[call.start : call.end]) for call in made}
    return _replaced(text, made, blank)


def _blanked(call: str) -> str:
    kept = "".join(character if character in "\r\n" else " " for character in call)
    head = len(_NOTHING)
    # The shortest call is longer than this, and begins with more than this many characters.
    first = next((i for i in range(len(kept) - head) if not kept[i : i + head].strip(" ")), None)
    return kept if first is None else kept[:first] + _NOTHING + kept[first + head :]


def _replaced(text: str, made: Sequence[Call], by: Mapping[int, str]) -> str:
    pieces, end = [], 0
    for call in made:
        pieces += [text[end : call.start], by[call.start]]
        end = call.end
    return "".join([*pieces, text[end:]])


async def joined(text: str, made: Sequence[Call]) -> str:
    """Return a query with the solutions of its calls in their place; raises QueryError."""
    return _replaced(text, made, {call.start: await _solutions(call) for call in made})


async def _solutions(call: Call) -> str:
    told = await _told(call)
    if "values" in told:
        return f" {told['values']} "
    if call.silent:
        return " {} "
    raise QueryError(
        f"<{call.endpoint}>: {told['failure']}",
        kind="federation",
        hint="SERVICE SILENT goes on without what cannot be reached",
    )


async def _told(call: Call) -> dict[str, Any]:
    job = {
        "endpoint": call.endpoint,
        "query": call.query,
        "rows": MOST_ROWS,
        "bytes": LARGEST_ANSWER,
        "memory": _MEMORY,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "kg.query.remote",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={**environment(), **dict(_certificates())},
        cwd="/",
    )
    try:
        said, _ = await process.communicate(json.dumps(job).encode())
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if not said:
        return {"failure": "its answer is more than can be read here"}
    read: dict[str, Any] = json.loads(said)
    return read


def _certificates() -> Iterator[tuple[str, str]]:
    return ((name, os.environ[name]) for name in _CERTIFICATES if name in os.environ)
