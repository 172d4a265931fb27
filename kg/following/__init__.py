"""Following trials: which of their changes somebody wants to hear of."""

from __future__ import annotations

from kg.following.rows import Change
from kg.following.select import Selected, select
from kg.following.wanted import Wanted, read_wanted

__all__ = ["Change", "Selected", "Wanted", "read_wanted", "select"]
