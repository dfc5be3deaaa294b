"""A unit is merged into another while it is at work: its tasks pass on, whatever the day, and no date moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from infra.audit import audit
from infra.succession import succeed
from infra.tables import BatchRow, Task
from tests.driving import DISPATCHER, Driver, until
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from worker.batch_relay import BatchRelay
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.commands import UnitRef
from workflows.contracts.events import UnitSucceeded
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import Level, Role, UnitKind
from workflows.rules.calendar import local_date

_MONDAY = at("2026-03-02T09:00")
_OLD = UnitRef(unit_id="commerce", kind=UnitKind.DEPARTMENT)
_OTHER = UnitRef(unit_id="transport", kind=UnitKind.DEPARTMENT)
_CENTRE = "centre-990102001000"


async def test_open_tasks_are_the_new_units_with_their_numbers_and_clocks(empty: Installation) -> None:
    async with empty.workers(), _relayed(empty, _now):
        drivers = [await _whistled(empty) for _ in range(3)]
        bystander = await _whistled(empty, lead=_OTHER)
        before = {driver.case_no: await driver.published(1) for driver in drivers}
        batch_id = await _succeeds(empty, "commerce", "finance")
        await _ended(empty, batch_id)
        for driver in drivers:
            was = before[driver.case_no]
            state = await driver.published(was.seq + 1)
            assert state.tasks[driver.task_no].unit.unit_id == "finance"
            assert state.tasks[driver.task_no].status is was.tasks[driver.task_no].status
            assert state.clocks == was.clocks
            # Whoever has it now goes on with it.
            handler = Actor(id="handler-finance", role=Role.HANDLER, unit_id="finance")
            await driver.give(c.Sign, handler, task_no=driver.task_no)
        assert (await bystander.published(1)).tasks[bystander.task_no].unit.unit_id == "transport"
        report = await audit(empty.sessions, empty.client)
    async with empty.sessions() as session:
        units = list(await session.scalars(select(Task.unit_id).order_by(Task.unit_id)))
        batch = await session.get_one(BatchRow, batch_id)
    assert units == ["finance"] * 3 + ["transport"]
    assert (batch.total, batch.reached, batch.left) == (3, 3, 0)
    assert report.gaps == report.conflicts == report.missing == []


async def test_a_centres_cases_are_carried_by_the_one_that_took_over(empty: Installation) -> None:
    async with empty.workers(), _relayed(empty, _now):
        driver = await empty.case(registered_at=_MONDAY, region_code="990102001000")
        before = await driver.published(1)
        assert before.centres[Level.TOWNSHIP] == _CENTRE
        await _ended(empty, await _succeeds(empty, _CENTRE, "centre-990102002000"))
        state = await driver.published(before.seq + 1)
    assert state.centres == before.centres | {Level.TOWNSHIP: "centre-990102002000"}
    assert state.clocks == before.clocks


async def test_what_is_planned_for_a_day_to_come_happens_on_that_day_alone(empty: Installation) -> None:
    tomorrow = local_date(_now()) + timedelta(days=1)
    async with empty.workers():
        driver = await _whistled(empty)
        before = await driver.published(1)
        async with empty.sessions.begin() as session:
            assert await succeed(session, "commerce", "finance", on=tomorrow, by="tester", now=_now()) is None
        async with _relayed(empty, lambda: _now() + timedelta(days=1)):
            state = await driver.published(before.seq + 1)
    assert state.tasks[driver.task_no].unit.unit_id == "finance"
    events = [record.event for record in await empty.timeline(driver.case_no)]
    assert [event.task_nos for event in events if isinstance(event, UnitSucceeded)] == [(driver.task_no,)]


def _now() -> datetime:
    return datetime.now(UTC)


async def _whistled(place: Installation, lead: UnitRef = _OLD) -> Driver:
    driver = await place.case(registered_at=_MONDAY)
    await driver.give(c.Accept)
    await driver.give(c.Whistle, DISPATCHER, lead=lead, reason=TextId("t"))
    return driver


async def _succeeds(place: Installation, old: str, new: str) -> str:
    """The id of the batch that brings it to the cases."""
    async with place.sessions.begin() as session:
        batch = await succeed(session, old, new, on=local_date(_now()), by="tester", now=_now())
    assert batch is not None
    return batch.batch_id


@asynccontextmanager
async def _relayed(place: Installation, now: Callable[[], datetime]) -> AsyncIterator[None]:
    relay = asyncio.create_task(BatchRelay(place.client, place.sessions, now).run())
    try:
        yield
    finally:
        relay.cancel()
        await asyncio.wait([relay])


async def _ended(place: Installation, batch_id: str) -> None:
    async def ended() -> bool:
        async with place.sessions() as session:
            return (await session.get_one(BatchRow, batch_id)).ended_at is not None

    await until(ended, "the batch has ended")
