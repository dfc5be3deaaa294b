"""How fast a published calendar reaches many open cases, beside plain commands to the same cases."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from itertools import islice
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.database import database
from infra.temporal import connect
from tests.chaos.new_calendar import Publishing, publishing, two_weeks_off
from tests.chaos.up import Up
from tests.driving import DISPATCHER
from workflows.contracts import commands as c

_CASES = 2_000
_COMMANDS = 500
_AT_ONCE = 4
_LOOK_EVERY = 0.5
_PATIENCE = 600.0


@pytest.mark.bench
async def test_a_calendar_goes_to_two_thousand_open_cases(up: Up, tmp_path: Path) -> None:
    async with publishing(up) as calendar:
        await calendar.open_cases(_CASES)
        before = frozenset(up.registered)
        plain = await _plain_commands_a_second(up, islice(sorted(before), _COMMANDS))
        async with _watching_memory(up) as undisturbed:
            quiet = await _publish(calendar, two_weeks_off(tmp_path))
        reporting = asyncio.create_task(up.keep_reporting())
        async with _watching_memory(up) as under_fire:
            fire = await _publish(calendar, two_weeks_off(tmp_path, weeks_ahead=2), killing_worker=True)
        reporting.cancel()
        await asyncio.wait([reporting])
        report = await up.settled()
        await calendar.is_everywhere()
        adoptions = await calendar.adoptions()
    rate = _CASES / quiet
    print(  # noqa: T201 - measured figures
        f"a calendar to {_CASES} open cases: {quiet:.0f} s, {rate:.0f} cases/s, {rate / plain:.2f} of plain commands"
        f" ({plain:.0f}/s); {fire:.0f} s with the worker killed twice and {len(up.registered - before)} new cases;"
        f" the worker's memory up to {max(undisturbed):.0f} and {max(under_fire):.0f} MiB"
    )
    assert report["exit"] == 0, report
    assert {case_no: adoptions.get(case_no) for case_no in before} == dict.fromkeys(before, 1)


async def _publish(calendar: Publishing, file: Path, *, killing_worker: bool = False) -> float:
    """Seconds until the command says that every case is reached."""
    began = time.perf_counter()
    command = await calendar.begin(file)
    if killing_worker:
        for reached in (_CASES // 4, _CASES // 2):
            await calendar.has_reached(reached)
            calendar.up.kill("worker")
    assert await asyncio.wait_for(command.wait(), _PATIENCE) == 0
    return time.perf_counter() - began


async def _plain_commands_a_second(up: Up, cases: Iterator[str]) -> float:
    instance = await up.ready()
    client = await connect(instance.temporal_address or "")
    async with database(instance.database_url, pool_size=1) as sessions:
        gateway = CaseGateway(client, sessions, CaseStarts(client, sessions))

        async def one_after_the_other() -> None:
            for case_no in cases:
                await gateway.submit(case_no, c.Accept(command_id=uuid4().hex, actor=DISPATCHER))

        began = time.perf_counter()
        await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
        return _COMMANDS / (time.perf_counter() - began)


@asynccontextmanager
async def _watching_memory(up: Up) -> AsyncIterator[list[float]]:
    """What the worker held each time it was looked at, in MiB."""
    seen = [0.0]

    async def watch() -> None:
        while True:
            # It may have been killed a moment ago.
            with suppress(psutil.NoSuchProcess):
                seen.append(psutil.Process(up.pid_of("worker") or 0).memory_info().rss / 1024**2)
            await asyncio.sleep(_LOOK_EVERY)

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()
        await asyncio.wait([watching])
