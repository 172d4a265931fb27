"""What the graph holds, counted: VoID for the graph `void`, in one pass over the store."""

from kg.void.describe import GRAPH, RELEASE, void_quads

__all__ = ["GRAPH", "RELEASE", "void_quads"]
