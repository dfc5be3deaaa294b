"""Where the simulated departments receive their task signals."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response

from cli.simulator.configuration import Configuration
from cli.simulator.department import DepartmentSystem
from cli.simulator.public_api import PublicApi

_TIMEOUT_SECONDS = 30.0


def create_receiver(configuration: Configuration, api_url: str) -> FastAPI:
    """An app with `POST /units/{unit_id}/signals` for every department, and `GET /answers`: what they told, so far."""
    systems: dict[str, DepartmentSystem] = {}

    @asynccontextmanager
    async def playing(_app: FastAPI) -> AsyncIterator[None]:
        # trust_env would send a request to this very machine through a proxy.
        async with httpx.AsyncClient(base_url=api_url, timeout=_TIMEOUT_SECONDS, trust_env=False) as http:
            for told in configuration.departments:
                systems[told.unit_id] = DepartmentSystem(told, PublicApi(http, told.token), configuration.seed)
            catching_up = asyncio.gather(*(system.take_up_open_tasks() for system in systems.values()))
            try:
                yield
            finally:
                catching_up.cancel()
                await asyncio.gather(catching_up, return_exceptions=True)
                await asyncio.gather(*(system.stop() for system in systems.values()))

    app = FastAPI(
        title="委办局系统模拟 · simulated department systems", lifespan=playing, docs_url=None, redoc_url=None
    )

    @app.post("/units/{unit_id}/signals")
    async def signals(unit_id: str, request: Request) -> Response:
        """A task signal for one department."""
        system = systems.get(unit_id)
        if system is None:
            return Response(status_code=404)
        status, headers = await system.receive(request.headers, await request.body())
        return Response(status_code=status, headers=headers)

    @app.get("/answers")
    async def answers() -> dict[str, dict[int, int]]:
        """How many signals each department answered with which status."""
        return {unit_id: dict(system.answered) for unit_id, system in systems.items()}

    return app
