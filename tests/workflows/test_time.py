"""Dated stories on the working calendar of 2026; the server skips the waiting."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import TimeSkipper

from tests.driving import DISPATCHER, HOUSING, Driver
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.events import Recorded
from workflows.contracts.ids import TextId
from workflows.contracts.start import CaseOutcome
from workflows.contracts.vocabulary import CaseStatus, ClockName, Level, Rung

FRIDAY_BEFORE_THE_FESTIVAL = at("2026-02-13T16:40")
"""Saturday the 14th is worked instead of the Spring Festival's last day; the 15th to the 23rd are off."""


async def test_a_case_that_nobody_touches_climbs_to_the_city_each_rung_at_its_time(apart: Installation) -> None:
    driver = await apart.case(registered_at=FRIDAY_BEFORE_THE_FESTIVAL)
    registered = await driver.published(1)
    assert registered.clocks[ClockName.CITIZEN].due_at == at("2026-02-27T17:30")
    assert await _skip_to(apart, driver, at("2026-03-14T09:00"))
    await apart.at_rest(driver.case_no)
    timeline = await apart.timeline(driver.case_no)

    accept_due = registered.clocks[ClockName.ACCEPT].due_at
    assert accept_due.astimezone(FRIDAY_BEFORE_THE_FESTIVAL.tzinfo).isoformat().startswith("2026-02-14T11:40")
    rungs = _rungs(timeline, "accept")
    # Four working hours, the last 50 minutes of Friday among them: 80 % of them are over at 10:52.
    assert timedelta(0) <= rungs[Rung.DUE_SOON] - at("2026-02-14T10:52") < timedelta(minutes=1)
    assert rungs[Rung.URGE] == accept_due
    assert rungs[Rung.SUPERVISE] == at("2026-02-24T17:30")
    assert rungs[Rung.ESCALATE] == at("2026-02-25T17:30")
    assert _rungs(timeline, "citizen")[Rung.URGE] == at("2026-02-27T17:30")

    climbed = [(r.at, r.event.to_level) for r in timeline if isinstance(r.event, e.Escalated)]
    assert climbed == [
        (at("2026-02-25T17:30"), Level.TOWNSHIP),
        (at("2026-03-03T17:30"), Level.COUNTY),
        (at("2026-03-10T17:30"), Level.CITY),
    ]
    late = [r.recorded_at - r.at for r in timeline if isinstance(r.event, e.RungReached)]
    assert all(timedelta(seconds=-1) < delay < timedelta(minutes=1) for delay in late)


async def test_a_step_received_in_time_but_applied_late_withdraws_the_breach(apart: Installation) -> None:
    driver = await apart.case(registered_at=FRIDAY_BEFORE_THE_FESTIVAL)
    due_at = (await driver.published(1)).clocks[ClockName.ACCEPT].due_at
    assert await _skip_to(apart, driver, due_at + timedelta(minutes=5))
    await apart.at_rest(driver.case_no)
    breached = await driver.published(1)
    assert breached.clocks[ClockName.ACCEPT].breached_at == due_at

    received_at = due_at - timedelta(minutes=1)
    state = await driver.published(await driver.give(c.Accept, received_at=received_at))
    assert state.clocks[ClockName.ACCEPT].breached_at is None
    assert state.clocks[ClockName.ACCEPT].met_at == received_at
    timeline = await apart.timeline(driver.case_no)
    assert [r.event.clock_id for r in timeline if isinstance(r.event, e.BreachWithdrawn)] == ["accept"]


async def test_an_ended_case_is_archived_after_its_time_and_then_final(apart: Installation) -> None:
    driver = await apart.case(registered_at=FRIDAY_BEFORE_THE_FESTIVAL)
    await driver.give(c.Withdraw, reason=TextId("t"))
    handle = apart.handle(driver.case_no)
    await TimeSkipper(apart.client).fast_forward(handle)
    outcome = CaseOutcome.model_validate(await handle.result())
    assert (outcome.status, outcome.case_no) == (CaseStatus.WITHDRAWN, driver.case_no)
    state = await driver.published(outcome.seq)
    assert state.is_archived
    # 180 calendar days after 13 February end with 12 August.
    assert (await apart.timeline(driver.case_no))[-1].at == at("2026-08-13T00:00")
    with pytest.raises(RuleViolation) as refused:
        await apart.gateway().submit(driver.case_no, c.Accept(command_id=uuid4().hex, actor=DISPATCHER))
    assert refused.value.code == "case_archived"


async def test_a_command_after_the_due_time_counts_after_the_run_out(apart: Installation) -> None:
    driver = await apart.case(registered_at=FRIDAY_BEFORE_THE_FESTIVAL)
    due_at = (await driver.published(1)).clocks[ClockName.ACCEPT].due_at
    assert await _skip_to(apart, driver, due_at + timedelta(hours=2))
    await driver.give(c.Accept)
    state = await driver.published(await driver.give(c.Whistle, lead=HOUSING, reason=TextId("t")))
    accept = state.clocks[ClockName.ACCEPT]
    assert accept.breached_at == due_at
    assert accept.met_at is not None
    assert accept.met_at > due_at
    kinds = [r.event.kind for r in await apart.timeline(driver.case_no)]
    assert kinds.index("rung_reached") < kinds.index("case_accepted")


async def _skip_to(apart: Installation, driver: Driver, moment: datetime) -> bool:
    """Whether the workflow's own clock got there."""
    return await TimeSkipper(apart.client).fast_forward(
        apart.handle(driver.case_no), moment - FRIDAY_BEFORE_THE_FESTIVAL
    )


def _rungs(timeline: list[Recorded], clock_id: str) -> dict[Rung, datetime]:
    return {r.event.rung: r.at for r in timeline if isinstance(r.event, e.RungReached) and r.event.clock_id == clock_id}
