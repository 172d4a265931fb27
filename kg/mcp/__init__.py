"""The graph for assistants: a server of the Model Context Protocol over standard input and output.

Its tools only read, and queries run as those of the endpoint: in sandboxed workers with the same
limits on time, memory and size.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp.server import MCPServer
from mcp.types import ToolAnnotations

from kg.mcp.desk import Desk
from kg.mcp.tools import TOOLS
from kg.query.limits import Limits

INSTRUCTIONS = """Clinical trials as a graph: trials, arms, constructs, antigens, conditions, sites.
Answers are at construct level: a mention of an antigen is not a target, and unknown is a value.
Begin with find_trials for anything that facets can say, show_trial for why an answer is true,
describe_schema and examples before writing SPARQL for run_query. Cite trials by their registry id.
Nothing here is medical advice: see the registry."""


def create_server(data: Path, limits: Limits) -> MCPServer[Any]:
    """Return the server over what is published in a data folder; newer builds are picked up."""
    desk = Desk(data, limits)

    @asynccontextmanager
    async def lifespan(_: MCPServer[Any]) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await desk.close()

    server = MCPServer("trialkg", instructions=INSTRUCTIONS, lifespan=lifespan, log_level="WARNING")
    only_reads = ToolAnnotations(read_only_hint=True, open_world_hint=False)
    for made in TOOLS:
        server.add_tool(made(desk), annotations=only_reads)
    return server
