"""Where the simulated systems receive what is sent to them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI, Request, Response

from cli.simulator.authority import AuthoritySystem
from cli.simulator.configuration import Configuration
from cli.simulator.department import DepartmentSystem
from cli.simulator.public_api import PublicApi

_TIMEOUT_SECONDS = 30.0


def create_receiver(configuration: Configuration, api_url: str) -> FastAPI:
    """An app with `POST /units/{unit_id}/signals` for every system, and `GET /answers`: what they told, so far."""
    systems: dict[str, DepartmentSystem | AuthoritySystem] = {}

    @asynccontextmanager
    async def playing(_app: FastAPI) -> AsyncIterator[None]:
        # trust_env would send a request to this very machine through a proxy.
        async with httpx.AsyncClient(base_url=api_url, timeout=_TIMEOUT_SECONDS, trust_env=False) as http:
            departments = {
                told.unit_id: DepartmentSystem(told, PublicApi(http, told.token), configuration.seed)
                for told in configuration.departments
            }
            authorities = {
                told.unit_id: AuthoritySystem(told, http, configuration.seed) for told in configuration.authorities
            }
            systems.update(departments)
            systems.update(authorities)
            catching_up = asyncio.gather(*(system.take_up_open_tasks() for system in departments.values()))
            try:
                yield
            finally:
                catching_up.cancel()
                await asyncio.gather(catching_up, return_exceptions=True)
                await asyncio.gather(*(system.stop() for system in systems.values()))

    app = FastAPI(title="外部系统模拟 · simulated systems of units", lifespan=playing, docs_url=None, redoc_url=None)

    @app.post("/units/{unit_id}/signals")
    async def signals(unit_id: str, request: Request) -> Response:
        """A message to one unit's system."""
        system = systems.get(unit_id)
        if system is None:
            return Response(status_code=404)
        status, headers = await system.receive(request.headers, await request.body())
        return Response(status_code=status, headers=headers)

    @app.get("/answers")
    async def answers() -> dict[str, dict[int, int]]:
        """How many messages each unit's system answered with which status."""
        return {unit_id: dict(system.answered) for unit_id, system in systems.items()}

    return app
