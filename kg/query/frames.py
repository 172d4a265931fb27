"""The protocol between a query worker and the process that owns it.

A frame is one letter, the length of its payload as four bytes (most significant first), and the
payload: JSON for everything but data, so that nothing a query can influence is ever unpickled.

    owner to worker    O  open: snapshot, memory, prefixes    Q  query
    worker to owner    R  ready       H  head of an answer    D  bytes of it
                       E  end         X  failure
"""

from __future__ import annotations

import json
import struct
from typing import Any

HEADER = struct.Struct(">cI")
OPEN, QUERY, READY, HEAD, DATA, END, FAILURE = (letter.encode() for letter in "OQRHDEX")


def header(letter: bytes, length: int) -> bytes:
    """Return what stands before so many bytes of payload."""
    return HEADER.pack(letter, length)


def frame(letter: bytes, payload: bytes) -> bytes:
    """Return a frame around bytes."""
    return header(letter, len(payload)) + payload


def message(letter: bytes, content: dict[str, Any]) -> bytes:
    """Return a frame around a JSON object."""
    return frame(letter, json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def content(payload: bytes) -> dict[str, Any]:
    """Return the JSON object of a payload."""
    read: dict[str, Any] = json.loads(payload.decode("utf-8", "surrogatepass"))
    return read
