"""`python -m kg.export.worker`: one export in a process of its own, to standard output.

What to write comes as one line of JSON on standard input. A failure is one line on standard error.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import IO

import msgspec

from kg.errors import KGError
from kg.export import EXPORTS
from kg.export.files import in_archive, on_stream
from kg.export.subset import Key, subset
from kg.query.sandbox import confine
from kg.store import Store


class Order(msgspec.Struct, frozen=True):
    """What to write: a snapshot, a format, and trials by registry and id, None for everything.

    `memory` is what may be allocated beyond the opened snapshot, in bytes.
    """

    snapshot: str
    name: str
    trials: list[Key] | None
    memory: int


def main() -> int:
    """Carry out one order."""
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    try:
        with contextlib.ExitStack() as opened:
            store = opened.enter_context(Store.read_only(Path(order.snapshot)))
            confine(order.memory, writing=True)
            if order.trials is not None:
                store = opened.enter_context(subset(store, order.trials))
            _write(order.name, store, sys.stdout.buffer)
    except (KGError, OSError, MemoryError) as error:
        sys.stderr.write(f"{error or type(error).__name__}\n")
        return 1
    return 0


def _write(name: str, store: Store, output: IO[bytes]) -> None:
    export = EXPORTS[name]
    if export.suffix:
        export.write(store, on_stream(output))
    else:
        with in_archive(output) as files:
            export.write(store, files)
    output.flush()


if __name__ == "__main__":
    sys.exit(main())
