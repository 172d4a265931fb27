"""Digests of what a graph says of each of its nodes, kept in the ledger for its next change.

They tell which nodes a new version describes otherwise, without reading the graph. Where they are
missing it is read.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import zstandard

_SIZE = 8
_LEVEL = 1
# Of a node with more properties than that each has a digest.
_MANY = 24
_TABLE = """
CREATE TABLE IF NOT EXISTS digests (
    registry TEXT NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, nodes BLOB NOT NULL,
    PRIMARY KEY (registry, id))
"""
# Those of a graph that is not complete, or was made by who does not know of them, say nothing.
_CURRENT = """
SELECT nodes FROM digests JOIN graphs USING (registry, id, state) WHERE (registry, id) = (?, ?)
"""

Described = Mapping[str, Mapping[str, Sequence[str]]]
"""What a graph says: the values of each property of each node, as N-Triples write them."""
Turned = Mapping[str, tuple[str, ...]]
"""Nodes of which something else is said, and of which properties: of any where there are none."""


class Digests:
    """The digests of the complete graphs of a ledger; its transactions are those of the ledger."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def of(self, key: tuple[str, str]) -> bytes:
        """Return the digests of the graph of a record, none where they are not known."""
        row = self._db.execute(_CURRENT, key).fetchone()
        return b"" if row is None else bytes(row[0])

    def keep(self, key: tuple[str, str], state: str, packed: bytes) -> None:
        """Keep the digests of a graph that is called complete in the same transaction."""
        if packed:
            self._db.execute(
                "INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)", (*key, state, packed)
            )

    def forget(self, keys: Iterable[tuple[str, str]]) -> None:
        """Forget the digests of some graphs."""
        self._db.executemany("DELETE FROM digests WHERE (registry, id) = (?, ?)", keys)


def make_table(connection: sqlite3.Connection) -> None:
    """Make the table of digests where there is none."""
    connection.execute(_TABLE)


def pack_digests(described: Described) -> bytes:
    """Return the digests of what a graph says of its nodes."""
    encode, digest = msgspec.msgpack.encode, hashlib.blake2b
    parts = dict(_parts(described))
    digests = [digest(encode(said), digest_size=_SIZE).digest() for said in parts.values()]
    # Names shrink well as long as no digests stand between them.
    return encode((zstandard.compress(encode(list(parts)), _LEVEL), b"".join(digests)))


def _parts(described: Described) -> Iterator[tuple[str, object]]:
    """Yield what is said of each node, of one of which much is said by property."""
    for node, said in described.items():
        if len(said) > _MANY:
            for name, values in said.items():
                yield f"{node} {name}", values
        else:
            yield node, said


def turned_nodes(before: bytes, after: bytes) -> Turned | None:
    """Return the nodes of which two graphs do not say the same, by their digests.

    With the properties that do not, none where it may be all. They may be too many, where the same
    is said in another order, and are never too few. None where digests do not tell.
    """
    was, now = _unpacked(before), _unpacked(after)
    if was is None or now is None:
        return None
    turned: dict[str, tuple[str, ...]] = {}
    # The name of a node alone comes before those with a property.
    for part in sorted(part for part in {*was, *now} if was.get(part) != now.get(part)):
        node, _, name = part.partition(" ")
        if turned.get(node) != ():
            turned[node] = (*turned.get(node, ()), name) if name else ()
    return turned if all(node.startswith("<") for node in turned) else None


def described_among(described: Described, turned: Turned | None) -> Described:
    """Return what is said of nodes that are turned; all where that is not known."""
    if turned is None:
        return described
    return {
        node: {name: values for name, values in said.items() if name in turned[node]}
        if turned[node]
        else said
        for node, said in described.items()
        if node in turned
    }


def _unpacked(packed: bytes) -> dict[str, bytes] | None:
    try:
        names, digests = msgspec.msgpack.decode(packed, type=tuple[bytes, bytes])
        parts = msgspec.msgpack.decode(zstandard.decompress(names), type=list[str])
    except (zstandard.ZstdError, msgspec.DecodeError):
        return None
    if len(parts) * _SIZE != len(digests):
        return None
    return {part: digests[_SIZE * at : _SIZE * (at + 1)] for at, part in enumerate(parts)}
