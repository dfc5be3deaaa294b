"""The task signal that a department's system receives, and what becomes of the case when it does not take it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from fastapi import Response
from sqlalchemy import select
from standardwebhooks import Webhook

from infra.tables import Case, EffectRow, Wording
from tests.activities.fake_department import SECRET, Department, Silence, department
from tests.driving import DISPATCHER, Driver, until
from tests.installation import SHORT_RETRIES, Installation
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.effects import EffectStatus
from workflows.contracts.ids import TextId
from workflows.contracts.search_attributes import NEEDS_OPERATOR
from workflows.contracts.vocabulary import CaseKind, Role, UnitKind

OPERATOR = Actor(id="operator-1", role=Role.OPERATOR)
_TOO_LATE = {"Retry-After": "120"}
"""After the short retries are over, so that they are used up at once."""


async def test_a_signal_is_signed_and_says_what_the_unit_needs(apart: Installation) -> None:
    async with whistled(apart) as (driver, unit):
        (signal,) = await unit.signals(1)
        Webhook(SECRET).verify(signal.raw.decode(), signal.headers)
        case = await driver.published(1)
        assert signal.body == {
            "type": "task.dispatched",
            "case_no": driver.case_no,
            "task_no": driver.task_no,
            "role": "lead",
            "unit_id": unit.unit.unit_id,
            "title": "路灯不亮",
            "description": "巷口的路灯坏了三天",
            "location": None,
            "category": None,
            "reason": "请处理",
            "clocks": [
                {"name": clock.name, "due_at": clock.due_at.isoformat(), "provisional": False}
                for clock in case.clocks.values()
                if clock.task_no
            ],
            "reply_to": f"http://yingshao.test/api/v1/tasks/{driver.task_no}",
        }
        assert await _ended(apart, driver) == [(signal.id, EffectStatus.DONE, None)]


async def test_a_unit_is_told_what_a_consultation_decided(apart: Installation) -> None:
    async with department(apart.sessions) as unit:
        driver = await apart.case()
        agreed = c.Agreed(unit=unit.unit, what=await _why(apart, driver))
        await driver.give(c.Accept)
        await driver.give(c.Consult, minutes=TextId("minutes"), decisions=(agreed,))
        (signal,) = await unit.signals(1)
        assert (signal.body["task_no"], signal.body["reason"]) == (driver.task_no, "请处理")


@pytest.mark.parametrize("trouble", [Response("busy", 503), Response(None, 429), Response(None, 408), Silence()])
async def test_a_department_in_trouble_is_tried_again_with_the_same_id(apart: Installation, trouble: Response) -> None:
    async with whistled(apart, trouble, Response(None, 200)) as (driver, unit):
        first, second = await unit.signals(2)
        assert first.id == second.id
        assert first.body == second.body
        assert await _ended(apart, driver) == [(first.id, EffectStatus.DONE, None)]


@pytest.mark.parametrize("as_date", [False, True])
async def test_retry_after_is_honoured(apart: Installation, as_date: bool) -> None:
    asked = format_datetime(datetime.now(UTC) + timedelta(seconds=301), usegmt=True) if as_date else "300"
    async with whistled(apart, Response(None, 503, {"Retry-After": asked}), policy="yunjiang") as (driver, unit):
        await unit.signals(1)

        async def next_attempt() -> datetime | None:
            described = (await apart.handle(driver.case_no).describe()).raw_description
            for pending in described.pending_activities:
                if pending.attempt == 2 and pending.HasField("next_attempt_schedule_time"):
                    return pending.next_attempt_schedule_time.ToDatetime(UTC)
            return None

        due = await until(next_attempt, "a second attempt is planned")
        assert timedelta(seconds=240) < due - datetime.now(UTC) <= timedelta(seconds=301)


async def test_a_department_that_has_it_already_counts_as_delivered(apart: Installation) -> None:
    async with whistled(apart, Response(None, 409)) as (driver, unit):
        (signal,) = await unit.signals(1)
        assert await _ended(apart, driver) == [(signal.id, EffectStatus.DONE, None)]


@pytest.mark.parametrize("status", [400, 404, 301])
async def test_a_refusal_fails_at_once_and_asks_for_an_operator(apart: Installation, status: int) -> None:
    async with whistled(apart, Response("no", status)) as (driver, unit):
        (signal,) = await unit.signals(1)
        assert await _ended(apart, driver) == [(signal.id, EffectStatus.FAILED, "refused")]
        assert len(unit.received) == 1
        assert await _needs_operator(apart, driver)


async def test_retries_that_are_used_up_leave_the_case_running(apart: Installation) -> None:
    async with whistled(apart, Response(None, 503, _TOO_LATE)) as (driver, unit):
        (signal,) = await unit.signals(1)
        assert await _ended(apart, driver) == [(signal.id, EffectStatus.FAILED, "unavailable")]
        assert await _needs_operator(apart, driver)
        handler = Actor(id="handler", role=Role.HANDLER, unit_id=unit.unit.unit_id)
        await driver.give(c.Sign, handler, task_no=driver.task_no)


async def test_an_operator_has_a_failed_signal_tried_again_under_the_same_id(apart: Installation) -> None:
    async with whistled(apart, Response(None, 400), Response(None, 200)) as (driver, unit):
        (failed,) = await unit.signals(1)
        await _ended(apart, driver)
        await driver.give(c.RetryEffect, OPERATOR, effect_id=failed.id)
        _, again = await unit.signals(2)
        assert again.id == failed.id
        assert await _ended(apart, driver) == [(failed.id, EffectStatus.DONE, None)]
        assert not await _needs_operator(apart, driver)


async def test_an_operator_skips_a_failed_signal(apart: Installation) -> None:
    async with whistled(apart, Response(None, 400)) as (driver, unit):
        (failed,) = await unit.signals(1)
        await _ended(apart, driver)
        await driver.give(c.SkipEffect, OPERATOR, effect_id=failed.id, reason=TextId("t"))
        assert [status for _, status, _ in await _ended(apart, driver)] == [EffectStatus.SKIPPED]
        assert not await _needs_operator(apart, driver)


async def test_a_signal_on_its_way_goes_on_in_the_next_run_under_the_same_id(apart: Installation) -> None:
    async with whistled(apart, Silence(), Silence(), Response(None, 200)) as (driver, unit):
        (first,) = await unit.signals(1)
        await driver.give(c.Renew)
        signals = await unit.signals(3)
        assert {signal.id for signal in signals} == {first.id}
        assert await _ended(apart, driver) == [(first.id, EffectStatus.DONE, None)]
        assert [r.event.kind for r in await apart.timeline(driver.case_no)].count("effect_done") == 1


async def test_a_unit_without_a_system_of_its_own_reads_its_inbox(apart: Installation) -> None:
    driver = await apart.case()
    await _whistle(driver, c.UnitRef(unit_id="housing", kind=UnitKind.DEPARTMENT, connected=True))
    assert [status for _, status, _ in await _ended(apart, driver)] == [EffectStatus.DONE]


async def test_a_tip_off_goes_to_no_system_of_those_it_is_about(apart: Installation) -> None:
    async with department(apart.sessions) as unit:
        driver = await apart.case(kind=CaseKind.TIP_OFF)
        # As in a case whose unit was called in before anybody kept it from those it is about.
        async with apart.sessions.begin() as session:
            (await session.get_one(Case, driver.case_no)).concerned = [unit.unit.unit_id]
        await _whistle(driver, unit.unit)
        ((_, status, code),) = await _ended(apart, driver)
        assert (status, code, unit.received) == (EffectStatus.FAILED, "sealed", [])
        assert await _needs_operator(apart, driver)


@asynccontextmanager
async def whistled(
    apart: Installation, *answers: Response, policy: str = SHORT_RETRIES
) -> AsyncIterator[tuple[Driver, Department]]:
    """A case whose lead unit's system answers so."""
    async with department(apart.sessions, *answers) as unit:
        driver = await apart.case(policy=policy)
        await _why(apart, driver)
        await _whistle(driver, unit.unit)
        yield driver, unit


