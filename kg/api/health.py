"""Whether the server can answer."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request, Response

from kg.api.problems import error_problem
from kg.errors import KGError
from kg.query.job import job

router = APIRouter()


@router.api_route("/health", methods=["GET", "HEAD"], include_in_schema=False)
async def health(request: Request) -> Response:
    """Say which snapshot is served, after asking a worker, and which are passed over and why."""
    try:
        async with request.app.state.pool.run(job("ASK {}", timeout=5)) as answer:
            await answer.read()
    except KGError as error:
        return error_problem(error)
    damaged = request.app.state.pool.snapshots.troubles()
    status = "degraded" if damaged else "ok"
    body = {"status": status, "snapshot": answer.head.snapshot, "damaged": damaged}
    return Response(msgspec.json.encode(body), media_type="application/json")
