"""Bringing a batch's change to the open cases it concerns, a step at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import assert_never

import structlog
from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only
from temporalio import activity

from infra.batches import CHANGE, AdoptCalendarChange, AdoptPolicyChange, AnyChange
from infra.calendar_versions import newest_calendar
from infra.calendars import from_year
from infra.case_gateway import CaseGateway, CaseUnavailable
from infra.database import Sessions
from infra.policies.written import PolicyFile
from infra.tables import Base, BatchRefusal, BatchRow, Case, PolicyRow
from workflows.contracts.actors import CLOCKWORK
from workflows.contracts.batches import Batch, BatchStep, batch_workflow_id
from workflows.contracts.commands import AdoptCalendar, AdoptPolicy
from workflows.contracts.errors import RuleViolation
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import CaseKind, RiskLevel, Urgency

_log = structlog.get_logger()

_CASES_A_STEP = 100
_AT_ONCE = 4
"""Few enough that people's own commands find the workers free."""
_BEAT_SECONDS = 1.0
_HAS_IT = {"case_archived", "calendar_not_newer", "policy_unchanged"}
"""Refusals of a case that needs nothing any more; its row is about to say so."""

_Command = AdoptCalendar | AdoptPolicy


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
        async with _heartbeats():
            async with self._sessions() as session:
                row = await session.get_one(BatchRow, batch.batch_id)
                change = CHANGE.validate_python(row.change)
                commands = await self._commands(session, batch, change)
            gate = asyncio.Semaphore(_AT_ONCE)
            answers = await asyncio.gather(*(self._send(*one, gate) for one in commands.items()))
            refusals = {case_no: code for case_no, code in zip(commands, answers, strict=True) if code is not None}
            left = await self._note(batch.batch_id, change, refusals)
        _log.info("batch advanced", batch=batch.batch_id, sent=len(commands), left=left)
        return BatchStep(left=left, after=max(commands) if len(commands) == _CASES_A_STEP else None)

    async def _commands(self, session: AsyncSession, batch: Batch, change: AnyChange) -> Mapping[str, _Command]:
        """The next cases in the order of their numbers, each with what it is told."""
        wanted = (Case.case_no, Case.registered_at, Case.source, Case.kind, Case.urgency, Case.category, Case.risk)
        following = (
            select(Case)
            .where(_is_left(batch.batch_id, change), Case.case_no > batch.after)
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
        assert_never(change)

    async def _send(self, case_no: str, command: _Command, gate: asyncio.Semaphore) -> str | None:
        """The code of its refusal; None if it has the change, or does not answer now."""
        async with gate:
            try:
                await self._gateway.submit(case_no, command)
            except RuleViolation as refusal:
                return None if refusal.code in _HAS_IT else refusal.code
            except CaseUnavailable:
                _log.warning("case left for a later round", case=case_no)
            return None

    async def _note(self, batch_id: str, change: AnyChange, refusals: Mapping[str, str]) -> int:
        """Writes down how far it got; how many cases are left."""
        async with self._sessions.begin() as session:
            if refusals:
                rows = [{"batch_id": batch_id, "case_no": case_no, "code": code} for case_no, code in refusals.items()]
                await session.execute(insert(BatchRefusal).on_conflict_do_nothing(), rows)
            refused = await _count(session, BatchRefusal, BatchRefusal.batch_id == batch_id)
            left = await _count(session, Case, _is_left(batch_id, change))
            # Cases that were started meanwhile without the change come on top of those counted at first.
            total, now = func.greatest(BatchRow.total, left + refused), datetime.now(UTC)
            await session.execute(
                update(BatchRow)
                .where(BatchRow.batch_id == batch_id)
                .values(
                    total=total,
                    left=left,
                    reached=total - left - refused,
                    started_at=func.coalesce(BatchRow.started_at, now),
                    ended_at=None if left else now,
                )
            )
        return left


def _is_left(batch_id: str, change: AnyChange) -> ColumnElement[bool]:
    refused = select(BatchRefusal.case_no).where(BatchRefusal.batch_id == batch_id)
    return and_(change.concerned(), Case.case_no.not_in(refused))


async def _count(session: AsyncSession, table: type[Base], condition: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(table).where(condition)) or 0


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
