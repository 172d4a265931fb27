"""A list of one's own: CSV or JSON Lines with a small mapping of its columns beside it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from kg.records import PRIMARY, Loader
from loaders.table.mapping import load_mapping, mapping_of
from loaders.table.rows import read
from loaders.table.trials import NAME, parse, version


def recognises(head: bytes, name: str) -> bool:  # noqa: ARG001 - what stands beside it decides
    """Tell whether a mapping stands beside a file."""
    return mapping_of(name) is not None


def mapped(mapping: Path) -> Loader:
    """Return the loader with a mapping that need not stand beside the files."""
    load_mapping(mapping)
    return msgspec.structs.replace(LOADER, read=partial(read, mapping=mapping))


LOADER: Final = Loader(
    name=NAME,
    registry=None,
    standing=PRIMARY,
    release="1",
    title="A list of one's own",
    reads="CSV or JSON Lines of a hospital or company, with a .mapping.toml beside it",
    obtain="one's own; the mapping says which column is which field",
    licence="that of the list",
    unread=(),
    read=read,
    version=version,
    parse=parse,
    recognises=recognises,
)
