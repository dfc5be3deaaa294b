"""The relay of batches: each without an end has its workflow; no old calendar, and no unit that is over, is left."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError

from infra.batches import request_missing_batch
from infra.database import Sessions
from infra.succession import pass_on
from infra.tables import BatchRow
from workflows.contracts.batches import BATCH_WORKFLOW, Batch, batch_workflow_id
from workflows.contracts.queues import BATCHES

_log = structlog.get_logger()

_ROUND_SECONDS = 2.0
_RPC_TIMEOUT = timedelta(seconds=10)


class BatchRelay:
    """Looks after batches until it is stopped; `now` is the process's clock. Several may run side by side."""

    def __init__(self, client: Client, sessions: Sessions, now: Callable[[], datetime]) -> None:
        self._client = client
        self._sessions = sessions
        self._now = now

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            try:
                for batch_id in await self._under_way():
                    await self._start(batch_id)
            except (SQLAlchemyError, OSError) as error:
                _log.warning("batches wait", code=type(error).__name__)
            await asyncio.sleep(_ROUND_SECONDS)

    async def _under_way(self) -> Sequence[str]:
        async with self._sessions.begin() as session:
            now = self._now()
            await request_missing_batch(session, now)
            await pass_on(session, now)
            waiting = select(BatchRow.batch_id).where(BatchRow.ended_at.is_(None)).order_by(BatchRow.requested_at)
            return (await session.scalars(waiting)).all()

    async def _start(self, batch_id: str) -> None:
        """Does nothing to a workflow that runs; one that is lost, or ended without its end on record, begins anew.

        What cannot be started now has its turn in the next round and holds up no other.
        """
        try:
            await self._client.start_workflow(
                BATCH_WORKFLOW,
                Batch(batch_id=batch_id),
                id=batch_workflow_id(batch_id),
                task_queue=BATCHES,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                rpc_timeout=_RPC_TIMEOUT,
            )
        except RPCError as error:
            _log.warning("a batch waits", batch=batch_id, code=type(error).__name__)
