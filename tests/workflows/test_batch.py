"""A batch from its row to its end: every open case has the change once, whatever stops in the middle."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from infra.audit import audit
from infra.batches import AdoptPolicyChange, read_where, request_batch
from infra.tables import BatchRow, Case, PolicyRow
from tests.conftest import Servers
from tests.driving import until
from tests.installation import Installation
from tests.processes import part
from tests.publishing import SNOW_DAY, published
from tests.rules.calendar_2026 import at
from worker.batch_relay import BatchRelay
from worker.relay import Relay
from workflows.contracts.events import CalendarAdopted, ClockMoved
from workflows.contracts.vocabulary import MoveCause

_MONDAY = at("2026-03-02T09:00")


async def test_a_published_calendar_reaches_every_open_case_and_moves_what_it_touches(
    empty: Installation, tmp_path: Path
) -> None:
    async with empty.workers(), _looked_after(empty):
        touched = [await empty.case(registered_at=_MONDAY) for _ in range(3)]
        untouched = await empty.case(registered_at=_MONDAY + timedelta(days=60))
        for driver in (*touched, untouched):
            await driver.published(1)
        new = await published(empty.sessions, tmp_path, SNOW_DAY)
        assert new is not None
        assert new.batch.total == 4
        await _ended(empty, new.batch.batch_id)
        for driver in touched:
            events = [record.event for record in await empty.timeline(driver.case_no)]
            moved = {event.clock_id: event for event in events if isinstance(event, ClockMoved)}
            citizen = moved["citizen"]
            assert (citizen.cause, citizen.due_at - citizen.was_due_at) == (MoveCause.CALENDAR, timedelta(days=1))
        events = [record.event for record in await empty.timeline(untouched.case_no)]
        assert [event.calendar.version for event in events if isinstance(event, CalendarAdopted)] == [2]
        assert not [event for event in events if isinstance(event, ClockMoved)]
    batch = await _batch(empty, new.batch.batch_id)
    assert (batch.total, batch.reached, batch.left) == (4, 4, 0)


async def test_a_case_that_starts_with_the_calendar_before_is_not_forgotten(
    empty: Installation, tmp_path: Path
) -> None:
    # Without workers its registration is on its way and nowhere on record.
    driver = await empty.case(registered_at=_MONDAY)
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    assert new.batch.ended_at is not None
    async with empty.workers(), _looked_after(empty):
        await until(lambda: _all_have(empty, 2), "the late case has the new calendar")
        report = await audit(empty.sessions, empty.client)
    assert report.outdated == []
    assert [type(record.event) for record in await empty.timeline(driver.case_no)].count(CalendarAdopted) == 1


async def test_the_chosen_cases_move_to_another_policy_version_and_keep_their_dates(empty: Installation) -> None:
    async with empty.workers(), _looked_after(empty):
        chosen, other = await empty.case(), await empty.case(source="elsewhere")
        before = [await driver.published(1) for driver in (chosen, other)]
        async with empty.sessions.begin() as session:
            row = await session.get_one(PolicyRow, ("yunjiang", 1))
            session.add(
                PolicyRow(name="yunjiang", version=2, data=row.data | {"version": 2}, applied_at=row.applied_at)
            )
            change = AdoptPolicyChange(policy="yunjiang", version=2, where=read_where(["source=test"]))
            batch = await request_batch(session, change, by="tester", now=row.applied_at)
        await _ended(empty, batch.batch_id)
        moved, unmoved = [await driver.published(1) for driver in (chosen, other)]
    assert (moved.policy.version, unmoved.policy.version) == (2, 1)
    assert moved.clocks == before[0].clocks


async def test_a_worker_killed_in_the_middle_costs_no_case_and_doubles_none(
    empty: Installation, servers: Servers, tmp_path: Path
) -> None:
    with part("worker", empty, servers.temporal_address, tmp_path / "first.log") as first:
        drivers = [empty.driver() for _ in range(12)]
        for driver in drivers:
            await driver.register()
        await asyncio.gather(*(driver.started() for driver in drivers))
        async with empty.sessions.begin() as blocking:
            # While a row is held, what its case answers cannot be published, so that the batch stays in the middle.
            await blocking.execute(select(Case).where(Case.case_no == drivers[0].case_no).with_for_update())
            new = await published(empty.sessions, tmp_path, SNOW_DAY)
            assert new is not None
            await until(lambda: _has_begun(empty, new.batch.batch_id), "the batch has begun")
            first.send_signal(signal.SIGKILL)
            first.wait()
    late = empty.driver()
    await late.register()
    with part("worker", empty, servers.temporal_address, tmp_path / "second.log"):
        await late.started()
        await _ended(empty, new.batch.batch_id)
        await until(lambda: _all_have(empty, 2), "no open case is below the version")
    for driver in drivers:
        timeline = await empty.timeline(driver.case_no)
        assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
        assert [type(record.event) for record in timeline].count(CalendarAdopted) == 1


@asynccontextmanager
async def _looked_after(place: Installation) -> AsyncIterator[None]:
    relays = [
        asyncio.create_task(Relay(place.sessions, place.starts()).run()),
        asyncio.create_task(BatchRelay(place.client, place.sessions).run()),
    ]
    try:
        yield
    finally:
        for relay in relays:
            relay.cancel()
        await asyncio.wait(relays)


async def _batch(place: Installation, batch_id: str) -> BatchRow:
    async with place.sessions() as session:
        return await session.get_one(BatchRow, batch_id)


async def _has_begun(place: Installation, batch_id: str) -> bool:
    return (await _batch(place, batch_id)).reached > 0


async def _ended(place: Installation, batch_id: str) -> None:
    async def ended() -> bool:
        return (await _batch(place, batch_id)).ended_at is not None

    await until(ended, "the batch has ended")


async def _all_have(place: Installation, version: int) -> bool:
    async with place.sessions() as session:
        versions = (await session.scalars(select(Case.calendar_version))).all()
    return set(versions) == {version}
