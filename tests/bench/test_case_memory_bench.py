"""How much memory of a worker process a case costs while it is open and cached, beside a bare workflow."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psutil
import pytest
from temporalio.client import Client

from tests.bench.bare import QUEUE, Bare
from tests.conftest import Servers
from tests.driving import HOUSING
from tests.installation import Installation
from tests.processes import part
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId

_WARM_UP = 60
_CASES = 500
_MOST_KIB = 60.0
_AT_ONCE = 16
_UPDATES = 2


@pytest.mark.bench
async def test_an_open_case_costs_a_worker_little_memory(
    empty: Installation, servers: Servers, client: Client, tmp_path: Path
) -> None:
    async def open_a_case() -> None:
        driver = empty.driver()
        await driver.register()
        await driver.give(c.Accept)
        await driver.give(c.Whistle, lead=HOUSING, reason=TextId("t"))

    async def open_a_bare_workflow() -> None:
        handle = await client.start_workflow(Bare.run, _UPDATES + 1, id=f"bare-{uuid4().hex}", task_queue=QUEUE)
        for _ in range(_UPDATES):
            await handle.execute_update(Bare.touch)

    with part("worker", empty, servers.temporal_address, tmp_path / "worker.log") as worker:
        case = await _kib_each(worker, open_a_case)
    with _bare_worker(servers.temporal_address) as worker:
        bare = await _kib_each(worker, open_a_bare_workflow)
    print(  # noqa: T201 - measured figures
        f"memory of an open case: {case:.0f} KiB over {_CASES} cases; {bare:.0f} KiB of it a bare workflow costs too"
    )
    assert case - bare <= _MOST_KIB


@contextmanager
def _bare_worker(temporal_address: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.bare", temporal_address])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def _kib_each(worker: subprocess.Popen[bytes], opens: Callable[[], Awaitable[None]]) -> float:
    """By how much the process grows with each, once it is warm."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one() -> None:
        async with gate:
            await opens()

    process = psutil.Process(worker.pid)
    await asyncio.gather(*(one() for _ in range(_WARM_UP)))
    before = process.memory_info().rss
    await asyncio.gather(*(one() for _ in range(_CASES)))
    return (process.memory_info().rss - before) / _CASES / 1024
