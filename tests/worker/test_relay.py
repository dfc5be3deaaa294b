"""The intake relay: every report gets its one workflow, whatever was away or in the way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from temporalio.service import RPCError
from temporalio.testing import ActivityEnvironment

from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.case_starts import CaseStarts
from infra.embedded.ports import any_free_port
from infra.tables import Case, Fault, Intake
from infra.temporal import connect
from tests.activities.story import Story
from tests.conftest import Servers
from tests.driving import DISPATCHER, until
from tests.installation import Installation
from worker.composition import records
from worker.relay import Relay
from workflows.contracts import commands as c
from workflows.contracts.ids import CASE_WORKFLOW, workflow_id
from workflows.contracts.start import EventBatch

_IN_USE = "case_number_in_use"
_MORE_THAN_A_BATCH = 65


async def test_a_report_taken_in_while_temporal_is_away_is_started_when_it_is_back(
    empty: Installation, servers: Servers
) -> None:
    port = any_free_port()
    async with _forwarding(port, servers.temporal_address):
        client = await connect(f"127.0.0.1:{port}", empty.namespace)
    starts = _Noticed(client, empty.sessions, policy="yunjiang")
    async with _relaying(empty, starts):
        driver = empty.driver()
        await driver.register()
        await asyncio.wait_for(starts.tried.wait(), 30)
        assert (await _intake(empty, driver.case_no)).started_at is None
        async with _forwarding(port, servers.temporal_address), empty.workers():
            await driver.started()


async def test_two_relays_start_each_case_once(empty: Installation) -> None:
    drivers = [empty.driver() for _ in range(20)]
    await asyncio.gather(*(driver.register() for driver in drivers))
    async with _relaying(empty, empty.starts()), _relaying(empty, empty.starts()), empty.workers():
        await asyncio.gather(*(driver.started() for driver in drivers))
        for driver in drivers:
            await driver.give(c.Accept)
    assert await _faults(empty) == []


async def test_a_start_that_was_not_noted_is_acknowledged_later(empty: Installation) -> None:
    driver = await empty.case()
    async with empty.sessions.begin() as session:
        await session.execute(update(Intake).values(started_at=None))
    async with _relaying(empty, empty.starts()), empty.workers():
        await driver.started()
    assert await _faults(empty) == []


async def test_a_foreign_workflow_under_the_same_id_is_a_fault_for_the_operator(empty: Installation) -> None:
    driver = empty.driver()
    await driver.register()
    await empty.client.start_workflow(
        CASE_WORKFLOW, id=workflow_id(driver.case_no), task_queue="elsewhere", memo={"intake_id": str(uuid4())}
    )
    async with _relaying(empty, empty.starts()):
        assert await _fault_of(empty, driver.case_no) == _IN_USE
    assert await _faults(empty) == [(driver.case_no, _IN_USE)]


async def test_records_without_a_workflow_are_a_fault_for_the_operator(empty: Installation) -> None:
    driver = empty.driver()
    story = Story(await driver.register())
    batch = EventBatch(case_no=driver.case_no, events=tuple(story.events))
    await ActivityEnvironment().run(records(empty.sessions).record_events, batch)
    async with _relaying(empty, empty.starts()):
        assert await _fault_of(empty, driver.case_no) == _IN_USE
    with pytest.raises(RPCError):
        await empty.handle(driver.case_no).describe()


async def test_what_cannot_be_started_does_not_hold_up_the_rest_and_starts_once_it_can(empty: Installation) -> None:
    stuck = [empty.driver() for _ in range(_MORE_THAN_A_BATCH)]
    for driver in stuck:
        await driver.register()
    well = empty.driver()
    await well.register()
    numbers = [driver.case_no for driver in stuck]
    details = (await _intake(empty, numbers[0])).details
    await _set_details(empty, numbers, details | {"region_code": "000000000000"})
    async with _relaying(empty, empty.starts()), empty.workers():
        await well.started()
        assert (await _intake(empty, numbers[0])).started_at is None
        await _set_details(empty, numbers[:1], details)
        await stuck[0].started()


async def _set_details(place: Installation, numbers: list[str], details: dict[str, Any]) -> None:
    async with place.sessions.begin() as session:
        changed = update(Intake).where(Intake.case_no.in_(numbers))
        await session.execute(changed.values(details=details, try_after=None))


async def test_a_command_is_answered_unavailable_while_temporal_cannot_be_reached(empty: Installation) -> None:
    driver = empty.driver()
    await driver.register()
    client = await connect(f"127.0.0.1:{any_free_port()}", empty.namespace, lazy=True)
    starts = CaseStarts(client, empty.sessions, policy="yunjiang")
    gateway = CaseGateway(client, empty.sessions, starts)
    accept = c.Accept(command_id=uuid4().hex, actor=DISPATCHER, received_at=datetime.now(UTC))
    with pytest.raises(CaseUnavailable):
        await gateway.submit(driver.case_no, accept)
    with pytest.raises(CaseUnavailable):
        await gateway.live(driver.case_no)
    async with empty.sessions() as session:
        assert await session.scalar(select(Case.seq).where(Case.case_no == driver.case_no)) == 0


class _Noticed(CaseStarts):
    """The real thing, and when it was first asked to start a case."""

    @cached_property
    def tried(self) -> asyncio.Event:
        return asyncio.Event()

    async def start(self, case_no: str) -> None:
        self.tried.set()
        await super().start(case_no)


@asynccontextmanager
async def _relaying(place: Installation, starts: CaseStarts) -> AsyncIterator[None]:
    relay = asyncio.create_task(Relay(place.sessions, starts).run())
    try:
        yield
    finally:
        relay.cancel()
        await asyncio.wait([relay])


@asynccontextmanager
async def _forwarding(port: int, address: str) -> AsyncIterator[None]:
    """Leads what arrives on the port to the address; at the end every connection breaks."""
    host, _, target = address.partition(":")
    open_ends: set[asyncio.StreamWriter] = set()

    async def copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_ends.add(writer)
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward_writer = await asyncio.open_connection(host, int(target))
        await asyncio.gather(copy(reader, onward_writer), copy(onward_reader, writer))

    server = await asyncio.start_server(forward, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()
        for writer in open_ends:
            writer.transport.abort()
        await server.wait_closed()


async def _intake(place: Installation, case_no: str) -> Intake:
    async with place.sessions() as session:
        return (await session.scalars(select(Intake).where(Intake.case_no == case_no))).one()


async def _fault_of(place: Installation, case_no: str) -> str:
    async def noted() -> str | None:
        return (await _intake(place, case_no)).fault

    fault: str = await until(noted, "the intake has a fault")
    return fault


async def _faults(place: Installation) -> list[tuple[str, str]]:
    async with place.sessions() as session:
        return [(fault.case_no, fault.code) for fault in await session.scalars(select(Fault))]
