"""The intake relay: every registered report gets its workflow, however long Temporal was away."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from temporalio.service import RPCError

from infra.case_starts import CANNOT_BE_STARTED, CaseStarts
from infra.database import Sessions
from infra.tables import Fault, Intake

_log = structlog.get_logger()

_BATCH = 64
_AT_ONCE = 8
_IDLE_SECONDS = 0.25
_BACK_OFF_SECONDS = 2.0
_LONGEST_WAIT = timedelta(minutes=10)
_TRIES_BEFORE_A_FAULT = 5


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

    async def catch_up(self) -> None:
        """Starts everything that is pending now, and leaves what cannot be started or reached."""
        while pending := await self._pending():
            if not all(await self._start_all(pending)):
                return

    async def _round(self) -> float:
        """One batch; seconds to wait before the next."""
        try:
            pending = await self._pending()
        except (SQLAlchemyError, OSError) as error:
            _log.warning("relay cannot read the intake", code=type(error).__name__)
            return _BACK_OFF_SECONDS
        if not all(await self._start_all(pending)):
            return _BACK_OFF_SECONDS
        return 0.0 if pending else _IDLE_SECONDS

    async def _pending(self) -> Sequence[str]:
        waiting = select(Intake.case_no).where(
            Intake.started_at.is_(None),
            Intake.fault.is_(None),
            or_(Intake.try_after.is_(None), Intake.try_after <= func.now()),
        )
        async with self._sessions() as session:
            return (await session.scalars(waiting.order_by(Intake.received_at).limit(_BATCH))).all()

    async def _start_all(self, pending: Sequence[str]) -> list[bool]:
        gate = asyncio.Semaphore(_AT_ONCE)
        return await asyncio.gather(*(self._start(case_no, gate) for case_no in pending))

    async def _start(self, case_no: str, gate: asyncio.Semaphore) -> bool:
        """Starts one; False if a server cannot be reached, which is no fault of this report."""
        async with gate:
            try:
                await self._starts.start(case_no)
            except (RPCError, SQLAlchemyError, OSError) as error:
                _log.warning("case not started yet", case=case_no, code=type(error).__name__)
                return False
            except Exception as error:  # noqa: BLE001 - one report that cannot be started must not hold up the rest
                _log.error("case cannot be started", case=case_no, code=type(error).__name__)
                await self._put_off(case_no)
            return True

    async def _put_off(self, case_no: str) -> None:
        """Tries this report again later, and ever later; after some tries it is on the operators' list."""
        async with self._sessions.begin() as session:
            intake = (await session.scalars(select(Intake).where(Intake.case_no == case_no))).one()
            intake.failed_starts += 1
            wait = min(timedelta(seconds=2**intake.failed_starts), _LONGEST_WAIT)
            intake.try_after = datetime.now(UTC) + wait
            if intake.failed_starts >= _TRIES_BEFORE_A_FAULT:
                fault = insert(Fault).values(case_no=case_no, code=CANNOT_BE_STARTED, found_at=datetime.now(UTC))
                await session.execute(fault.on_conflict_do_nothing())
