"""One step of a batch: who is told what, and what becomes of those that refuse or do not answer."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, text
from temporalio.testing import ActivityEnvironment

from activities.batches import Batches
from infra.batches import AdoptPolicyChange, AnyChange, SucceedUnitChange, Where, request_batch
from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.connectors import Connection, connect_units
from infra.tables import BatchCase, BatchRow, Case, PolicyRow, Task
from tests.activities.story import Story
from tests.driving import until
from tests.installation import Installation
from tests.publishing import SNOW_DAY, published
from worker.composition import records
from workflows.contracts.batches import Batch, BatchStep
from workflows.contracts.commands import AdoptCalendar, AdoptPolicy, AnyCommand, SucceedUnit
from workflows.contracts.errors import RuleViolation
from workflows.contracts.start import EventBatch, Receipt
from workflows.contracts.vocabulary import CaseKind, CaseStatus, ClockName

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
        outcomes = {one.case_no: one.outcome for one in await session.scalars(select(BatchCase))}
    assert (row.total, row.reached, row.left, row.ended_at) == (3, 0, 2, None)
    # What they took on is not on record yet.
    assert outcomes == {refuses: "some_rule", silent: "reached", has_it: "reached"}


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


async def test_what_a_case_took_on_before_a_worker_died_counts_as_reached(empty: Installation, tmp_path: Path) -> None:
    """Nobody noted its receipt, and its row says that it has the calendar."""
    case_no = await _recorded(empty)
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    async with empty.sessions.begin() as session:
        (await session.get_one(Case, case_no)).calendar_version = new.calendar.version
    batch = Batch(batch_id=new.batch.batch_id)
    assert await _advance(empty, _Answers(empty, {}), batch) == BatchStep(left=0, after=None)
    async with empty.sessions() as session:
        row = await session.get_one(BatchRow, new.batch.batch_id)
    assert (row.total, row.reached, row.left) == (1, 1, 0)


async def test_a_case_that_was_archived_meanwhile_is_neither_reached_nor_left(
    empty: Installation, tmp_path: Path
) -> None:
    archived, silent = await _recorded(empty), await _recorded(empty)
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    async with empty.sessions.begin() as session:
        (await session.get_one(Case, archived)).status = CaseStatus.ARCHIVED.value
    await _advance(empty, _Answers(empty, {silent: CaseUnavailable()}), Batch(batch_id=new.batch.batch_id))
    async with empty.sessions() as session:
        row = await session.get_one(BatchRow, new.batch.batch_id)
    assert (row.total, row.reached, row.left) == (2, 0, 1)


async def test_a_case_that_a_later_migration_moved_on_is_not_sent_back(empty: Installation) -> None:
    both, silent = await _recorded(empty), await _recorded(empty)
    await _add_versions(empty, 2, 3)
    earlier = await _asked(empty, AdoptPolicyChange(policy="yunjiang", version=2))
    assert await _advance(empty, _Answers(empty, {silent: CaseUnavailable()}), earlier) == BatchStep(left=1, after=None)
    change = AdoptPolicyChange(policy="yunjiang", version=3, where=Where(case=both))
    later = await _asked(empty, change, now=_NOW + timedelta(seconds=1))
    assert await _advance(empty, _Answers(empty, {}), later) == BatchStep(left=0, after=None)
    await _moved(empty, both, 3)
    again = _Answers(empty, {})
    assert await _advance(empty, again, earlier) == BatchStep(left=0, after=None)
    assert set(again.told) == {silent}


async def test_a_case_is_the_latest_migrations_that_was_asked_for_it(empty: Installation) -> None:
    both, one = await _recorded(empty), await _recorded(empty)
    await _add_versions(empty, 2, 3)
    earlier = await _asked(empty, AdoptPolicyChange(policy="yunjiang", version=2))
    change = AdoptPolicyChange(policy="yunjiang", version=3, where=Where(case=both))
    await _asked(empty, change, now=_NOW + timedelta(seconds=1))
    gateway = _Answers(empty, {})
    assert await _advance(empty, gateway, earlier) == BatchStep(left=0, after=None)
    assert set(gateway.told) == {one}
    async with empty.sessions() as session:
        row = await session.get_one(BatchRow, earlier.batch_id)
    assert (row.total, row.reached, row.left, row.ended_at) == (2, 1, 0, _NOW)


async def test_a_migration_waits_for_what_an_earlier_one_is_just_sending(empty: Installation) -> None:
    case_no = await _recorded(empty)
    await _add_versions(empty, 2, 3)
    earlier = await _asked(empty, AdoptPolicyChange(policy="yunjiang", version=2))
    sent: list[int] = []
    meanwhile: list[asyncio.Task[BatchStep]] = []

    class Slow(_Answers):
        async def submit(self, case_no: str, command: AnyCommand) -> Receipt:
            if not meanwhile:
                change = AdoptPolicyChange(policy="yunjiang", version=3)
                later = await _asked(empty, change, now=_NOW + timedelta(seconds=1))
                meanwhile.append(asyncio.create_task(_advance(empty, self, later)))
                await until(lambda: _somebody_waits(empty), "the later one waits for its turn")
            assert isinstance(command, AdoptPolicy)
            sent.append(command.policy.version)
            return await super().submit(case_no, command)

    gateway = Slow(empty, {})
    await _advance(empty, gateway, earlier)
    await meanwhile[0]
    assert sent == [2, 3]
    assert set(gateway.told) == {case_no}


async def test_a_policy_goes_to_the_chosen_cases_as_it_applies_to_each(empty: Installation) -> None:
    chosen, other = await _recorded(empty), await _recorded(empty, kind=CaseKind.COMPLAINT)
    await _add_versions(empty, 2)
    gateway = _Answers(empty, {})
    change = AdoptPolicyChange(policy="yunjiang", version=2, where=Where(kind=CaseKind.HELP))
    await _advance(empty, gateway, await _asked(empty, change))
    command = gateway.told.pop(chosen)
    assert isinstance(command, AdoptPolicy)
    assert (command.policy.name, command.policy.version) == ("yunjiang", 2)
    assert ClockName.CITIZEN in command.policy.case_limits
    assert other not in gateway.told


async def test_a_case_is_told_the_new_unit_as_the_directory_has_it(empty: Installation) -> None:
    at_work, passed_on, other = [await _recorded(empty) for _ in range(3)]
    async with empty.sessions.begin() as session:
        await connect_units(session, {"heating": Connection("http://127.0.0.1:1/signals", "whsec_")})
        for case_no, unit_id in ((at_work, "commerce"), (passed_on, "commerce"), (other, "finance")):
            task = {"case_no": case_no, "unit_id": unit_id, "role": "lead", "status": "signed", "dispatched_at": _NOW}
            session.add(Task(task_no=f"{case_no}-T1", **task))
    gateway = _Answers(empty, {passed_on: RuleViolation("no_task_of_unit", "it has none")})
    batch = await _asked(empty, SucceedUnitChange(old="commerce", new="heating"))
    assert await _advance(empty, gateway, batch) == BatchStep(left=2, after=None)
    assert set(gateway.told) == {at_work, passed_on}
    command = gateway.told[at_work]
    assert isinstance(command, SucceedUnit)
    assert (command.old, command.new.unit_id, command.new.connected) == ("commerce", "heating", True)
    assert command.new.office is not None
    async with empty.sessions() as session:
        outcomes = {one.case_no: one.outcome for one in await session.scalars(select(BatchCase))}
    assert outcomes == {at_work: "reached", passed_on: "reached"}


async def _recorded(place: Installation, **fields: object) -> str:
    """A case that is on record as registered, with version 1 of the calendar; it has no workflow."""
    case_no = await place.driver().register(**fields)
    batch = EventBatch(case_no=case_no, events=tuple(Story(case_no).events))
    await ActivityEnvironment().run(records(place.sessions).record_events, batch)
    return case_no


async def _add_versions(place: Installation, *versions: int) -> None:
    """Further versions of the city's policy that say what the first does; cases in `_recorded` have another's."""
    async with place.sessions.begin() as session:
        data = (await session.get_one(PolicyRow, ("yunjiang", 1))).data
        for version in versions:
            added = PolicyRow(name="yunjiang", version=version, data=data | {"version": version}, applied_at=_NOW)
            session.add(added)


async def _moved(place: Installation, case_no: str, version: int) -> None:
    """As the case's own records say it."""
    async with place.sessions.begin() as session:
        case = await session.get_one(Case, case_no)
        case.policy_name, case.policy_version = "yunjiang", version


async def _somebody_waits(place: Installation) -> bool:
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = {}"
    own = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    async with place.sessions() as session:
        return bool(await session.scalar(text(waiting.format(own))))


async def _asked(place: Installation, change: AnyChange, *, now: datetime = _NOW) -> Batch:
    async with place.sessions.begin() as session:
        row = await request_batch(session, change, by="tester", now=now)
    return Batch(batch_id=row.batch_id)


async def _advance(
    place: Installation, gateway: CaseGateway, batch: Batch, *, now: Callable[[], datetime] = lambda: _NOW
) -> BatchStep:
    step: BatchStep = await ActivityEnvironment().run(Batches(place.sessions, gateway, now).advance_batch, batch)
    return step
