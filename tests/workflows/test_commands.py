"""How a running case takes commands: once each, at once, and only those that the rules allow."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from temporalio.api.enums.v1 import EventType
from temporalio.common import WorkflowIDReusePolicy

from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.tables import Case, Intake, TimelineEvent
from tests.driving import DISPATCHER, HANDLER, HOUSING, Driver, until
from tests.installation import Installation
from workflows.contracts import commands as c
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import CASE_WORKFLOW, TextId, workflow_id
from workflows.contracts.queues import CASES
from workflows.contracts.start import StartCase
from workflows.contracts.vocabulary import CaseStatus

_NOTE = TextId("t")


@pytest.fixture
def gateway(apart: Installation) -> CaseGateway:
    return apart.gateway()


async def test_the_same_command_id_gets_the_same_receipt_and_happens_once(
    apart: Installation, gateway: CaseGateway
) -> None:
    driver = await apart.case()
    accept = c.Accept(command_id=uuid4().hex, actor=DISPATCHER)
    first = await gateway.submit(driver.case_no, accept)
    assert await gateway.submit(driver.case_no, accept) == first
    await driver.published(first.seq)
    assert [r.event.kind for r in await apart.timeline(driver.case_no)].count("case_accepted") == 1


async def test_a_command_id_is_remembered_in_the_next_run(apart: Installation, gateway: CaseGateway) -> None:
    driver = await apart.case()
    accept = c.Accept(command_id=uuid4().hex, actor=DISPATCHER)
    first = await gateway.submit(driver.case_no, accept)
    old_run = await _run_id(apart, driver)
    await driver.give(c.Renew)

    async def renewed() -> bool:
        return await _run_id(apart, driver) != old_run

    await until(renewed, "the case runs anew")
    assert await gateway.submit(driver.case_no, accept) == first


async def test_a_forbidden_command_reaches_the_caller_by_its_code_and_leaves_no_history(
    apart: Installation, gateway: CaseGateway
) -> None:
    driver = await apart.case()
    await driver.give(c.Accept)
    before = len((await apart.at_rest(driver.case_no)).events)
    with pytest.raises(RuleViolation) as refused:
        await gateway.submit(driver.case_no, c.Accept(command_id=uuid4().hex, actor=DISPATCHER))
    assert refused.value.code == "case_not_registered"
    assert "accepted" in refused.value.message
    assert len((await apart.at_rest(driver.case_no)).events) == before


async def test_commands_given_at_once_are_all_applied_one_after_the_other(
    apart: Installation, gateway: CaseGateway
) -> None:
    driver = await _whistled(apart)
    notes = [
        c.Progress(command_id=uuid4().hex, actor=HANDLER, task_no=driver.task_no, note=TextId(f"t{n}"))
        for n in range(20)
    ]
    receipts = await asyncio.gather(*(gateway.submit(driver.case_no, note) for note in notes))
    assert len({receipt.seq for receipt in receipts}) == len(notes)
    await driver.published(max(receipt.seq for receipt in receipts))
    timeline = await apart.timeline(driver.case_no)
    assert [record.seq for record in timeline] == list(range(1, len(timeline) + 1))
    assert {r.command_id for r in timeline if r.event.kind == "task_progressed"} == {n.command_id for n in notes}


async def test_two_accept_at_once_and_one_is_refused(apart: Installation, gateway: CaseGateway) -> None:
    driver = await apart.case()
    both = [c.Accept(command_id=uuid4().hex, actor=DISPATCHER) for _ in range(2)]
    answers = await asyncio.gather(*(gateway.submit(driver.case_no, one) for one in both), return_exceptions=True)
    assert [type(answer) for answer in answers].count(RuleViolation) == 1


async def test_the_timer_is_left_alone_while_the_earliest_clock_stands(apart: Installation) -> None:
    driver = await _whistled(apart)
    before = await _timers(apart, driver)
    for _ in range(3):
        await driver.give(c.Progress, HANDLER, task_no=driver.task_no, note=_NOTE)
    assert await _timers(apart, driver) == before


async def test_commands_are_applied_before_the_registration_is_published(
    apart: Installation, gateway: CaseGateway
) -> None:
    driver = apart.driver()
    await driver.register()
    async with apart.sessions.begin() as blocking:
        await blocking.execute(select(Case).where(Case.case_no == driver.case_no).with_for_update())
        await apart.starts().start(driver.case_no)
        receipt = await gateway.submit(driver.case_no, c.Accept(command_id=uuid4().hex, actor=DISPATCHER))
        live = await gateway.live(driver.case_no)
        assert (live.status, live.seq) == (CaseStatus.ACCEPTED, receipt.seq)
        unpublished = select(func.count()).where(TimelineEvent.case_no == driver.case_no)
        assert await blocking.scalar(unpublished) == 0
    assert (await driver.published(receipt.seq)).status is CaseStatus.ACCEPTED


async def test_a_command_to_a_case_that_is_not_started_starts_it(apart: Installation) -> None:
    driver = apart.driver()
    await driver.register()
    await driver.give(c.Accept)
    async with apart.sessions() as session:
        intake = (await session.scalars(select(Intake).where(Intake.case_no == driver.case_no))).one()
    assert intake.started_at is not None


async def test_a_fault_in_the_rules_is_not_told_as_a_refusal(apart: Installation, gateway: CaseGateway) -> None:
    driver = await _whistled(apart)
    seq = await driver.give(c.Finish, HANDLER, task_no=driver.task_no, reply=_NOTE)
    state = await driver.published(seq)
    await apart.at_rest(driver.case_no)
    await apart.handle(driver.case_no).terminate()
    lacking = state.policy.model_copy(update={"task_presets": {}})
    await apart.client.start_workflow(
        CASE_WORKFLOW,
        StartCase(begins_with=state.model_copy(update={"policy": lacking}), rules_version=state.rules_version),
        id=workflow_id(driver.case_no),
        task_queue=CASES,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
    )
    with pytest.raises(CaseUnavailable):
        await gateway.submit(
            driver.case_no, c.Verify(command_id=uuid4().hex, actor=DISPATCHER, passed=False, note=_NOTE)
        )
    assert (await gateway.live(driver.case_no)).seq == seq


async def _whistled(apart: Installation) -> Driver:
    driver = await apart.case()
    await driver.give(c.Accept)
    await driver.give(c.Whistle, lead=HOUSING, reason=_NOTE)
    return driver


async def _run_id(apart: Installation, driver: Driver) -> str | None:
    return (await apart.handle(driver.case_no).describe()).run_id


async def _timers(apart: Installation, driver: Driver) -> int:
    history = await apart.at_rest(driver.case_no)
    return sum(event.event_type == EventType.EVENT_TYPE_TIMER_STARTED for event in history.events)
