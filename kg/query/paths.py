"""What processes of ours are started with."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def environment() -> dict[str, str]:
    """Return what a process needs to find its modules, and nothing of ours besides."""
    kept = {name: os.environ[name] for name in ("LANG", "SYSTEMROOT") if name in os.environ}
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path)
    return {**kept, "PYTHONPATH": paths, "MALLOC_ARENA_MAX": "2"}
