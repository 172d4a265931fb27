"""What was written to a store since it was last published."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import pyoxigraph as ox

# Beyond that, making what is derived anew takes less time and memory than following the changes.
_MOST = 4_000_000


class Difference:
    """Quads that left and quads that came; what left and came back is neither.

    It gives up where there are too many to be worth following, and says so.
    """

    def __init__(self, most: int = _MOST) -> None:
        self.removed: set[ox.Quad] = set()
        self.added: set[ox.Quad] = set()
        self.is_complete = True
        self._most = most

    def note(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Note that quads have left a store, and then that quads have come."""
        if not self.is_complete:
            return
        for quad in removed:
            if quad in self.added:
                self.added.discard(quad)
            else:
                self.removed.add(quad)
        for quad in added:
            if quad in self.removed:
                self.removed.discard(quad)
            else:
                self.added.add(quad)
        if len(self.removed) + len(self.added) > self._most:
            self.give_up()

    def follow_on(self) -> None:
        """Give up no more: others have begun to go by it."""
        self._most = sys.maxsize

    def give_up(self) -> None:
        """Note that something has changed that was not followed."""
        self.is_complete = False
        self.removed, self.added = set(), set()

    def quads(self) -> set[ox.Quad]:
        """Return all that left or came."""
        return self.removed | self.added
