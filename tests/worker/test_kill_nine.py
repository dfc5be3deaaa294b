"""`kill -9` of a real worker process in the middle of its work."""

import asyncio
import signal
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.tables import Case
from tests.conftest import Servers
from tests.driving import DISPATCHER, HANDLER, HOUSING, Driver
from tests.installation import Installation
from tests.processes import part
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId

_NOTE = TextId("t")


async def test_a_killed_worker_loses_nothing_that_was_answered(
    empty: Installation, servers: Servers, tmp_path: Path
) -> None:
    gateway = empty.gateway()
    with part("worker", empty, servers.temporal_address, tmp_path / "first.log") as first:
        drivers = [empty.driver() for _ in range(4)]
        for driver in drivers:
            await driver.register()
            await driver.started()
            await driver.give(c.Accept)
        answered = c.Whistle(command_id=uuid4().hex, actor=DISPATCHER, lead=HOUSING, reason=_NOTE)
        async with empty.sessions.begin() as blocking:
            # While their rows are held, what the cases answer cannot be published.
            await blocking.execute(select(Case).with_for_update())
            receipts = [await gateway.submit(driver.case_no, answered) for driver in drivers]
            late = empty.driver()
            await late.register()
            first.send_signal(signal.SIGKILL)
            first.wait()
    given = [
        c.Progress(command_id=uuid4().hex, actor=HANDLER, task_no=driver.task_no, note=_NOTE) for driver in drivers
    ]
    with part("worker", empty, servers.temporal_address, tmp_path / "second.log"):
        await asyncio.gather(*(_give(gateway, driver, note) for driver, note in zip(drivers, given, strict=True)))
        for driver, receipt in zip(drivers, receipts, strict=True):
            assert driver.task_no in (await driver.published(receipt.seq + 1)).tasks
        await late.started()
    for driver, note in zip(drivers, given, strict=True):
        timeline = await empty.timeline(driver.case_no)
        assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
        kinds = [record.event.kind for record in timeline]
        assert [kinds.count(kind) for kind in ("case_accepted", "whistled", "task_progressed")] == [1, 1, 1]
        assert timeline[-1].command_id == note.command_id


async def _give(gateway: CaseGateway, driver: Driver, command: c.AnyCommand) -> None:
    """Gives the command as a patient caller does: again with the same id while the answer is "unavailable"."""
    async with asyncio.timeout(30):
        while True:
            try:
                await gateway.submit(driver.case_no, command)
            except CaseUnavailable:
                continue
            return
