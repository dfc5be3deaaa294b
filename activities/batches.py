"""Bringing a batch's change to the open cases it concerns, a step at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import assert_never

import structlog
from sqlalchemy import ColumnElement, ScalarSelect, func, not_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only
from temporalio import activity

from infra.batches import (
    CHANGE,
    REACHED,
    AdoptCalendarChange,
    AdoptPolicyChange,
    AnyChange,
    SucceedUnitChange,
    is_left,
)
from infra.calendar_versions import newest_calendar
from infra.calendars import from_year
from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.database import Sessions
from infra.directory import unit_ref
from infra.directory_tables import Unit
from infra.policies.written import PolicyFile
from infra.tables import Base, BatchCase, BatchRow, Case, PolicyRow
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.batches import Batch, BatchStep, batch_workflow_id
from workflows.contracts.commands import AdoptCalendar, AdoptPolicy, SucceedUnit
from workflows.contracts.errors import RuleViolation
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import CaseKind, RiskLevel, Urgency

_log = structlog.get_logger()

_CASES_A_STEP = 100
_AT_ONCE = 4
"""Few enough that people's own commands find the workers free."""
_BEAT_SECONDS = 1.0
_HAS_IT = {"calendar_not_newer", "policy_unchanged", "no_task_of_unit"}
"""Refusals that say that the case has the change."""
_MIGRATIONS = 7_274_112
"""Number of the advisory lock that lets steps of migrations take turns."""

_Command = AdoptCalendar | AdoptPolicy | SucceedUnit


class Batches:
    """Sends the commands of batches; `now` is the process's clock."""

    def __init__(self, sessions: Sessions, gateway: CaseGateway, now: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._gateway = gateway
        self._now = now

    @activity.defn
    async def advance_batch(self, batch: Batch) -> BatchStep:
        """Sends the change to the next cases that are without it, and notes how far the batch has got.

        A case that refuses it is noted and left as it is; one that does not answer has its turn in a later round. The
        command has the batch's id, so a case that hears of it twice does it once.
        """
        async with _heartbeats(), self._sessions.begin() as session:
            row = await session.get_one(BatchRow, batch.batch_id)
            change = CHANGE.validate_python(row.change)
            if isinstance(change, AdoptPolicyChange):
                # What this one sends to a case may not arrive after what a later one, asked for meanwhile, sends it.
                await session.execute(select(func.pg_advisory_xact_lock(_MIGRATIONS)))
            commands = await self._commands(session, row, change, batch.after)
            gate = asyncio.Semaphore(_AT_ONCE)
            outcomes = await asyncio.gather(*(self._send(*one, gate) for one in commands.items()))
            answers = {case_no: said for case_no, said in zip(commands, outcomes, strict=True) if said is not None}
            left = await self._note(session, row, change, answers)
        _log.info("batch advanced", batch=batch.batch_id, sent=len(commands), left=left)
        return BatchStep(left=left, after=max(commands) if len(commands) == _CASES_A_STEP else None)

    async def _commands(
        self, session: AsyncSession, batch: BatchRow, change: AnyChange, after: str
    ) -> Mapping[str, _Command]:
        """The next cases in the order of their numbers, each with what it is told."""
        wanted = (Case.case_no, Case.registered_at, Case.source, Case.kind, Case.urgency, Case.category, Case.risk)
        following = (
            select(Case)
            .where(is_left(batch, change), Case.case_no > after)
            .order_by(Case.case_no)
            .limit(_CASES_A_STEP)
            .options(load_only(*wanted, raiseload=True))
        )
        cases = (await session.scalars(following)).all()
        command_id = batch_workflow_id(batch.batch_id)
        match change:
            case AdoptCalendarChange():
                # The newest, not the batch's own: where several were published in a row a case should move once.
                newest = await newest_calendar(session)
                if newest is None:
                    raise LookupError("a calendar was published, but there is none")
                present = self._now().year
                calendars = {year: from_year(newest, year, present) for year in {_year(case) for case in cases}}
                return {
                    case.case_no: AdoptCalendar(command_id=command_id, actor=CLOCKWORK, calendar=calendars[_year(case)])
                    for case in cases
                }
            case AdoptPolicyChange():
                row = await session.get_one(PolicyRow, (change.policy, change.version))
                written = PolicyFile.model_validate(row.data)
                return {
                    case.case_no: AdoptPolicy(command_id=command_id, actor=CLOCKWORK, policy=_resolved(written, case))
                    for case in cases
                }
            case SucceedUnitChange():
                new = unit_ref(await session.get_one(Unit, change.new))
                command = SucceedUnit(command_id=command_id, actor=CLOCKWORK, old=change.old, new=new)
                return {case.case_no: command for case in cases}
        assert_never(change)

    async def _send(self, case_no: str, command: _Command, gate: asyncio.Semaphore) -> str | None:
        """Whether it has the change now, or the code of its refusal; None if it has not answered."""
        async with gate:
            try:
                await self._gateway.submit(case_no, command)
            except RuleViolation as refusal:
                if refusal.code == "case_archived":
                    return None  # its row is about to say so
                return REACHED if refusal.code in _HAS_IT else refusal.code
            except CaseUnavailable:
                _log.warning("case left for a later round", case=case_no)
                return None
            return REACHED

    async def _note(self, session: AsyncSession, batch: BatchRow, change: AnyChange, answers: Mapping[str, str]) -> int:
        """Writes down how far it got; how many cases are left."""
        if answers:
            noted = insert(BatchCase)
            noted = noted.on_conflict_do_update(
                index_elements=["batch_id", "case_no"], set_={"outcome": noted.excluded.outcome}
            )
            rows = [{"batch_id": batch.batch_id, "case_no": no, "outcome": said} for no, said in answers.items()]
            await session.execute(noted, rows)
        still, of_it = is_left(batch, change), BatchCase.batch_id == batch.batch_id
        # A case is left until what it took on is on record.
        on_record = select(Case.case_no).where(not_(still))
        counts = select(
            _count(Case, still),
            _count(BatchCase, of_it, BatchCase.outcome != REACHED),
            _count(BatchCase, of_it, BatchCase.outcome == REACHED, BatchCase.case_no.in_(on_record)),
        )
        # In one statement: cases go on being recorded from one to the next.
        left, refused, reached = (await session.execute(counts)).one()
        now = self._now()
        # Cases that were started meanwhile without the change come on top of those chosen at first.
        batch.total = max(batch.total, left + reached + refused)
        batch.left, batch.reached = left, reached
        batch.started_at = batch.started_at or now
        batch.ended_at = None if left else now
        return batch.left


def _count(table: type[Base], *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()


def _year(case: Case) -> int:
    return case.registered_at.year


def _resolved(written: PolicyFile, case: Case) -> CasePolicy:
    risk = RiskLevel(case.risk) if case.risk else None
    return written.resolve(case.source, CaseKind(case.kind), Urgency(case.urgency), case.category, risk)


@asynccontextmanager
async def _heartbeats() -> AsyncIterator[None]:
    """Tells Temporal that this worker lives, so that another soon goes on in the place of one that does not."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_BEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        await asyncio.wait([beating])
