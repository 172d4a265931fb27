"""The raw record's edge: a JSON value as it comes, of any shape."""

from __future__ import annotations

from typing import Any

Json = Any
