"""The ways of a case between centres, units and other cases that are recorded: each ends where its history is taken."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from temporalio.testing import TimeSkipper

from tests.driving import DISPATCHER, HANDLER, HOUSING, REQUESTER, VERIFIER, Driver
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from workflows.contracts import commands as c
from workflows.contracts.actors import CLOCKWORK, Actor
from workflows.contracts.command import UnitRef
from workflows.contracts.ids import TextId, notice_no, referral_no
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    LegalRoute,
    Level,
    Role,
    ServiceMethod,
    Solved,
    UnitKind,
    Urgency,
)

_REGISTERED_AT = at("2026-03-02T09:00")
_NOTE = TextId("t")
_WATER = UnitRef(unit_id="water_supply", kind=UnitKind.DEPARTMENT)
_HEATING = UnitRef(unit_id="heating", kind=UnitKind.DEPARTMENT)
_TAX = UnitRef(unit_id="tax", kind=UnitKind.VERTICAL)
_FIRE = "城乡建设/安全生产/安全隐患"
_SUPERVISOR = Actor(id="supervisor-1", role=Role.SUPERVISOR)
_OTHER_VERIFIER = Actor(id="grid-2", role=Role.GRID_WORKER)


async def disputed_and_objected(place: Installation) -> Driver:
    driver = await _whistled(place)
    await _send_back(driver, 1, _WATER)
    await driver.give(c.DecideSendBack, task_no=driver.task_no, approved=True, reason=_NOTE)
    await driver.give(c.Whistle, lead=_WATER, reason=_NOTE)
    await _send_back(driver, 2, HOUSING)
    await driver.give(c.Designate, unit=_HEATING, reason=_NOTE)
    await driver.give(c.Object, _of(_HEATING), task_no=f"{driver.case_no}-T3", reason=_NOTE)
    upheld: dict[str, Any] = {"task_no": f"{driver.case_no}-T3", "upheld": True, "unit": HOUSING}
    await driver.give(c.DecideObjection, _SUPERVISOR, **upheld, reason=_NOTE)
    return driver


async def send_back_lapsed(place: Installation) -> Driver:
    driver = await _whistled(place)
    await _send_back(driver, 1, _WATER)
    await _wait(place, driver, timedelta(hours=8))
    await driver.give(c.Reassign, task_no=driver.task_no, unit=_WATER, reason=_NOTE)
    return driver


async def whistle_asked_and_referred(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.RequestWhistle, VERIFIER, reason=_NOTE)
    await driver.give(c.DecideWhistleRequest, _SUPERVISOR, granted=True, reason=_NOTE)
    await driver.give(c.Whistle, lead=HOUSING, co_units=(_WATER,), power_holder=_TAX, reason=_NOTE)
    asked = referral_no(driver.case_no, 1)
    await driver.give(c.Urge, referral_no=asked, note=_NOTE)
    await driver.give(c.RecordReferral, referral_no=asked, receipt=_NOTE, outcome=_NOTE)
    await driver.give(c.Finish, _of(_WATER), task_no=f"{driver.case_no}-T2", reply=_NOTE)
    await driver.give(c.RateReportIn, task_no=f"{driver.case_no}-T2", score=4)
    await driver.give(c.RateWhistle, _of(_WATER), task_no=f"{driver.case_no}-T2", score=5, clear=True)
    return driver


async def went_up_and_down(place: Installation) -> Driver:
    driver = await _whistled(place)
    await driver.give(c.Escalate, reason=_NOTE)
    await driver.give(c.AssignDown, level=Level.VILLAGE, instructions=_NOTE)
    await _wait(place, driver, timedelta(days=9))
    return driver


async def merged_into_another(place: Installation) -> Driver:
    """And split off again, merged once more and concluded there."""
    main = await place.case(registered_at=_REGISTERED_AT)
    driver = await _whistled(place)
    await driver.give(c.Merge, into=main.case_no, reason=_NOTE)
    await main.published(4)
    await main.give(c.Split, case_nos=(driver.case_no,), reason=_NOTE)
    await _until_status(driver, CaseStatus.ACCEPTED)
    await driver.give(c.Merge, into=main.case_no, reason=_NOTE)
    await driver.give(c.FollowMain, CLOCKWORK, main=main.case_no, status=CaseStatus.VERIFIED)
    await driver.give(c.Callback, outcome=CallbackOutcome.REACHED, solved=Solved.NO)
    await driver.give(c.Reopen, REQUESTER, reason=_NOTE)
    return driver


async def took_others_in(place: Installation) -> Driver:
    """One that was due earlier; both are told what the matter came to."""
    others = [await place.case(registered_at=moment) for moment in (at("2026-02-27T09:00"), _REGISTERED_AT)]
    driver = await _whistled(place)
    seq = (await driver.published(1)).seq
    for other in others:
        await other.give(c.Merge, into=driver.case_no, reason=_NOTE)
        seq = (await driver.published(seq + 1)).seq
    await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    await driver.give(c.Verify, VERIFIER, passed=True, note=_NOTE)
    return driver


async def divided_and_consulted(place: Installation) -> Driver:
    driver = await _whistled(place)
    part = c.Part(case_no=f"{driver.case_no[:-5]}90001", title=_NOTE, description=_NOTE, case_kind=CaseKind.HELP)
    await driver.give(c.Divide, parts=(part,), reason=_NOTE)
    await driver.give(c.Consult, minutes=_NOTE, decisions=(c.Agreed(unit=_WATER, what=_NOTE),))
    await driver.give(c.SucceedUnit, CLOCKWORK, old=_WATER.unit_id, new=_HEATING)
    hazard = part.model_copy(update={"case_no": f"{driver.case_no[:-5]}90002", "case_kind": CaseKind.HAZARD})
    await driver.give(c.Withdraw, hazard=hazard, reason=_NOTE)
    return driver


async def transferred(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Transfer, city=_NOTE, reason=_NOTE)
    await driver.give(c.TransferReceipt, taken=False)
    await driver.give(c.Transfer, city=_NOTE, reason=_NOTE)
    await driver.give(c.TransferReceipt, number=_NOTE)
    return driver


async def on_a_legal_route(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.TakeLegalRoute, route=LegalRoute.COURT, reason=_NOTE)
    await _wait(place, driver, timedelta(days=95))
    await driver.give(c.RecordLegalOutcome, outcome=_NOTE)
    return driver


async def explained_by_two(place: Installation) -> Driver:
    driver = await _whistled(place)
    for verifier in (VERIFIER, _OTHER_VERIFIER):
        if (await driver.published(1)).status is CaseStatus.CLOSED:
            await driver.give(c.Reopen, REQUESTER, reason=_NOTE)
            await driver.give(c.Whistle, lead=HOUSING, reason=_NOTE)
        number = len((await driver.published(1)).tasks)
        await driver.give(c.Finish, HANDLER, task_no=f"{driver.case_no}-T{number}", reply=_NOTE)
        await driver.give(c.Verify, verifier, passed=True, note=_NOTE)
        await driver.give(c.Callback, outcome=CallbackOutcome.REACHED, solved=Solved.NO)
    await driver.give(c.Close, DISPATCHER, note=_NOTE)
    await driver.give(c.Close, _SUPERVISOR, note=_NOTE)
    state = await driver.published(1)
    closing = notice_no(driver.case_no, len(state.notices))
    served_at = state.notices[closing].issued_at
    await driver.give(c.ServeNotice, notice_no=closing, how=ServiceMethod.MAIL, served_at=served_at)
    return driver


async def emergency_of_many(place: Installation) -> Driver:
    """Straight to the units; of so many people that it is red; of two regions, of which one hosts it."""
    driver = await place.case(
        registered_at=_REGISTERED_AT,
        category=_FIRE,
        urgency=Urgency.EMERGENCY,
        group={"headcount": 200},
        regions=("990103000000",),
    )
    centres = (await driver.published(1)).centres
    upward = {level: centre for level, centre in centres.items() if level is Level.CITY}
    await driver.give(c.NameHost, region_code="990103000000", centres=upward, reason=_NOTE)
    await _wait(place, driver, timedelta(hours=3))
    return driver


async def settled_without_being_drawn(place: Installation) -> Driver:
    return await settled(place, CaseStatus.VERIFIED)


async def settled(place: Installation, status: CaseStatus) -> Driver:
    """A case that was settled where it was raised and came to that status: which one does lies in its number."""
    while True:
        driver = await place.case(registered_at=_REGISTERED_AT)
        seq = await driver.give(c.Settle, reply=_NOTE)
        if (await driver.published(seq)).status is status:
            return driver


async def _whistled(place: Installation) -> Driver:
    driver = await place.case(registered_at=_REGISTERED_AT)
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=HOUSING, reason=_NOTE)
    return driver


async def _send_back(driver: Driver, n: int, to: UnitRef) -> None:
    unit = (await driver.published(1)).tasks[f"{driver.case_no}-T{n}"].unit
    words: dict[str, Any] = {"reason": _NOTE, "clause": _NOTE, "suggested_unit": to}
    await driver.give(c.SendBack, _of(unit), task_no=f"{driver.case_no}-T{n}", **words)


def _of(unit: UnitRef) -> Actor:
    return Actor(id=f"handler-{unit.unit_id}", role=Role.HANDLER, unit_id=unit.unit_id)


async def _until_status(driver: Driver, status: CaseStatus) -> None:
    seq = 1
    while (state := await driver.published(seq)).status is not status:
        seq = state.seq + 1


async def _wait(place: Installation, driver: Driver, duration: timedelta) -> None:
    await TimeSkipper(place.client).fast_forward(place.handle(driver.case_no), duration)


DISPATCH_BRANCHES: tuple[Callable[[Installation], Awaitable[Driver]], ...] = (
    disputed_and_objected,
    send_back_lapsed,
    whistle_asked_and_referred,
    went_up_and_down,
    merged_into_another,
    took_others_in,
    divided_and_consulted,
    transferred,
    on_a_legal_route,
    explained_by_two,
    emergency_of_many,
    settled_without_being_drawn,
)
