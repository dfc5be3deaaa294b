"""Reconciliation: intake, workflows and records tell the same story, and somebody owes every open case."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel
from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute
from temporalio.client import Client

from infra.batches import outdated
from infra.database import Sessions
from infra.mediation_audit import missing_mediations, unowned_mediations
from infra.mediation_tables import Mediation, MediationEvent
from infra.tables import Case, Fault, Intake, TimelineEvent
from infra.temporal import is_open
from workflows.contracts.ids import CASE_WORKFLOW, workflow_id
from workflows.contracts.vocabulary import CaseStatus

_LONGEST_PENDING = timedelta(seconds=60)
_SECOND_LOOK_SECONDS = 1.0
_RELAY_SECONDS = 5.0
"""Within this time a relay that is at work has seen a case that needs a batch."""


class AuditReport(BaseModel):
    """`intake` = `running` + `ended` + `pending` + missing cases, mediations aside.

    The lists hold the numbers of cases and of mediations; any entry is a fault.

    `missing`: no workflow although there should be one; `unowned`: open without clock or owner; `gaps`: the timeline
    is not contiguous or differs from the read model; `conflicts`: recorded twice, differently, or a number used twice;
    `outdated`: below the newest calendar while no batch is under way to it.
    """

    intake: int = 0
    running: int = 0
    ended: int = 0
    pending: int = 0
    missing: list[str] = []
    unowned: list[str] = []
    gaps: list[str] = []
    conflicts: list[str] = []
    outdated: list[str] = []

    @property
    def is_clean(self) -> bool:
        """Nothing is missing, unowned, incomplete, contradictory or behind."""
        return not (self.missing or self.unowned or self.gaps or self.conflicts or self.outdated)


@dataclass(frozen=True)
class _Row:
    case_no: str
    status: str
    received_at: datetime
    started_at: datetime | None
    fault: str | None


async def audit(sessions: Sessions, client: Client) -> AuditReport:
    """Reads all three and compares them.

    Raises:
        RPCError, SQLAlchemyError: if one of them cannot be read.
    """
    rows = await _rows(sessions)
    open_ids = {
        execution.id
        async for execution in client.list_workflows(f"WorkflowType='{CASE_WORKFLOW}' AND ExecutionStatus='Running'")
    }
    report = AuditReport(intake=len(rows))
    doubtful = []
    for row in rows:
        if row.status == CaseStatus.ARCHIVED:
            report.ended += 1
        elif workflow_id(row.case_no) in open_ids:
            report.running += 1
        elif row.started_at is None and row.fault is None and datetime.now(UTC) - row.received_at < _LONGEST_PENDING:
            report.pending += 1
        else:
            doubtful.append(row.case_no)
    if doubtful:
        await _look_again(sessions, client, report, set(doubtful))
    report.missing += await missing_mediations(sessions, client)
    async with sessions() as session:
        report.unowned = [*await _unowned(session), *await unowned_mediations(session)]
        report.gaps = [
            *await _gaps(session, Case, Case.case_no, TimelineEvent, TimelineEvent.case_no),
            *await _gaps(session, Mediation, Mediation.mediation_no, MediationEvent, MediationEvent.mediation_no),
        ]
        report.conflicts = list(await session.scalars(select(Fault.case_no).distinct().order_by(Fault.case_no)))
    report.outdated = await _still_outdated(sessions)
    return report


async def _unowned(session: AsyncSession) -> Sequence[str]:
    open_cases = select(Case.case_no).where(Case.status != CaseStatus.ARCHIVED.value, Case.seq > 0)
    nobody = or_(Case.next_at.is_(None), Case.owner_role.is_(None), Case.owner_unit.is_(None))
    return (await session.scalars(open_cases.where(nobody).order_by(Case.case_no))).all()


async def _gaps(
    session: AsyncSession,
    process: type[Case] | type[Mediation],
    its_number: InstrumentedAttribute[str],
    timeline: type[TimelineEvent] | type[MediationEvent],
    number: InstrumentedAttribute[str],
) -> Sequence[str]:
    """The numbers of those whose timeline is not contiguous, or whose read model is at another event."""
    recorded = (
        select(number.label("number"), func.count().label("events"), func.max(timeline.seq).label("last"))
        .group_by(number)
        .subquery()
    )
    events, last = func.coalesce(recorded.c.events, 0), func.coalesce(recorded.c.last, 0)
    differing = select(its_number).outerjoin(recorded, recorded.c.number == its_number)
    found = differing.where(or_(events != last, last != process.seq)).order_by(its_number)
    return (await session.scalars(found)).all()


async def _still_outdated(sessions: Sessions) -> list[str]:
    """A case that was started with the calendar before has its batch within a moment; it is behind if it has none."""
    async with sessions() as session:
        doubtful = await outdated(session)
    if not doubtful:
        return []
    await asyncio.sleep(_RELAY_SECONDS)
    async with sessions() as session:
        return [case_no for case_no in await outdated(session) if case_no in doubtful]


async def _rows(sessions: Sessions) -> list[_Row]:
    every = select(Intake.case_no, Case.status, Intake.received_at, Intake.started_at, Intake.fault).join(Case)
    async with sessions() as session:
        return [_Row(*row) for row in await session.execute(every.order_by(Intake.case_no))]


async def _look_again(sessions: Sessions, client: Client, report: AuditReport, doubtful: set[str]) -> None:
    """What had no workflow may have been started or archived just then; it is missing if it still has none."""
    await asyncio.sleep(_SECOND_LOOK_SECONDS)
    for row in await _rows(sessions):
        if row.case_no not in doubtful:
            continue
        if await is_open(client, workflow_id(row.case_no)):
            report.running += 1
        elif row.status == CaseStatus.ARCHIVED:
            report.ended += 1
        else:
            report.missing.append(row.case_no)
