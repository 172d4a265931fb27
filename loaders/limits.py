"""How large and how deep a record may be; every byte of a source may be hostile."""

from __future__ import annotations

from typing import Final

LARGEST_RECORD: Final = 64 * 2**20
LARGEST_DOCUMENT: Final = 2**30
DEEPEST_RECORD: Final = 64
