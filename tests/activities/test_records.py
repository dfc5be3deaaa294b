"""What `record_events` makes of the events that cases hand it."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from infra.tables import Case, ClockRow, EffectRow, Fault, Task
from tests.activities.story import BEGIN, Story
from tests.driving import HANDLER, HOUSING, VERIFIER
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from worker.composition import records
from workflows.contracts import commands as c
from workflows.contracts.effects import EffectStatus
from workflows.contracts.events import Recorded
from workflows.contracts.ids import TextId
from workflows.contracts.start import EventBatch
from workflows.contracts.vocabulary import CallbackOutcome, RiskLevel, Solved
from workflows.rules.digest import batch_digest

_NOTE = TextId("t")


async def test_the_same_batch_twice_is_once(apart: Installation) -> None:
    story = await _story(apart)
    first = await _record(apart, story)
    assert first == batch_digest(story.events)
    assert await _record(apart, story) == first
    assert await apart.timeline(story.case_no) == story.events


async def test_a_batch_that_overlaps_adds_only_what_is_new(apart: Installation) -> None:
    story = await _story(apart)
    await _record(apart, story)
    story.does(c.Accept, after=timedelta(hours=1))
    await _record(apart, story, story.events[1:])
    assert await apart.timeline(story.case_no) == story.events


async def test_a_recorded_event_that_differs_is_a_fault_and_never_ignored(apart: Installation) -> None:
    story = await _story(apart)
    await _record(apart, story)
    other = story.events[-1].model_copy(update={"at": story.events[-1].at + timedelta(seconds=1)})
    for _ in range(2):
        with pytest.raises(ApplicationError) as conflict:
            await _record(apart, story, [*story.events[:-1], other])
        assert (conflict.value.type, conflict.value.non_retryable) == ("seq_conflict", False)
    assert await apart.timeline(story.case_no) == story.events
    async with apart.sessions() as session:
        faults = (await session.scalars(select(Fault).where(Fault.case_no == story.case_no))).all()
    assert [(fault.code, fault.seq) for fault in faults] == [("seq_conflict", other.seq)]


async def test_an_event_without_the_one_before_it_waits(apart: Installation) -> None:
    story = await _story(apart)
    with pytest.raises(ApplicationError) as gap:
        await _record(apart, story, story.events[1:])
    assert (gap.value.type, gap.value.non_retryable) == ("seq_gap", False)
    assert await apart.timeline(story.case_no) == []
    async with apart.sessions() as session:
        (fault,) = (await session.scalars(select(Fault).where(Fault.case_no == story.case_no))).all()
    assert (fault.code, fault.seq) == ("seq_gap", 1)


async def test_nothing_of_a_batch_stays_when_a_part_of_it_cannot_be_written(apart: Installation) -> None:
    story = (await _story(apart)).does(c.Accept, after=timedelta(hours=1))
    unwritable = story.events[-1].model_copy(update={"seq": 2**40})
    with pytest.raises(ValueError, match="does not follow"):
        await _record(apart, story, [*story.events, unwritable])
    assert await apart.timeline(story.case_no) == []
    assert (await _case(apart, story)).seq == 0


async def test_the_list_shows_owner_and_clocks_as_they_change(apart: Installation) -> None:
    story = await _story(apart)
    case = await _recorded(apart, story)
    assert (case.owner_role, case.owner_unit, case.due_at) == ("dispatcher", "centre-t", at("2026-03-02T14:30"))
    assert (case.due_soon, case.overdue, case.next_at) == (False, False, at("2026-03-02T13:42"))

    case = await _recorded(apart, story.waits(timedelta(hours=5)))
    assert (case.due_soon, case.overdue) == (True, False)
    case = await _recorded(apart, story.waits(timedelta(hours=6)))
    assert (case.due_soon, case.overdue) == (False, True)

    story.does(c.Accept, after=timedelta(hours=7)).does(c.Whistle, after=timedelta(hours=8), lead=HOUSING, reason=_NOTE)
    case = await _recorded(apart, story)
    assert (case.status, case.owner_role, case.owner_unit) == ("dispatched", "lead_unit", "housing")
    assert (case.overdue, case.level) == (False, "township")


async def test_tasks_and_clocks_follow_the_work(apart: Installation) -> None:
    story = await _story(apart)
    story.does(c.Accept, after=timedelta(hours=1)).does(c.Whistle, after=timedelta(hours=2), lead=HOUSING, reason=_NOTE)
    await _record(apart, story)
    task = await _task(apart, story)
    assert (task.unit_id, task.role, task.status) == ("housing", "lead", "dispatched")
    assert (task.dispatched_at, task.due_at) == (BEGIN + timedelta(hours=2), at("2026-03-02T14:30"))

    story.does(c.Sign, HANDLER, after=timedelta(hours=3), task_no=story.task_no)
    await _record(apart, story)
    assert (await _task(apart, story)).due_at == at("2026-03-05T17:30")
    clocks = await _clocks(apart, story)
    assert clocks["T1/sign"].met_at == BEGIN + timedelta(hours=3)
    assert clocks["accept"].met_at == BEGIN + timedelta(hours=1)
    assert (clocks["T1/finish"].met_at, clocks["citizen"].due_at) == (None, at("2026-03-09T17:30"))

    story.waits(timedelta(days=4))
    await _record(apart, story)
    assert (await _clocks(apart, story))["T1/finish"].breached_at == at("2026-03-05T17:30")
    assert (await _task(apart, story)).overdue


async def test_an_ended_case_shows_its_end_and_its_rating(apart: Installation) -> None:
    story = await _story(apart)
    story.does(c.Settle, HANDLER, after=timedelta(hours=1), reply=_NOTE)
    story.does(c.Verify, VERIFIER, after=timedelta(hours=2), passed=True, note=_NOTE)
    heard = CallbackOutcome.REACHED
    story.does(c.Callback, after=timedelta(hours=3), outcome=heard, solved=Solved.YES, rating="satisfied")
    case = await _recorded(apart, story)
    assert (case.status, case.ended_at) == ("closed", BEGIN + timedelta(hours=3))
    assert (case.rating, case.solved, case.owner_role) == ("satisfied", "yes", "leader")
    assert (case.due_at, case.due_soon, case.overdue) == (None, False, False)


async def test_a_case_that_is_taken_up_again_has_not_ended(apart: Installation) -> None:
    story = await _story(apart)
    story.does(c.Settle, HANDLER, after=timedelta(hours=1), reply=_NOTE)
    story.does(c.Verify, VERIFIER, after=timedelta(hours=2), passed=True, note=_NOTE)
    story.does(c.Callback, after=timedelta(hours=3), outcome=CallbackOutcome.REACHED, solved=Solved.NO)
    assert (await _recorded(apart, story)).ended_at == BEGIN + timedelta(hours=3)
    case = await _recorded(apart, story.does(c.Reopen, after=timedelta(hours=4), reason=_NOTE))
    assert (case.status, case.ended_at, case.solved) == ("accepted", None, None)
    assert case.due_at == at("2026-03-02T17:30")


async def test_a_task_that_another_unit_took_over_is_its_own_row_and_the_old_one_is_due_no_more(
    apart: Installation,
) -> None:
    story = await _story(apart)
    story.does(c.Accept, after=timedelta(hours=1)).does(c.Whistle, after=timedelta(hours=2), lead=HOUSING, reason=_NOTE)
    transport = HOUSING.model_copy(update={"unit_id": "transport"})
    story.does(c.Reassign, after=timedelta(hours=5), task_no=story.task_no, unit=transport, reason=_NOTE)
    await _record(apart, story)
    async with apart.sessions() as session:
        rows = await session.scalars(select(Task).where(Task.case_no == story.case_no).order_by(Task.task_no))
        old, new = rows.all()
    assert (old.unit_id, old.status, old.due_at, old.overdue) == ("housing", "reassigned", None, False)
    assert (new.unit_id, new.role, new.status) == ("transport", "lead", "dispatched")
    assert (new.dispatched_at, new.due_at) == (BEGIN + timedelta(hours=5), at("2026-03-02T16:00"))


async def test_effects_are_listed_with_their_outcome(apart: Installation) -> None:
    story = await _story(apart)
    connected = HOUSING.model_copy(update={"connected": True})
    story.does(c.Accept, after=timedelta(hours=1))
    story.does(c.Whistle, after=timedelta(hours=2), lead=connected, reason=_NOTE)
    await _record(apart, story)
    async with apart.sessions() as session:
        (effect,) = (await session.scalars(select(EffectRow).where(EffectRow.case_no == story.case_no))).all()
    assert (effect.kind, effect.status, effect.unit_id) == ("deliver_task", "pending", "housing")
    assert (effect.task_no, effect.requested_at) == (story.task_no, BEGIN + timedelta(hours=2))


async def test_a_newer_calendar_moves_what_is_shown_and_says_where_it_is_provisional(apart: Installation) -> None:
    story = await _story(apart)
    case = await _recorded(apart, story)
    assert (case.calendar_version, case.policy_name, case.policy_version) == (1, "test", 1)
    assert case.due_provisional is False

    story.does(c.Accept, after=timedelta(hours=1)).does(c.Whistle, after=timedelta(hours=2), lead=HOUSING, reason=_NOTE)
    story.does(c.Sign, HANDLER, after=timedelta(hours=3), task_no=story.task_no)
    estimated = {"version": 2, "published_through": date(2026, 3, 3), "days_off": (date(2026, 3, 4),)}
    calendar = story.state.calendar.model_copy(update=estimated)
    case = await _recorded(apart, story.does(c.AdoptCalendar, after=timedelta(hours=4), calendar=calendar))
    assert (case.calendar_version, case.due_at, case.due_provisional) == (2, at("2026-03-06T17:30"), True)
    task = await _task(apart, story)
    assert (task.due_at, task.due_provisional) == (at("2026-03-06T17:30"), True)
    assert (await _clocks(apart, story))["citizen"].due_at == at("2026-03-10T17:30")


async def test_risk_and_policy_are_those_that_the_case_has_now(apart: Installation) -> None:
    story = await _story(apart)
    story.does(c.SetRisk, after=timedelta(hours=1), risk=RiskLevel.RED, reason=_NOTE, policy=story.state.policy)
    newer = story.state.policy.model_copy(update={"version": 2})
    case = await _recorded(apart, story.does(c.AdoptPolicy, after=timedelta(hours=2), policy=newer))
    assert (case.risk, case.policy_version) == ("red", 2)


async def test_a_notice_whose_reason_is_gone_before_the_offices_open_has_lapsed(apart: Installation) -> None:
    story = await _story(apart)
    connected = HOUSING.model_copy(update={"connected": True})
    story.does(c.Accept, after=timedelta(hours=1))
    story.does(c.Whistle, after=timedelta(hours=2), lead=connected, reason=_NOTE)
    # The limit to finish ends with the office hours of the day, so its notice waits for the morning.
    story.waits(timedelta(days=3, hours=9))
    story.does(c.Finish, HANDLER, after=timedelta(days=3, hours=10), task_no=story.task_no, reply=_NOTE)
    await _record(apart, story)
    async with apart.sessions() as session:
        effects = await session.scalars(select(EffectRow).where(EffectRow.case_no == story.case_no))
        lapsed = [effect for effect in effects if effect.status == EffectStatus.LAPSED]
    assert [effect.ended_at for effect in lapsed] == [BEGIN + timedelta(days=3, hours=10)]


async def _story(apart: Installation) -> Story:
    """A case of its own whose workflow is never started."""
    return Story(await apart.driver().register())


async def _record(apart: Installation, story: Story, events: Sequence[Recorded] | None = None) -> str:
    """Hands over these events, or all of the story's."""
    batch = EventBatch(case_no=story.case_no, events=tuple(story.events if events is None else events))
    digest: str = await ActivityEnvironment().run(records(apart.sessions).record_events, batch)
    return digest


async def _recorded(apart: Installation, story: Story) -> Case:
    await _record(apart, story)
    return await _case(apart, story)


async def _case(apart: Installation, story: Story) -> Case:
    async with apart.sessions() as session:
        return await session.get_one(Case, story.case_no)


async def _task(apart: Installation, story: Story) -> Task:
    async with apart.sessions() as session:
        return await session.get_one(Task, story.task_no)


async def _clocks(apart: Installation, story: Story) -> dict[str, ClockRow]:
    async with apart.sessions() as session:
        rows = await session.scalars(select(ClockRow).where(ClockRow.case_no == story.case_no))
        return {row.clock_id: row for row in rows}
