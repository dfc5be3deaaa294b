"""Figures for Prometheus: requests as they pass, and cases and clocks as the database has them."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.database import Sessions
from infra.tables import Case, ClockRow

_FRESH_FOR = 5.0
"""Seconds for which counts from the database are shown again before they are taken anew."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Metrics:
    """One app's figures, in a registry of its own."""

    def __init__(self, sessions: Sessions, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._sessions = sessions
        self._monotonic = monotonic
        self._counted_at: float | None = None
        self._registry = CollectorRegistry()
        labels = ("method", "route")
        self.requests = Counter(
            "yingshao_http_requests", "Requests answered", (*labels, "status"), registry=self._registry
        )
        self.seconds = Histogram(
            "yingshao_http_request_seconds", "Time to answer, seconds", labels, registry=self._registry
        )
        self._cases = Gauge("yingshao_cases", "Cases by status", ("status",), registry=self._registry)
        self._breached = Gauge(
            "yingshao_clocks_breached", "Clocks that ran out, by name", ("name",), registry=self._registry
        )

    async def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        now = self._monotonic()
        if self._counted_at is None or now - self._counted_at > _FRESH_FOR:
            await self._count()
            self._counted_at = now
        return generate_latest(self._registry)

    async def _count(self) -> None:
        async with self._sessions() as session:
            cases = await session.execute(select(Case.status, func.count()).group_by(Case.status))
            breached = await session.execute(
                select(ClockRow.name, func.count()).where(ClockRow.breached_at.is_not(None)).group_by(ClockRow.name)
            )
        for gauge, counts in ((self._cases, cases), (self._breached, breached)):
            gauge.clear()
            for label, count in counts:
                gauge.labels(label).set(count)


class Measured:
    """Counts and times requests by the route's template, never by what stands in the path."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 499  # stays if the caller went away before an answer began

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, watched)
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = getattr(scope.get("route"), "path", "unmatched")
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(method, route).observe(time.perf_counter() - began)
