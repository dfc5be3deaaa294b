"""Figures for Prometheus: requests as they pass, and cases and clocks as the database has them."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import func, select, union_all
from sqlalchemy.exc import SQLAlchemyError

from infra.database import Sessions, database_is_away
from infra.mediation_tables import MediationClockRow
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
        self._requests = Counter(
            "yingshao_http_requests", "Requests answered", (*labels, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "yingshao_http_request_seconds", "Time to answer, seconds", labels, registry=self._registry
        )
        self._database_up = Gauge("yingshao_database_up", "Whether the database answers", registry=self._registry)
        self._cases = Gauge("yingshao_cases", "Cases by status", ("status",), registry=self._registry)
        self._breached = Gauge(
            "yingshao_clocks_breached",
            "Clocks of cases and mediations that ran out, by name",
            ("name",),
            registry=self._registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts a request by its route's template and times it."""
        method = method if method in _METHODS else "other"
        self._requests.labels(method, route, status).inc()
        self._seconds.labels(method, route).observe(seconds)

    async def text(self) -> bytes:
        """All figures in Prometheus's text format; those of the database are missing while it is away."""
        now = self._monotonic()
        if self._counted_at is None or now - self._counted_at > _FRESH_FOR:
            try:
                await self._count()
                self._database_up.set(1)
            except (SQLAlchemyError, OSError) as error:
                if not database_is_away(error):
                    raise
                self._cases.clear()
                self._breached.clear()
                self._database_up.set(0)
            self._counted_at = now
        return generate_latest(self._registry)

    async def _count(self) -> None:
        ran_out = union_all(
            *(select(clock.name).where(clock.breached_at.is_not(None)) for clock in (ClockRow, MediationClockRow))
        ).subquery()
        async with self._sessions() as session:
            cases = await session.execute(select(Case.status, func.count()).group_by(Case.status))
            breached = await session.execute(select(ran_out.c.name, func.count()).group_by(ran_out.c.name))
        for gauge, counts in ((self._cases, cases), (self._breached, breached)):
            gauge.clear()
            for label, count in counts:
                gauge.labels(label).set(count)
