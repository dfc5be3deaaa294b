"""Reconciliation of mediations: each that has not ended has its process, and somebody who owes its next step."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio.client import Client

from infra.database import Sessions
from infra.mediation_tables import Mediation
from infra.tables import EffectRow, TimelineEvent
from infra.temporal import is_open
from workflows.contracts.effects import EffectStatus
from workflows.contracts.ids import MEDIATION_WORKFLOW, mediation_workflow_id
from workflows.contracts.mediation.vocabulary import MEDIATION_ENDS

_SECOND_LOOK_SECONDS = 1.0
_NOT_ENDED = Mediation.status.not_in([status.value for status in MEDIATION_ENDS])


async def missing_mediations(sessions: Sessions, client: Client) -> list[str]:
    """The numbers of those that cases began and that have neither ended nor a process.

    Raises:
        RPCError, SQLAlchemyError: if records or processes cannot be read.
    """
    running = f"WorkflowType='{MEDIATION_WORKFLOW}' AND ExecutionStatus='Running'"
    open_ids = {execution.id async for execution in client.list_workflows(running)}
    doubtful = [number for number in await _unfinished(sessions) if mediation_workflow_id(number) not in open_ids]
    if not doubtful:
        return []
    # It may have begun or ended just then.
    await asyncio.sleep(_SECOND_LOOK_SECONDS)
    still = [number for number in await _unfinished(sessions) if number in doubtful]
    return [number for number in still if not await is_open(client, mediation_workflow_id(number))]


async def unowned_mediations(session: AsyncSession) -> Sequence[str]:
    """The numbers of those that have not ended and have no clock or no owner."""
    nobody = or_(Mediation.next_at.is_(None), Mediation.owner_role.is_(None), Mediation.owner_unit.is_(None))
    unowned = select(Mediation.mediation_no).where(_NOT_ENDED, Mediation.seq > 0, nobody)
    return (await session.scalars(unowned.order_by(Mediation.mediation_no))).all()


async def _unfinished(sessions: Sessions) -> list[str]:
    begun = TimelineEvent.record["event"]["mediation_no"].astext
    recorded = select(Mediation.mediation_no)
    # One whose case waits to start it, because no worker is up, is on its way.
    starting = exists().where(
        EffectRow.case_no == TimelineEvent.case_no,
        EffectRow.kind == "start_mediation",
        EffectRow.status == EffectStatus.PENDING.value,
    )
    unrecorded = select(begun).where(TimelineEvent.kind == "mediation_begun", begun.not_in(recorded), ~starting)
    async with sessions() as session:
        return sorted({*await session.scalars(recorded.where(_NOT_ENDED)), *await session.scalars(unrecorded)})
