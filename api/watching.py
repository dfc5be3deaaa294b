"""What is noted of every request: a span, figures and a log line, named by the route's template, never by its path."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry.propagate import extract
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Problem, unavailable
from api.metrics import Metrics
from infra.database import database_is_away
from infra.telemetry import place_of

_QUIET = frozenset({"/health", "/ready", "/metrics"})
"""Asked every few seconds by machines; logged only when they fail."""
_WENT_AWAY = 499
"""The status of a request whose caller left before an answer began."""


class Answer:
    """Passes an answer on and notes its status; None until it has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


class Watched:
    """Opens the trace that goes on through the workflow to its activities; a caller's `traceparent` is taken up."""

    def __init__(self, app: ASGIApp, *, tracer: Tracer, metrics: Metrics) -> None:
        self._app = app
        self._tracer = tracer
        self._metrics = metrics
        self._log = structlog.get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer, began = Answer(send), time.perf_counter()
        with self._span(scope) as span:
            try:
                await self._app(scope, receive, answer.send)
            finally:
                self._note(scope, span, answer.status or _WENT_AWAY, time.perf_counter() - began)

    @contextmanager
    def _span(self, scope: Scope) -> Iterator[Span]:
        caller = extract({"traceparent": Headers(scope=scope).get("traceparent", "")})
        with self._tracer.start_as_current_span(
            scope["method"], caller, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            yield span

    def _note(self, scope: Scope, span: Span, status: int, seconds: float) -> None:
        route, case_no = _template(scope), _case_no(scope)
        span.update_name(f"{scope['method']} {route}")
        span.set_attributes({"http.route": route, "http.response.status_code": status})
        if case_no is not None:
            span.set_attribute("yingshao.case_no", case_no)
        if status >= 500:
            span.set_status(Status(StatusCode.ERROR))
        self._metrics.answered(scope["method"], route, status, seconds)
        if route not in _QUIET or status >= 500:
            self._log.info(
                "request", method=scope["method"], route=route, status=status, ms=round(seconds * 1000), case=case_no
            )


class Edge:
    """Whatever nobody foresaw further inside is logged by its class alone and answered as a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = structlog.get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = Answer(send)
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:  # noqa: BLE001 - the edge: the wording of an error may hold what a person wrote
            if database_is_away(error):
                problem = unavailable("database")
                self._log.warning("database_unavailable", error=type(error).__name__)
            else:
                problem = Problem(500, "unexpected", "something went wrong here; it is on our record")
                place = place_of(error)
                self._log.error("unexpected_error", error=type(error).__name__, raised_in=place, route=_template(scope))
            # An answer that has begun cannot be taken back; the connection just ends.
            if answer.status is None:
                await problem.response(scope["path"])(scope, receive, send)


def _template(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "unmatched")


def _case_no(scope: Scope) -> str | None:
    path: dict[str, str] = scope.get("path_params") or {}
    registered: str = scope.get("state", {}).get("case_no", "")
    of_a_part = path.get("task_no") or path.get("mediation_no") or ""
    case_no = path.get("case_no") or of_a_part.partition("-")[0] or registered
    return case_no if case_no.isdigit() else None
