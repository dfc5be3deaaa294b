"""The API as a process of its own, until it is told to stop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import uvicorn
from temporalio.client import Client
from temporalio.service import RPCError

from api.app import create_app
from api.pages.install import install_pages
from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.database import database
from infra.mediation_gateway import MediationGateway
from infra.settings import Settings
from infra.telemetry import tracing_interceptor
from infra.temporal import connect

_HEALTH_PATIENCE = timedelta(seconds=2)
_LAST_REQUESTS_SECONDS = 10


async def run_api(settings: Settings) -> None:
    """Serves until cancelled; requests under way are answered first, for ten seconds at most.

    Temporal need not be there: reports are taken in all the same.
    """
    async with database(settings.database_url.get_secret_value(), pool_size=settings.database_pool) as sessions:
        client = await connect(
            settings.temporal_address, settings.temporal_namespace, interceptors=[tracing_interceptor()], lazy=True
        )
        starts = CaseStarts(client, sessions, policy=settings.policy, time_shift=settings.time_shift)
        app = create_app(
            settings,
            sessions,
            CaseGateway(client, sessions, starts),
            MediationGateway(client, sessions),
            temporal_answers=TemporalProbe(client).answers,
            now=lambda: datetime.now(UTC) + settings.time_shift,
        )
        install_pages(app)
        # Uvicorn's own access log would show tracking codes and searched words.
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            access_log=False,
            log_config=None,
            server_header=False,
            timeout_graceful_shutdown=_LAST_REQUESTS_SECONDS,
        )
        await _serve(_Server(config))


class TemporalProbe:
    """Asks Temporal's frontend whether it serves."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def answers(self) -> bool:
        """False if it does not, or not within two seconds."""
        try:
            async with asyncio.timeout(_HEALTH_PATIENCE.total_seconds()):
                return await self._client.service_client.check_health(timeout=_HEALTH_PATIENCE)
        except (RPCError, RuntimeError, TimeoutError):
            return False


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leaves signals to the command that runs the server."""
        yield


async def _serve(server: uvicorn.Server) -> None:
    serving = asyncio.ensure_future(server.serve())
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
