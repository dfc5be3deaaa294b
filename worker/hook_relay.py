"""The hook relay: what another authority's system told reaches the mediation, however long that was away."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import aliased

from infra.database import Sessions
from infra.hook_tables import Hook
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.commands import AnyMediationCommand, RecordOutside
from workflows.contracts.start import Receipt

_log = structlog.get_logger()

_BATCH = 32
_AT_ONCE = 4
_IDLE_SECONDS = 0.5
_BACK_OFF_SECONDS = 2.0
_LONGEST_WAIT = timedelta(minutes=10)


class Mediations(Protocol):
    """The way to the running mediations; see `infra.mediation_gateway.MediationGateway`."""

    async def submit(self, mediation_no: str, command: AnyMediationCommand) -> Receipt: ...


class HookRelay:
    """Carries on what is pending until it is stopped, of each mediation in order. Several may run side by side."""

    def __init__(self, sessions: Sessions, mediations: Mediations) -> None:
        self._sessions = sessions
        self._mediations = mediations

    async def run(self) -> None:
        """Works until cancelled."""
        while True:
            try:
                pause = 0.0 if await self.round() else _IDLE_SECONDS
            except (SQLAlchemyError, OSError) as error:
                _log.warning("hooks wait", code=type(error).__name__)
                pause = _BACK_OFF_SECONDS
            await asyncio.sleep(pause)

    async def round(self) -> int:
        """Carries on the first pending one of each mediation; how many there were."""
        pending = await self._pending()
        gate = asyncio.Semaphore(_AT_ONCE)
        await asyncio.gather(*(self._carry_on(hook, gate) for hook in pending))
        return len(pending)

    async def _pending(self) -> Sequence[Hook]:
        earlier = aliased(Hook)
        before = select(earlier.hook_no).where(
            earlier.mediation_no == Hook.mediation_no, earlier.hook_no < Hook.hook_no, earlier.done_at.is_(None)
        )
        waiting = select(Hook).where(
            Hook.done_at.is_(None), or_(Hook.try_after.is_(None), Hook.try_after <= func.now()), ~before.exists()
        )
        async with self._sessions() as session:
            return (await session.scalars(waiting.order_by(Hook.hook_no).limit(_BATCH))).all()

    async def _carry_on(self, hook: Hook, gate: asyncio.Semaphore) -> None:
        """The command's id makes a repetition harmless, so it is noted as done afterwards."""
        async with gate:
            try:
                await self._mediations.submit(hook.mediation_no, RecordOutside.model_validate(hook.command))
            except RuleViolation as violation:
                await self._note(hook, done_at=datetime.now(UTC), code=violation.code)
            except Exception as error:  # noqa: BLE001 - one that cannot be brought must not hold up the rest
                _log.warning("an answer waits", mediation=hook.mediation_no, code=type(error).__name__)
                wait = min(timedelta(seconds=2 ** min(hook.failed_tries, 10)), _LONGEST_WAIT)
                await self._note(hook, failed_tries=hook.failed_tries + 1, try_after=datetime.now(UTC) + wait)
            else:
                await self._note(hook, done_at=datetime.now(UTC))

    async def _note(self, hook: Hook, **columns: object) -> None:
        async with self._sessions.begin() as session:
            await session.execute(update(Hook).where(Hook.hook_no == hook.hook_no).values(**columns))
