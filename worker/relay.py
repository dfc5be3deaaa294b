"""The intake relay: every registered report gets its workflow, however long Temporal was away."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from infra.case_starts import CaseStarts, NotReadyError
from infra.database import Sessions
from infra.directory import UnknownRegionError
from infra.tables import Intake

_log = structlog.get_logger()

_BATCH = 64
_AT_ONCE = 8
_IDLE_SECONDS = 0.25
_BACK_OFF_SECONDS = 2.0


class Relay:
    """Starts what is pending, oldest first, until it is stopped. Several may run side by side."""

    def __init__(self, sessions: Sessions, starts: CaseStarts) -> None:
        self._sessions = sessions
        self._starts = starts

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            pause = await self._round()
            await asyncio.sleep(pause)

    async def _round(self) -> float:
        """One batch; seconds to wait before the next."""
        try:
            pending = await self._pending()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("relay cannot read the intake", code=type(error).__name__)
            return _BACK_OFF_SECONDS
        gate = asyncio.Semaphore(_AT_ONCE)
        started = await asyncio.gather(*(self._start(case_no, gate) for case_no in pending))
        if not all(started):
            return _BACK_OFF_SECONDS
        return 0.0 if pending else _IDLE_SECONDS

    async def _pending(self) -> Sequence[str]:
        waiting = select(Intake.case_no).where(Intake.started_at.is_(None), Intake.fault.is_(None))
        async with self._sessions() as session:
            return (await session.scalars(waiting.order_by(Intake.received_at).limit(_BATCH))).all()

    async def _start(self, case_no: str, gate: asyncio.Semaphore) -> bool:
        async with gate:
            try:
                await self._starts.start(case_no)
            except (RPCError, SQLAlchemyError, OSError, NotReadyError, UnknownRegionError) as error:
                _log.warning("case not started yet", case=case_no, code=type(error).__name__)
                return False
            return True
