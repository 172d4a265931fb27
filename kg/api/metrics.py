"""What the server did, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from kg.errors import StoreError
from kg.query.pool import Pool

router = APIRouter()

_SECONDS = (0.001, 0.005, 0.025, 0.1, 0.5, 2.0, 10.0, 30.0, 60.0)
# Addresses by their first part, that a scan of thousands makes no thousands of series.
_PARTS = frozenset(
    {"sparql", "graph-store", "trial", "queries", "health", "metrics", "openapi.json", "graph"}
    | {".well-known", "id", "resource", "ontology", ""}
)


class Metrics:
    """The counters of one server."""

    def __init__(self, pool: Pool) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(_Gauges(pool))
        self._requests = Counter(
            "trialkg_requests",
            "Requests by the first part of the path, and status",
            ("path", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "trialkg_request_seconds",
            "Seconds from request to the last byte of the response",
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._bytes = Counter("trialkg_sent_bytes", "Bytes of bodies sent", registry=self.registry)

    def request(self, path: str, status: int, seconds: float, size: int) -> None:
        """Count a request; status 0 is one whose client left before the response."""
        part = path.strip("/").partition("/")[0]
        self._requests.labels(part if part in _PARTS else "other", str(status)).inc()
        self._seconds.observe(seconds)
        self._bytes.inc(size)


class _Gauges(Collector):
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def collect(self) -> Iterable[Metric]:
        pool = self.pool
        values = (
            ("running_queries", "Queries that run", pool.turns.busy),
            ("waiting_queries", "Queries that wait for a worker", pool.turns.waiting),
            ("workers", "Queries that may run at once", pool.limits.workers),
            ("killed_workers", "Workers ended in the middle of a query, since start", pool.killed),
            ("damaged_snapshots", "Snapshots passed over", len(pool.snapshots.damaged)),
            ("snapshot", "Number of the served snapshot", _number(pool)),
        )
        for name, told, value in values:
            yield GaugeMetricFamily(f"trialkg_{name}", told, value=value)


def _number(pool: Pool) -> float:
    try:
        name = pool.snapshots.current().name
    except StoreError:
        return 0.0
    return float(name) if name.isdecimal() else 0.0


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """Return the counters in the text format of Prometheus."""
    counters: Metrics = request.app.state.metrics
    text = generate_latest(counters.registry)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
