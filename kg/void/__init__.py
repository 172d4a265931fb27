"""What the graph holds, counted: VoID for the graph `void`, in one pass or after a change."""

from kg.void.counted import Counts, Statement
from kg.void.describe import (
    GRAPH,
    RELEASE,
    statements,
    void_quads,
    void_quads_after,
    void_quads_counted,
)

__all__ = [
    "GRAPH",
    "RELEASE",
    "Counts",
    "Statement",
    "statements",
    "void_quads",
    "void_quads_after",
    "void_quads_counted",
]
