"""One span and one log line a request: named by the route's template, never by what stands in path or query."""

import time

import structlog
from opentelemetry.propagate import extract
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_QUIET = frozenset({"/health", "/ready", "/metrics"})
"""Asked every few seconds by machines; logged only when they fail."""


class Traced:
    """Opens the trace that goes on through the workflow to its activities; a caller's `traceparent` is taken up."""

    def __init__(self, app: ASGIApp, *, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer
        self._log = structlog.get_logger("api")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        caller = extract({"traceparent": headers.get("traceparent", "")})
        status, began = 499, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._tracer.start_as_current_span(
            scope["method"], caller, SpanKind.SERVER, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                await self._app(scope, receive, watched)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                span.update_name(f"{scope['method']} {route}")
                span.set_attributes({"http.route": route, "http.response.status_code": status})
                path: dict[str, str] = scope.get("path_params") or {}
                case_no = path.get("case_no") or path.get("task_no", "").partition("-")[0]
                if case_no.isdigit():
                    span.set_attribute("yingshao.case_no", case_no)
                if status >= 500:
                    span.set_status(Status(StatusCode.ERROR))
                if route not in _QUIET or status >= 500:
                    self._log.info(
                        "request",
                        method=scope["method"],
                        route=route,
                        status=status,
                        ms=round((time.perf_counter() - began) * 1000),
                        case=case_no if case_no.isdigit() else None,
                    )
