"""Continue-as-new: a long or renewed case goes on in a new run as if nothing had happened."""

import asyncio
from uuid import uuid4

from tests.driving import DISPATCHER, HANDLER, HOUSING, Driver, until
from tests.installation import Installation
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.commands import UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.start import Receipt
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus, Role, TaskStatus, UnitKind
from workflows.rules.evolve import fold
from workflows.rules.version import RULES_VERSION

_NOTE = TextId("t")
_CO_UNITS = 340
"""With their clocks more than a thousand events."""
_CO_UNITS_BEFORE = 310
"""With their clocks a few events less than a run may have."""
_REMEMBERED = 20
"""Of the latest commands, whose ids a case keeps."""
_AT_ONCE = 8
"""Temporal takes no more than ten updates of one workflow at a time."""


async def test_renew_takes_the_present_rules_and_keeps_everything_else(apart: Installation) -> None:
    driver = await apart.case()
    await driver.give(c.Accept)
    before = await apart.gateway().live(driver.case_no)
    after = await _renewed(apart, driver)
    timeline = await apart.timeline(driver.case_no)
    assert [r.event for r in timeline[-2:]] == [e.RenewalAsked(), e.RulesRenewed(rules_version=RULES_VERSION)]
    assert after.clocks == before.clocks
    assert set(before.recent) <= set(after.recent)
    assert (after.status, after.renewal_asked) == (CaseStatus.ACCEPTED, False)


async def test_commands_during_a_renewal_are_all_applied_once(apart: Installation) -> None:
    driver = await apart.case()
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=HOUSING, reason=_NOTE)
    gateway = apart.gateway()
    notes = [c.Progress(command_id=uuid4().hex, actor=HANDLER, task_no=driver.task_no, note=_NOTE) for _ in range(30)]
    given: list[c.AnyCommand] = [*notes[:10], c.Renew(command_id=uuid4().hex, actor=DISPATCHER), *notes[10:]]
    receipts = await asyncio.gather(*(gateway.submit(driver.case_no, command) for command in given))
    await driver.published(max(receipt.seq for receipt in receipts))
    progressed = [r.command_id for r in await apart.timeline(driver.case_no) if r.event.kind == "task_progressed"]
    assert sorted(filter(None, progressed)) == sorted(note.command_id for note in notes)


async def test_past_a_thousand_events_a_case_goes_on_in_a_new_run(apart: Installation) -> None:
    driver = await apart.case()
    await driver.give(c.Accept)
    first_run = await _run_id(apart, driver)
    units = tuple(UnitRef(unit_id=f"unit-{n}", kind=UnitKind.DEPARTMENT) for n in range(_CO_UNITS))
    whistled = await driver.give(c.Whistle, lead=HOUSING, co_units=units, reason=_NOTE)
    assert whistled > 1_000

    await _new_run(apart, driver, first_run)
    await driver.give(c.Sign, HANDLER, task_no=driver.task_no)
    timeline = await apart.timeline(driver.case_no)
    assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
    assert len((await apart.at_rest(driver.case_no)).events) < 50


async def test_a_case_whose_commands_outgrow_its_run_loses_none_of_them(apart: Installation) -> None:
    driver = await apart.case()
    await driver.give(c.Accept)
    first_run = await _run_id(apart, driver)
    units = tuple(UnitRef(unit_id=f"unit-{n}", kind=UnitKind.DEPARTMENT) for n in range(2, _CO_UNITS_BEFORE + 2))
    whistled = await driver.give(c.Whistle, lead=HOUSING, co_units=units, reason=_NOTE)
    assert 900 < whistled < 1_000
    gateway = apart.gateway()
    task_nos = [f"{driver.case_no}-T{n}" for n in range(2, 92)]
    given = [
        c.Contact(command_id=uuid4().hex, actor=_handler(n), task_no=task_no, note=_NOTE)
        for n, task_no in enumerate(task_nos, 2)
    ]
    hands = asyncio.Semaphore(_AT_ONCE)

    async def submitted(command: c.AnyCommand) -> Receipt:
        async with hands:
            return await gateway.submit(driver.case_no, command)

    receipts = await asyncio.gather(*map(submitted, given))
    state = await driver.published(max(receipt.seq for receipt in receipts))
    await _new_run(apart, driver, first_run)

    # What was given before the new run began is still known there.
    again = [await gateway.submit(driver.case_no, command) for command in given[-_REMEMBERED:]]
    assert again == receipts[-_REMEMBERED:]
    timeline = await apart.timeline(driver.case_no)
    assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
    contacted = [record.command_id for record in timeline if record.event.kind == "task_contacted"]
    assert sorted(filter(None, contacted)) == sorted(command.command_id for command in given)
    assert {task.status for task in state.tasks.values() if task.task_no in task_nos} == {TaskStatus.CONTACTED}
    assert fold(timeline) == await gateway.live(driver.case_no)


async def test_a_timer_survives_the_new_run(apart: Installation) -> None:
    driver = await apart.case(policy="rehearsal")
    await _renewed(apart, driver)

    async def warned() -> bool:
        return any(isinstance(r.event, e.RungReached) for r in await apart.timeline(driver.case_no))

    await until(warned, "the acceptance clock warns")


def _handler(n: int) -> Actor:
    return Actor(id=f"handler-{n}", role=Role.HANDLER, unit_id=f"unit-{n}")


async def _renewed(apart: Installation, driver: Driver) -> CaseState:
    seq = await driver.give(c.Renew)
    return await driver.published(seq + 1)


async def _new_run(apart: Installation, driver: Driver, before: str | None) -> None:
    """Waits until the case goes on in a run that comes after that one."""

    async def went_on() -> bool:
        return await _run_id(apart, driver) != before

    await until(went_on, "a new run")


async def _run_id(apart: Installation, driver: Driver) -> str | None:
    return (await apart.handle(driver.case_no).describe()).run_id
