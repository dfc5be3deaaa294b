"""Standard cases through the HTTP API, beside a bare workflow with as many updates and activities, in one run."""

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx
import pytest
from temporalio.client import Client

from api.tokens import Claims, Tokens
from cli.installation import INSTALLATION, running
from infra.embedded.servers import EmbeddedServers
from infra.temporal import connect
from tests.bench.bare import QUEUE, Bare
from workflows.contracts.search_attributes import REGISTRY
from workflows.contracts.vocabulary import Role

_CASES, _AT_ONCE = 200, 32
_REPORT = {
    "source": "bench",
    "kind": "help",
    "title": "路灯不亮",
    "description": "巷口的路灯坏了三天",
    "region_code": "990102001001",
}


@dataclass
class Run:
    """What one of the two took: seconds in all, and of each command."""

    seconds: float = 0.0
    commands: list[float] = field(default_factory=list)

    async def timed(self, work: Awaitable[object]) -> None:
        began = time.perf_counter()
        await work
        self.commands.append(time.perf_counter() - began)

    def percentile(self, n: int) -> float:
        return quantiles(self.commands, n=100)[n - 1]


@pytest.fixture
async def clients() -> AsyncIterator[tuple[httpx.AsyncClient, Client, str]]:
    """A whole installation with its durable settings, and the bare worker in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        servers = EmbeddedServers(
            Path(folder) / "data", command="bench", report=lambda _: None, search_attributes=REGISTRY
        )
        async with running(servers, INSTALLATION) as instance:
            address = instance.temporal_address or ""
            bare = await asyncio.create_subprocess_exec(sys.executable, "-P", "-m", "tests.bench.bare", address)
            tokens = Tokens(servers.directory.token_secret())
            dispatcher = tokens.issue(Claims.model_validate({"sub": "dispatcher-1", "role": Role.DISPATCHER}))
            handler = {"sub": "handler-housing", "role": Role.HANDLER, "unit": "housing"}
            headers = {"authorization": f"Bearer {dispatcher}"}
            limits = httpx.Limits(max_connections=_AT_ONCE)
            base = f"{instance.api_url}/api/v1"
            async with httpx.AsyncClient(
                base_url=base, headers=headers, timeout=60, trust_env=False, limits=limits
            ) as http:
                yield http, await connect(address), tokens.issue(Claims.model_validate(handler))
            bare.terminate()
            await bare.wait()


async def _many(one: Callable[[Run], Awaitable[None]], count: int) -> Run:
    run = Run()
    gate = asyncio.Semaphore(_AT_ONCE)

    async def gated() -> None:
        async with gate:
            await one(run)

    began = time.perf_counter()
    await asyncio.gather(*(gated() for _ in range(count)))
    run.seconds = time.perf_counter() - began
    return run


@pytest.mark.bench
async def test_standard_cases_a_second_and_command_latency(clients: tuple[httpx.AsyncClient, Client, str]) -> None:
    http, client, handler = clients

    async def case(run: Run) -> None:
        registered = await http.post("/cases", json=_REPORT)
        registered.raise_for_status()
        case_no = registered.json()["case_no"]

        async def post(path: str, body: object) -> None:
            by = {"authorization": f"Bearer {handler}"} if path.startswith("/tasks") else {}
            (await http.post(path, json=body, headers=by)).raise_for_status()

        task = f"/tasks/{case_no}-T1"
        for path, body in (
            (f"/cases/{case_no}/accept", {}),
            (f"/cases/{case_no}/whistle", {"lead_unit": "housing", "reason": "请到场"}),
            (f"{task}/sign", {}),
            (f"{task}/contact", {"note": "已联系"}),
            (f"{task}/report-in", {}),
            (f"{task}/finish", {"reply": "已修好"}),
            (f"/cases/{case_no}/verify", {"passed": True, "note": "属实"}),
            (f"/cases/{case_no}/callback", {"outcome": "reached", "solved": "yes", "rating": "satisfied"}),
        ):
            await run.timed(post(path, body))

    async def bare(run: Run) -> None:
        handle = await client.start_workflow(Bare.run, 8, id=f"bare/{uuid4().hex}", task_queue=QUEUE)
        for _ in range(8):
            await run.timed(handle.execute_update(Bare.touch))
        await handle.result()

    await _many(bare, _AT_ONCE)
    await _many(case, _AT_ONCE)
    alone, ours = await _many(bare, _CASES), await _many(case, _CASES)
    print(  # noqa: T201 - the figures are what it is for
        f"\n{_CASES} standard cases over HTTP, {_AT_ONCE} at a time, beside a bare workflow (8 updates, 9 activities)"
        f"\n  cases a second   {_CASES / ours.seconds:6.1f}   bare {_CASES / alone.seconds:6.1f}"
        f"   ratio {alone.seconds / ours.seconds:.2f}"
    )
    for n in (50, 99):
        mine, theirs = ours.percentile(n), alone.percentile(n)
        print(f"  command p{n} ms   {mine * 1e3:6.0f}   bare {theirs * 1e3:6.0f}   ratio {mine / theirs:.2f}")  # noqa: T201
