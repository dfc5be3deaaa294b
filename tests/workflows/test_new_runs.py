"""Continue-as-new: a long or renewed case goes on in a new run as if nothing had happened."""

import asyncio
from uuid import uuid4

from tests.driving import DISPATCHER, HANDLER, HOUSING, Driver, until
from tests.installation import Installation
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.commands import UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseStatus, UnitKind
from workflows.rules.version import RULES_VERSION

_NOTE = TextId("t")
_CO_UNITS = 340
"""With their clocks more than a thousand events."""


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

    async def went_on() -> bool:
        return await _run_id(apart, driver) != first_run

    await until(went_on, "a new run")
    await driver.give(c.Sign, HANDLER, task_no=driver.task_no)
    timeline = await apart.timeline(driver.case_no)
    assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
    assert len((await apart.at_rest(driver.case_no)).events) < 50


async def test_a_timer_survives_the_new_run(apart: Installation) -> None:
    driver = await apart.case(policy="rehearsal")
    await _renewed(apart, driver)

    async def warned() -> bool:
        return any(isinstance(r.event, e.RungReached) for r in await apart.timeline(driver.case_no))

    await until(warned, "the acceptance clock warns")


async def _renewed(apart: Installation, driver: Driver) -> CaseState:
    seq = await driver.give(c.Renew)
    return await driver.published(seq + 1)


async def _run_id(apart: Installation, driver: Driver) -> str | None:
    return (await apart.handle(driver.case_no).describe()).run_id
