"""Logs, traces and metrics. None of them carries a name, a phone number or anybody's words."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from temporalio.contrib.opentelemetry import TracingInterceptor, TracingWorkflowInboundInterceptor
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from temporalio.worker import HandleUpdateInput, WorkflowInterceptorClassInput


def configure_logging(level: str) -> None:
    """One JSON object a line on standard error, with the trace it belongs to; libraries' warnings included."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace_id,
    ]
    rendered = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _class_of_error_only,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(rendered)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    logging.getLogger().setLevel(level)
    for chatty in ("httpx", "httpcore", "asyncio", "sqlalchemy", "uvicorn.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def configure_tracing(service: str, otlp_endpoint: str) -> TracerProvider:
    """Spans are exported as they end, if a collector is named (`http://host:4318`)."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"yingshao-{service}"}))
    if otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=f"{otlp_endpoint.rstrip('/')}/v1/traces")
        provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1_000))
    trace.set_tracer_provider(provider)
    return provider


def tracing_interceptor(provider: TracerProvider | None = None) -> TracingInterceptor:
    """Spans through client, workflow and activities.

    The SDK's newer plugin gives workflow spans a duration, but shows them only when the workflow ends: after months.
    """
    tracer = (provider or trace.get_tracer_provider()).get_tracer("yingshao.temporal")
    return _Interceptor(tracer)


class _Interceptor(TracingInterceptor):
    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002 - theirs
    ) -> type[TracingWorkflowInboundInterceptor]:
        super().workflow_interceptor_class(input)
        return _WithoutValidations


class _WithoutValidations(TracingWorkflowInboundInterceptor):
    """A command that the rules refuse is no event of the case; the SDK would tell it as the end of the workflow."""

    def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 - theirs
        self.next.handle_update_validator(input)


def sdk_runtime(metrics_port: int) -> Runtime | None:
    """The Temporal SDK with its metrics for Prometheus on that port; None keeps the SDK's own, without metrics.

    A port that somebody else has taken costs the metrics, not the worker.
    """
    if not metrics_port:
        return None
    prometheus = PrometheusConfig(bind_address=f"127.0.0.1:{metrics_port}")
    try:
        return Runtime(telemetry=TelemetryConfig(metrics=prometheus))
    except (ValueError, RuntimeError):
        structlog.get_logger().warning("no metrics of the SDK: the port is taken", port=metrics_port)
        return None


def _trace_id(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        event["trace_id"] = trace.format_trace_id(context.trace_id)
    return event


def place_of(error: BaseException) -> str:
    """File and line where an error was raised: with its class enough to find it, and nothing of what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown"


def _class_of_error_only(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An error's text may quote what somebody wrote."""
    raised = event.pop("exc_info", None)
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event.update(error=type(error).__name__, raised_in=place_of(error))
    return event
