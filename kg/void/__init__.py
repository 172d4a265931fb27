"""What the graph holds, counted: VoID for the graph `void`, in one pass or after a change."""

from kg.void.describe import GRAPH, RELEASE, void_quads, void_quads_after

__all__ = ["GRAPH", "RELEASE", "void_quads", "void_quads_after"]
