"""The worker process: workers and the relays, until it is told to stop."""

import asyncio
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import httpx

from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.database import database
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.telemetry import sdk_runtime, tracing_interceptor
from infra.temporal import connect
from worker.batch_relay import BatchRelay
from worker.composition import batch_worker, case_worker, department_worker
from worker.hook_relay import HookRelay
from worker.relay import Relay

_SIGNAL_TIMEOUT_SECONDS = 15.0


async def run_worker(settings: Settings) -> None:
    """Works until cancelled; then what is being done is finished first, for ten seconds at most.

    Raises:
        RuntimeError: if Temporal cannot be reached at the start.
    """
    tracing = tracing_interceptor()

    def now() -> datetime:
        return datetime.now(UTC) + settings.time_shift

    async with AsyncExitStack() as stack:
        sessions = await stack.enter_async_context(
            database(settings.database_url.get_secret_value(), pool_size=settings.database_pool)
        )
        http = await stack.enter_async_context(
            httpx.AsyncClient(timeout=_SIGNAL_TIMEOUT_SECONDS, follow_redirects=False)
        )
        client = await connect(
            settings.temporal_address,
            settings.temporal_namespace,
            interceptors=[tracing],
            runtime=sdk_runtime(settings.metrics_port),
        )
        starts = CaseStarts(client, sessions, policy=settings.policy, time_shift=settings.time_shift)
        gateway = CaseGateway(client, sessions, starts)
        await stack.enter_async_context(case_worker(client, sessions, gateway))
        await stack.enter_async_context(batch_worker(client, sessions, gateway, now))
        await stack.enter_async_context(department_worker(client, sessions, http, base_url=settings.public_url))
        async with asyncio.TaskGroup() as relays:
            relays.create_task(Relay(sessions, starts).run())
            relays.create_task(BatchRelay(client, sessions, now).run())
            relays.create_task(HookRelay(sessions, MediationGateway(client, sessions)).run())
