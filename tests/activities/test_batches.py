"""One step of a batch: who is told what, and what becomes of those that refuse or do not answer."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from temporalio.testing import ActivityEnvironment

from activities.batches import Batches
from activities.records import Records
from infra.batches import AdoptPolicyChange, AnyChange, Where, request_batch
from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.tables import BatchRefusal, BatchRow, PolicyRow
from tests.activities.story import Story
from tests.installation import Installation
from tests.publishing import SNOW_DAY, published
from workflows.contracts.batches import Batch, BatchStep
from workflows.contracts.commands import AdoptCalendar, AdoptPolicy, AnyCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.start import EventBatch, Receipt
from workflows.contracts.vocabulary import CaseKind, ClockName

_NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
_YEAR_LATER = datetime(2027, 3, 3, 9, tzinfo=UTC)


class _Answers(CaseGateway):
    """Cases that answer as told, or with a receipt; notes what each was told."""

    def __init__(self, place: Installation, answers: Mapping[str, Exception]) -> None:
        super().__init__(place.client, place.sessions, place.starts())
        self._answers = answers
        self.told: dict[str, AnyCommand] = {}

    async def submit(self, case_no: str, command: AnyCommand) -> Receipt:
        self.told[case_no] = command
        if case_no in self._answers:
            raise self._answers[case_no]
        return Receipt(seq=1)


async def test_a_case_is_told_the_newest_calendar_as_far_as_it_needs_it(empty: Installation, tmp_path: Path) -> None:
    case_no = await _recorded(empty)
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    later = await published(empty.sessions, tmp_path, SNOW_DAY.replace("[", "[2030-03-06, "))
    assert new is not None
    assert later is not None
    gateway = _Answers(empty, {})
    await _advance(empty, gateway, Batch(batch_id=new.batch.batch_id), now=lambda: _YEAR_LATER)
    command = gateway.told[case_no]
    assert isinstance(command, AdoptCalendar)
    assert (command.calendar.version, command.command_id) == (3, f"batch/{new.batch.batch_id}")
    assert {date(2026, 3, 4), date(2030, 3, 6)} <= set(command.calendar.days_off)


async def test_who_refuses_is_noted_and_left_out_and_who_does_not_answer_stays(
    empty: Installation, tmp_path: Path
) -> None:
    refuses, silent, has_it = [await _recorded(empty) for _ in range(3)]
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    answers = {
        refuses: RuleViolation("some_rule", "not now"),
        silent: CaseUnavailable(),
        has_it: RuleViolation("calendar_not_newer", "it has it"),
    }
    first = _Answers(empty, answers)
    batch = Batch(batch_id=new.batch.batch_id)
    assert await _advance(empty, first, batch) == BatchStep(left=2, after=None)
    assert set(first.told) == {refuses, silent, has_it}
    second = _Answers(empty, {})
    await _advance(empty, second, batch)
    assert set(second.told) == {silent, has_it}
    async with empty.sessions() as session:
        row = await session.get_one(BatchRow, new.batch.batch_id)
        refusals = (await session.scalars(select(BatchRefusal))).all()
    assert (row.total, row.reached, row.left, row.ended_at) == (3, 0, 2, None)
    assert [(one.case_no, one.code) for one in refusals] == [(refuses, "some_rule")]


async def test_a_step_goes_on_after_the_case_that_the_round_has_reached(empty: Installation, tmp_path: Path) -> None:
    numbers = sorted([await _recorded(empty) for _ in range(3)])
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    gateway = _Answers(empty, {})
    await _advance(empty, gateway, Batch(batch_id=new.batch.batch_id, after=numbers[1]))
    assert list(gateway.told) == numbers[2:]


async def test_a_batch_whose_cases_have_all_gone_ends(empty: Installation, tmp_path: Path) -> None:
    refuses = await _recorded(empty)
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    gateway = _Answers(empty, {refuses: RuleViolation("some_rule", "not now")})
    assert await _advance(empty, gateway, Batch(batch_id=new.batch.batch_id)) == BatchStep(left=0, after=None)
    async with empty.sessions() as session:
        row = await session.get_one(BatchRow, new.batch.batch_id)
    assert (row.total, row.reached, row.left) == (1, 0, 0)
    assert row.ended_at is not None


async def test_a_policy_goes_to_the_chosen_cases_as_it_applies_to_each(empty: Installation) -> None:
    chosen, other = await _recorded(empty), await _recorded(empty, kind=CaseKind.COMPLAINT)
    async with empty.sessions.begin() as session:
        row = await session.get_one(PolicyRow, ("yunjiang", 1))
        session.add(PolicyRow(name="yunjiang", version=2, data=row.data | {"version": 2}, applied_at=_NOW))
    gateway = _Answers(empty, {})
    change = AdoptPolicyChange(policy="yunjiang", version=2, where=Where(kind=CaseKind.HELP))
    await _advance(empty, gateway, await _asked(empty, change))
    command = gateway.told.pop(chosen)
    assert isinstance(command, AdoptPolicy)
    assert (command.policy.name, command.policy.version) == ("yunjiang", 2)
    assert ClockName.CITIZEN in command.policy.case_limits
    assert other not in gateway.told


async def _recorded(place: Installation, **fields: object) -> str:
    """A case that is on record as registered, with version 1 of the calendar; it has no workflow."""
    case_no = await place.driver().register(**fields)
    batch = EventBatch(case_no=case_no, events=tuple(Story(case_no).events))
    await ActivityEnvironment().run(Records(place.sessions).record_events, batch)
    return case_no


async def _asked(place: Installation, change: AnyChange) -> Batch:
    async with place.sessions.begin() as session:
        row = await request_batch(session, change, by="tester", now=_NOW)
    return Batch(batch_id=row.batch_id)


async def _advance(
    place: Installation, gateway: CaseGateway, batch: Batch, *, now: Callable[[], datetime] = lambda: _NOW
) -> BatchStep:
    step: BatchStep = await ActivityEnvironment().run(Batches(place.sessions, gateway, now).advance_batch, batch)
    return step
