"""`kill -9` of every part, and of the whole, while reports and commands keep coming: nothing answered is lost."""

import asyncio

import httpx

from tests.chaos.up import Up

_PARTS = ("worker", "temporal", "api", "postgres")


async def test_nothing_that_was_answered_is_lost_when_parts_and_then_the_whole_are_killed(up: Up) -> None:
    await up.ready()
    reporting = asyncio.create_task(up.keep_reporting())
    for part in _PARTS:
        await up.kill_and_see_it_again(part)
    up.process.kill()
    up.process.wait()
    reporting.cancel()
    await asyncio.wait([reporting])
    up.start()
    async with up.client() as http:
        report = await up.settled()
        assert report["exit"] == 0, report
        faults = ("missing", "unowned", "gaps", "conflicts")
        assert {fault: report[fault] for fault in faults} == {fault: [] for fault in faults}
        for case_no in up.registered:
            answer = await http.get(f"/cases/{case_no}")
            assert answer.status_code == httpx.codes.OK, case_no
            assert answer.json()["status"] == "accepted" or case_no not in up.accepted
