"""A calendar is published while the worker dies, twice, and new reports keep coming: it reaches every open case."""

import asyncio
from pathlib import Path

from tests.chaos.new_calendar import publishing, two_weeks_off
from tests.chaos.up import Up

_CASES = 60


async def test_a_calendar_reaches_every_open_case_once_though_the_worker_is_killed_twice(
    up: Up, tmp_path: Path
) -> None:
    async with publishing(up) as calendar:
        await calendar.open_cases(_CASES)
        before = frozenset(up.registered)
        reporting = asyncio.create_task(up.keep_reporting())
        command = await calendar.begin(two_weeks_off(tmp_path))
        for reached in (_CASES // 6, _CASES // 2):
            await calendar.has_reached(reached)
            up.kill("worker")
        assert await asyncio.wait_for(command.wait(), 60) == 0
        reporting.cancel()
        await asyncio.wait([reporting])
        report = await up.settled()
        await calendar.is_everywhere()
        assert report["exit"] == 0, report
        assert report["intake"] == report["running"]
        assert up.registered > before
        adoptions = await calendar.adoptions()
        assert {case_no: adoptions.get(case_no) for case_no in before} == dict.fromkeys(before, 1)
        assert set(adoptions.values()) == {1}
