"""One trace from the request through the workflow to its activities, seen while the case still runs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.app import create_app
from api.server import TemporalProbe
from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.telemetry import tracing_interceptor
from infra.temporal import connect
from tests.api.calling import Callers
from tests.conftest import Servers
from tests.driving import until
from tests.installation import new_installation
from worker.composition import case_worker

_IN_THE_CASE = (
    "StartWorkflow:CaseWorkflow",
    "RunWorkflow:CaseWorkflow",
    "HandleUpdate:submit",
    "StartActivity:record_events",
    "RunActivity:record_events",
)


@pytest.fixture
async def traced(
    servers: Servers, clone: Callable[[], Awaitable[str]], settings: Settings
) -> AsyncIterator[tuple[Callers, InMemorySpanExporter]]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    async with new_installation(servers.temporal_address, clone) as installation:
        interceptors = [tracing_interceptor(provider)]
        client = await connect(servers.temporal_address, installation.namespace, interceptors=interceptors)
        gateway = CaseGateway(client, installation.sessions, CaseStarts(client, installation.sessions))
        app = create_app(
            settings,
            installation.sessions,
            gateway,
            MediationGateway(client, installation.sessions),
            temporal_answers=TemporalProbe(client).answers,
            now=lambda: datetime.now(UTC),
            tracer=provider.get_tracer("api"),
        )
        async with case_worker(client, installation.sessions, gateway):
            yield Callers(app), exporter


async def test_a_report_is_one_trace_through_its_workflow_while_the_case_is_open_and_commands_are_linked_to_it(
    traced: tuple[Callers, InMemorySpanExporter],
) -> None:
    callers, exporter = traced
    dispatcher = callers.dispatcher
    case_no = (await dispatcher.report())["case_no"]
    await dispatcher.post(f"/cases/{case_no}/accept")

    async def complete() -> bool:
        spans = {span.name: span for span in exporter.get_finished_spans()}
        if "RunActivity:record_events" not in spans or "HandleUpdate:submit" not in spans:
            return False
        case = {_trace(spans[name]) for name in ("POST /api/v1/cases", *_IN_THE_CASE)}
        command = {
            _trace(spans[name]) for name in ("POST /api/v1/cases/{case_no}/accept", "StartWorkflowUpdate:submit")
        }
        linked = {link.context.trace_id for link in spans["HandleUpdate:submit"].links}
        return len(case) == 1 and command == linked

    await until(complete, "the traces are there")
    await dispatcher.post(f"/cases/{case_no}/accept", None, 409)
    ended = [span.name for span in exporter.get_finished_spans() if span.name.startswith("CompleteWorkflow")]
    assert ended == []


def _trace(span: ReadableSpan) -> int:
    return span.context.trace_id if span.context else 0
