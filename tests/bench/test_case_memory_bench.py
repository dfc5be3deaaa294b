"""How much memory of a worker process a case costs while it is open and cached."""

import asyncio
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from infra.tables import Case
from tests.conftest import Servers
from tests.driving import HOUSING, Driver, until
from tests.installation import Installation
from tests.processes import part
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import CaseStatus

_WARM_UP = 60
_CASES = 500
_MOST_KIB = 60.0
_AT_ONCE = 16


@pytest.mark.bench
async def test_an_open_case_costs_a_worker_little_memory(
    empty: Installation, servers: Servers, tmp_path: Path
) -> None:
    with part("worker", empty, servers.temporal_address, tmp_path / "worker.log") as worker:
        process = psutil.Process(worker.pid)
        await _open_cases(empty, _WARM_UP)
        before = process.memory_info().rss
        await _open_cases(empty, _CASES)
        kib = (process.memory_info().rss - before) / _CASES / 1024
    print(f"memory of an open case: {kib:.0f} KiB over {_CASES} cases")  # noqa: T201 - a measured figure
    assert kib <= _MOST_KIB


async def _open_cases(place: Installation, n: int) -> None:
    """So many cases more whose unit has been whistled, all of it published."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one() -> Driver:
        driver = place.driver()
        async with gate:
            await driver.register()
            await driver.give(c.Accept, published=False)
            await driver.give(c.Whistle, lead=HOUSING, reason=TextId("t"))
        return driver

    drivers = await asyncio.gather(*(one() for _ in range(n)))
    open_cases = select(func.count()).where(Case.status == CaseStatus.DISPATCHED.value)

    async def all_open() -> bool:
        async with place.sessions() as session:
            return (await session.scalar(open_cases) or 0) >= len(drivers)

    await until(all_open, f"{n} cases are open")
