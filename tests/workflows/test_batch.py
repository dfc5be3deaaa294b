"""A batch from its row to its end: every open case has the change once, whatever stops in the middle."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio import activity
from temporalio.client import Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper
from temporalio.worker import Worker

from infra.audit import audit
from infra.batches import AdoptPolicyChange, read_where, request_batch
from infra.tables import BatchRow, Case, PolicyRow
from infra.temporal import connect
from tests.conftest import Servers
from tests.driving import until
from tests.installation import Installation
from tests.processes import part
from tests.publishing import SNOW_DAY, published
from tests.rules.calendar_2026 import at
from worker.batch_relay import BatchRelay
from worker.relay import Relay
from workflows.batch import BatchWorkflow
from workflows.contracts.batches import Batch, BatchStep, batch_workflow_id
from workflows.contracts.events import CalendarAdopted, ClockMoved, PolicyAdopted
from workflows.contracts.queues import BATCHES
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
        (batch,) = await _migrations(empty, (2, ["source=test"]))
        await _ended(empty, batch)
        moved, unmoved = await chosen.published(before[0].seq + 1), await other.published(1)
    assert (moved.policy.version, unmoved.policy.version) == (2, 1)
    assert moved.clocks == before[0].clocks


async def test_of_two_migrations_at_once_both_end_and_the_later_one_wins(empty: Installation) -> None:
    async with empty.workers():
        of_both, of_one = [[await empty.case(source=source) for _ in range(3)] for source in ("test", "elsewhere")]
        for driver in (*of_both, *of_one):
            await driver.published(1)
        earlier, later = await _migrations(empty, (2, []), (3, ["source=test"]))
        async with _looked_after(empty):
            for batch_id in (earlier, later):
                await _ended(empty, batch_id)
        for drivers, version in ((of_both, 3), (of_one, 2)):
            for driver in drivers:
                await _adopted(empty, driver.case_no, [version])
    batches = [await _batch(empty, batch_id) for batch_id in (earlier, later)]
    assert [(batch.total, batch.reached, batch.left) for batch in batches] == [(6, 3, 0), (3, 3, 0)]


async def test_what_was_asked_for_last_holds_though_its_version_is_an_earlier_one(empty: Installation) -> None:
    async with empty.workers(), _looked_after(empty):
        driver = await empty.case()
        await driver.published(1)
        for version in (2, 3):
            (batch,) = await _migrations(empty, (version, []))
            await _ended(empty, batch)
        (again,) = await _migrations(empty, (2, []))
        await _ended(empty, again)
        await _adopted(empty, driver.case_no, [2, 3, 2])


async def test_how_long_it_rests_outlives_the_run_in_which_it_began(empty: Installation) -> None:
    steps: list[Batch] = []

    @activity.defn(name="advance_batch")
    async def advance(batch: Batch) -> BatchStep:
        steps.append(batch)
        return BatchStep(left=2 if len(steps) < 2 else 0, after=None)

    resting = timedelta(seconds=8)
    async with Worker(empty.client, task_queue=BATCHES, workflows=[BatchWorkflow], activities=[advance]):
        handle = await empty.client.start_workflow(
            BatchWorkflow.run, Batch(batch_id="b", pause=resting, left_before=2), id="batch/b", task_queue=BATCHES
        )
        await TimeSkipper(empty.client).fast_forward(handle)
        await handle.result()
    assert steps[1] == Batch(batch_id="b", pause=2 * resting, left_before=2)


async def test_a_batch_that_cannot_be_started_holds_up_no_other(empty: Installation, servers: Servers) -> None:
    async with empty.workers():
        drivers = [await empty.case(), await empty.case(source="elsewhere")]
        for driver in drivers:
            await driver.published(1)
        bad, good = await _migrations(empty, (2, ["source=test"]), (2, ["source=elsewhere"]))
        refusing = [_Unstartable(batch_workflow_id(bad))]
        client = await connect(servers.temporal_address, empty.namespace, interceptors=refusing)
        async with _looked_after(replace(empty, client=client)):
            await _ended(empty, good)
    assert (await _batch(empty, bad)).started_at is None


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
        asyncio.create_task(BatchRelay(place.client, place.sessions, lambda: datetime.now(UTC)).run()),
    ]
    try:
        yield
    finally:
        for relay in relays:
            relay.cancel()
        await asyncio.wait(relays)


class _Unstartable(Interceptor):
    """The workflow of that id cannot be started."""

    def __init__(self, workflow_id: str) -> None:
        self.workflow_id = workflow_id

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - theirs
        return _Refusing(next, self.workflow_id)


class _Refusing(OutboundInterceptor):
    def __init__(self, following: OutboundInterceptor, workflow_id: str) -> None:
        super().__init__(following)
        self._workflow_id = workflow_id

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002 - theirs
        if input.id == self._workflow_id:
            raise RPCError("unstartable", RPCStatusCode.INVALID_ARGUMENT, b"")
        return await super().start_workflow(input)


async def _migrations(place: Installation, *asked: tuple[int, list[str]]) -> list[str]:
    """Batches to versions of the city's policy, each with its conditions, asked for one after the other."""
    ids = []
    async with place.sessions.begin() as session:
        first = await session.get_one(PolicyRow, ("yunjiang", 1))
        for version, where in asked:
            data = first.data | {"version": version}
            await session.merge(PolicyRow(name="yunjiang", version=version, data=data, applied_at=first.applied_at))
            change = AdoptPolicyChange(policy="yunjiang", version=version, where=read_where(where))
            batch = await request_batch(session, change, by="tester", now=datetime.now(UTC))
            ids.append(batch.batch_id)
    return ids


async def _adopted(place: Installation, case_no: str, versions: list[int]) -> None:
    async def are_on_record() -> bool:
        events = [record.event for record in await place.timeline(case_no)]
        return [event.policy.version for event in events if isinstance(event, PolicyAdopted)] == versions

    await until(are_on_record, f"the case has adopted {versions} and no other")


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
