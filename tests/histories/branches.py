"""The ways of a case that are recorded: each ends where its history is taken."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta

from fastapi import Response
from temporalio.testing import TimeSkipper

from tests.activities.fake_department import department
from tests.driving import DISPATCHER, HANDLER, HOUSING, VERIFIER, Driver, until
from tests.histories.dispatch_branches import DISPATCH_BRANCHES, settled
from tests.histories.mediation_branches import MEDIATION_BRANCHES
from tests.installation import SHORT_RETRIES, Installation
from tests.rules.calendar_2026 import at
from tests.workflows.standard_case import to_its_end
from workflows.contracts import commands as c
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.ids import TextId
from workflows.contracts.policy import Ladder
from workflows.contracts.vocabulary import CaseKind, CaseStatus, ClockName, DeclineGround, PauseGround

_REGISTERED_AT = at("2026-03-02T09:00")
_NOTE = TextId("t")
_MEDICAL = "卫生计生/医患纠纷/医疗事故争议"
_WAGES = "劳动和社会保障/工资福利/工资发放"


async def standard(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await to_its_end(driver)
    return driver


async def declined(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Decline, ground=DeclineGround.OTHER_AUTHORITY, route=_NOTE)
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no))
    return driver


async def answered(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT, kind=CaseKind.INQUIRY)
    await driver.give(c.Answer, reply=_NOTE)
    return driver


async def settled_and_done_again(place: Installation) -> Driver:
    driver = await settled(place, CaseStatus.FINISHED)
    await driver.give(c.Verify, VERIFIER, passed=False, note=_NOTE)
    await driver.give(c.Whistle, lead=HOUSING, reason=_NOTE)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    await driver.give(c.Verify, VERIFIER, passed=False, note=_NOTE)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    await driver.give(c.Verify, VERIFIER, passed=True, note=_NOTE)
    return driver


async def escalated(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no), timedelta(days=25))
    return driver


async def breach_withdrawn(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no), timedelta(hours=6))
    await driver.give(c.Accept, received_at=_REGISTERED_AT + timedelta(hours=1))
    return driver


async def effect_failed_and_skipped(place: Installation) -> Driver:
    async with department(place.sessions, Response(None, 400)) as unit:
        driver = await place.case(policy=SHORT_RETRIES, registered_at=_REGISTERED_AT)
        await driver.give(c.Accept)
        await driver.give(c.Whistle, lead=unit.unit, reason=_NOTE)
        effect_id = await _failed_effect(driver)
        await driver.give(c.RetryEffect, effect_id=effect_id)
        await unit.signals(2)
        effect_id = await _failed_effect(driver)
        await driver.give(c.SkipEffect, effect_id=effect_id, reason=_NOTE)
    return driver


async def withdrawn(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Withdraw, VERIFIER, reason=_NOTE)
    await driver.give(c.ConfirmWithdrawal, DISPATCHER, confirmed=True)
    return driver


async def renewed(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Accept)
    seq = await driver.give(c.Renew)
    await driver.published(seq + 1)
    await driver.give(c.Withdraw, reason=_NOTE)
    return driver


async def extended(place: Installation) -> Driver:
    driver = await _whistled(place)
    until_then = date(2026, 3, 16)
    await driver.give(c.RequestExtension, HANDLER, task_no=driver.task_no, until=until_then, reason=_NOTE)
    await driver.give(c.DecideExtension, DISPATCHER, granted=True, reason=_NOTE)
    await _wait(place, driver, timedelta(days=10))
    return driver


async def suspended_and_resumed(place: Installation) -> Driver:
    """Once by hand, and once when its time is over."""
    driver = await _whistled(place, category=_MEDICAL)
    for until_then in (date(2026, 3, 20), date(2026, 3, 4)):
        await driver.give(c.Suspend, ground=PauseGround.MEDICAL_APPRAISAL, until=until_then, reason=_NOTE)
        if until_then > date(2026, 3, 4):
            await driver.give(c.Resume, reason=_NOTE)
    await _wait(place, driver, timedelta(days=4))
    return driver


async def promised(place: Installation) -> Driver:
    driver = await _whistled(place, category=_WAGES)
    await driver.give(c.Commit, HANDLER, measures=_NOTE, date=date(2026, 3, 4))
    legal_due = (await driver.published(1)).clocks["T1/finish"].raw_due_date
    await driver.give(c.InterimReply, HANDLER, procedure=_NOTE, legal_due=legal_due)
    await _wait(place, driver, timedelta(days=4))
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    return driver


async def calendar_adopted(place: Installation) -> Driver:
    """While one clock has run out and others run."""
    driver = await _whistled(place)
    await _wait(place, driver, timedelta(hours=6))
    state = await driver.published(1)
    calendar = state.calendar.model_copy(
        update={"version": state.calendar.version + 1, "days_off": (*state.calendar.days_off, date(2026, 3, 5))}
    )
    await driver.give(c.AdoptCalendar, CLOCKWORK, calendar=calendar)
    await _wait(place, driver, timedelta(days=7))
    return driver


async def policy_adopted(place: Installation) -> Driver:
    driver = await _whistled(place)
    policy = (await driver.published(1)).policy
    verify = policy.case_limits[ClockName.VERIFY].model_copy(update={"limit": "3 working_days"})
    later = policy.model_copy(
        update={
            "version": policy.version + 1,
            "case_limits": {**policy.case_limits, ClockName.VERIFY: verify},
            "ladder": Ladder(warn_fraction=0.5),
        }
    )
    await driver.give(c.AdoptPolicy, CLOCKWORK, policy=later)
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    await _wait(place, driver, timedelta(days=4))
    return driver


async def notice_waited(place: Installation) -> Driver:
    """One reminder of an evening is sent when the offices open, the next one is not worth sending any more."""
    async with department(place.sessions) as unit:
        driver = await _whistled(place, lead=unit.unit)
        await driver.give(c.Sign, HANDLER, task_no=driver.task_no)
        await unit.signals(1)
        await _wait(place, driver, timedelta(hours=11))
        await driver.give(c.Urge, note=_NOTE)
        await _wait(place, driver, timedelta(hours=13))
        await unit.signals(2)
        await _wait(place, driver, timedelta(hours=11))
        await driver.give(c.Urge, note=_NOTE)
        await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    return driver


async def _whistled(place: Installation, *, lead: c.UnitRef = HOUSING, **report: str) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT, **report)
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=lead, reason=_NOTE)
    return driver


async def _wait(place: Installation, driver: Driver, duration: timedelta) -> None:
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no), duration)


async def _failed_effect(driver: Driver) -> str:
    async def failed() -> str | None:
        state = await driver.published(1)
        return next((effect.effect.id for effect in state.effects.values() if state.needs_operator), None)

    effect_id: str = await until(failed, "the effect has failed")
    return effect_id


BRANCHES: tuple[Callable[[Installation], Awaitable[Driver]], ...] = (
    standard,
    declined,
    answered,
    settled_and_done_again,
    escalated,
    breach_withdrawn,
    effect_failed_and_skipped,
    withdrawn,
    renewed,
    extended,
    suspended_and_resumed,
    promised,
    calendar_adopted,
    policy_adopted,
    notice_waited,
    *DISPATCH_BRANCHES,
    *MEDIATION_BRANCHES,
)