async def _why(apart: Installation, driver: Driver) -> TextId:
    """The reason for which units are called, written down."""
    text_id = TextId(f"{driver.case_no}-why")
    written = {"text_id": text_id, "case_no": driver.case_no, "author": DISPATCHER.id, "written_at": datetime.now(UTC)}
    async with apart.sessions.begin() as session:
        session.add(Wording(**written, body="请处理"))
    return text_id


async def _whistle(driver: Driver, unit: c.UnitRef) -> None:
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=unit, reason=TextId(f"{driver.case_no}-why"))


async def _ended(apart: Installation, driver: Driver) -> list[tuple[str, str, str | None]]:
    """The case's effects with status and code on record, once none is on its way."""
    rows = select(EffectRow.effect_id, EffectRow.status, EffectRow.code).where(EffectRow.case_no == driver.case_no)

    async def all_ended() -> list[tuple[str, str, str | None]] | None:
        async with apart.sessions() as session:
            found = [(row.effect_id, row.status, row.code) for row in await session.execute(rows)]
        return found if found and all(status != EffectStatus.PENDING for _, status, _ in found) else None

    known: list[tuple[str, str, str | None]] = await until(all_ended, "no effect is pending")
    return known


async def _needs_operator(apart: Installation, driver: Driver) -> bool:
    """As the read model has it and as operators find it in Temporal."""
    await apart.at_rest(driver.case_no)
    async with apart.sessions() as session:
        flagged = await session.scalar(select(Case.needs_operator).where(Case.case_no == driver.case_no))
    described = await apart.handle(driver.case_no).describe()
    assert described.typed_search_attributes[NEEDS_OPERATOR] is flagged
    return bool(flagged)
