"""`kill -9` of a real worker process in the middle of its work."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from infra.audit import audit
from infra.case_gateway import CaseUnavailable
from infra.mediation_tables import Mediation
from infra.tables import Case
from tests.conftest import Servers
from tests.driving import DISPATCHER, HANDLER, HOUSING
from tests.installation import Installation
from tests.mediating import PLAN, opened
from tests.processes import part
from workflows.contracts import commands as c
from workflows.contracts.ids import TextId
from workflows.contracts.mediation import commands as m
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.start import Receipt

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
        talks = await opened(empty)
        plan = m.DecidePlan(command_id=uuid4().hex, actor=DISPATCHER, tracks=PLAN, reason=_NOTE)
        consent = m.Consent(command_id=uuid4().hex, actor=DISPATCHER, party_no="P1", agreed=True)
        answered = c.Whistle(command_id=uuid4().hex, actor=DISPATCHER, lead=HOUSING, reason=_NOTE)
        async with empty.sessions.begin() as blocking:
            # While their rows are held, what the cases answer cannot be published.
            await blocking.execute(select(Case).with_for_update())
            await blocking.execute(select(Mediation).with_for_update())
            receipts = [await gateway.submit(driver.case_no, answered) for driver in drivers]
            planned = await talks.gateway.submit(talks.number, plan)
            late = empty.driver()
            await late.register()
            first.send_signal(signal.SIGKILL)
            first.wait()
    given = [
        c.Progress(command_id=uuid4().hex, actor=HANDLER, task_no=driver.task_no, note=_NOTE) for driver in drivers
    ]
    with part("worker", empty, servers.temporal_address, tmp_path / "second.log"):
        notes = [partial(gateway.submit, driver.case_no, note) for driver, note in zip(drivers, given, strict=True)]
        *_, again, consented = await asyncio.gather(
            *map(_patiently, notes),
            *(_patiently(partial(talks.gateway.submit, talks.number, one)) for one in (plan, consent)),
        )
        for driver, receipt in zip(drivers, receipts, strict=True):
            assert driver.task_no in (await driver.published(receipt.seq + 1)).tasks
        await late.started()
        assert again == planned
        await talks.published(consented.seq)
        await talks.until_case_knows(MediationStatus.PLANNED)
        assert (await audit(empty.sessions, empty.client)).is_clean
    said = [record.event.kind for record in await talks.timeline()]
    assert [said.count(kind) for kind in ("mediation_opened", "plan_decided", "consent_given")] == [1, 1, 1]
    for driver, note in zip(drivers, given, strict=True):
        timeline = await empty.timeline(driver.case_no)
        assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
        kinds = [record.event.kind for record in timeline]
        assert [kinds.count(kind) for kind in ("case_accepted", "whistled", "task_progressed")] == [1, 1, 1]
        assert timeline[-1].command_id == note.command_id


async def _patiently(give: Callable[[], Awaitable[Receipt]]) -> Receipt:
    """Gives a command as a patient caller does: again with the same id while the answer is "unavailable"."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await give()
            except CaseUnavailable:
                continue
