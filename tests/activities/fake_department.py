"""A department's own system: a real HTTP server that answers as it is told and keeps what it received."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import uvicorn
from fastapi import FastAPI, Request, Response

from infra.database import Sessions
from infra.directory_tables import Unit
from tests.driving import until
from workflows.contracts.commands import UnitRef
from workflows.contracts.vocabulary import UnitKind

SECRET = f"whsec_{b64encode(b'shared with nobody else').decode()}"


@dataclass(frozen=True)
class Signal:
    """One request as it arrived."""

    headers: dict[str, str]
    raw: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def body(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.raw)
        return read


@dataclass
class Department:
    """`answers` are given one after the other, the last one again and again; without one the answer is 204."""

    unit: UnitRef
    answers: list[Response] = field(default_factory=list)
    received: list[Signal] = field(default_factory=list)

    async def signals(self, n: int) -> list[Signal]:
        """The first `n`, once they are here."""

        async def arrived() -> bool:
            return len(self.received) >= n

        await until(arrived, f"{n} signals have reached {self.unit.unit_id}")
        return self.received[:n]


class Quoting(Response):
    """Says back all that it was sent, as careless error pages do."""


class Silence(Response):
    """No answer within anybody's patience: the connection stays open until the caller gives up."""


@asynccontextmanager
async def department(sessions: Sessions, *answers: Response) -> AsyncIterator[Department]:
    """A unit of the city with its system running."""
    unit_id = f"unit-{uuid4().hex[:8]}"
    made = Department(UnitRef(unit_id=unit_id, kind=UnitKind.DEPARTMENT, connected=True), list(answers))
    app = FastAPI()

    @app.post("/signals")
    async def take(request: Request) -> Response:
        answer = made.answers[min(len(made.received), len(made.answers) - 1)] if made.answers else Response(None, 204)
        body = await request.body()
        made.received.append(Signal(dict(request.headers), body))
        if isinstance(answer, Quoting):
            return Response(body, answer.status_code, media_type="application/json")
        if isinstance(answer, Silence):
            while not await request.is_disconnected():  # noqa: ASYNC110 - the only way to see the caller leave
                await asyncio.sleep(0.02)
        return answer

    async with serving(app) as url:
        async with sessions.begin() as session:
            session.add(
                Unit(
                    unit_id=unit_id,
                    name="试验单位",
                    kind=UnitKind.DEPARTMENT.value,
                    level="county",
                    region_code="990102000000",
                    endpoint=f"{url}/signals",
                    secret=SECRET,
                )
            )
        yield made


@asynccontextmanager
async def serving(app: Callable[..., Any]) -> AsyncIterator[str]:
    """Runs an ASGI app on a free port; gives its URL."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    running = asyncio.create_task(server.serve())

    async def up() -> bool:
        return server.started

    await until(up, "the server listens")
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running
