"""The SPARQL endpoint."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from kg.api.protocol import read_job
from kg.api.streaming import StreamedAnswer

router = APIRouter()


@router.api_route("/sparql", methods=["GET", "HEAD", "POST"], include_in_schema=False)
async def run_query(request: Request) -> Response:
    """Answer a query of the SPARQL 1.1 Protocol."""
    return StreamedAnswer(request.app.state.pool, await read_job(request))
