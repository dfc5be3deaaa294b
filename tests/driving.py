"""Driving a case as people would: register it, give commands, wait until what happened is published."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from infra.case_gateway import CaseGateway
from infra.database import Sessions
from infra.intake import Intakes, Report
from infra.tables import Case, Intake
from workflows.contracts.actors import Actor
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseKind, Role, UnitKind

DISPATCHER = Actor(id="dispatcher-1", role=Role.DISPATCHER, unit_id="centre-990100000000")
HANDLER = Actor(id="handler-housing", role=Role.HANDLER, unit_id="housing")
VERIFIER = Actor(id="grid-1", role=Role.GRID_WORKER)
REQUESTER = Actor(id="requester", role=Role.REQUESTER)
HOUSING = UnitRef(unit_id="housing", kind=UnitKind.DEPARTMENT)

_PATIENCE_SECONDS = 30.0


async def until(condition: Callable[[], Awaitable[Any]], what: str, *, patience: float = _PATIENCE_SECONDS) -> Any:
    """Polls until the condition gives something true; fails after `patience` seconds with what was waited for."""
    try:
        async with asyncio.timeout(patience):
            while not (found := await condition()):  # noqa: ASYNC110 - it is another process that is waited for
                await asyncio.sleep(0.01)
            return found
    except TimeoutError:
        raise AssertionError(f"waited {patience:.0f} s in vain until {what}") from None


class Driver:
    """A case and the hands that move it. Commands wait until they are published unless told otherwise."""

    def __init__(self, sessions: Sessions, gateway: CaseGateway, intakes: Intakes) -> None:
        self._sessions = sessions
        self._gateway = gateway
        self._intakes = intakes
        self.case_no = ""
        self.task_no = ""

    async def register(self, **fields: Any) -> str:
        """Takes a report in, as the API does; the relay starts it."""
        report = Report(
            **{
                "source": "test",
                "kind": CaseKind.HELP,
                "title": "路灯不亮",
                "description": "巷口的路灯坏了三天",
                "region_code": "990102001001",
                **fields,
            }
        )
        async with self._sessions.begin() as session:
            registered = await self._intakes.register(session, report, DISPATCHER)
        self.case_no = registered.case_no
        self.task_no = f"{self.case_no}-T1"
        return self.case_no

    async def give(
        self, kind: type[AnyCommand], by: Actor = DISPATCHER, *, published: bool = True, **fields: Any
    ) -> int:
        """Gives a command; the seq of its last event."""
        fields.setdefault("command_id", uuid4().hex)
        receipt = await self._gateway.submit(self.case_no, kind(actor=by, **fields))
        if published:
            await self.published(receipt.seq)
        return receipt.seq

    async def published(self, seq: int) -> CaseState:
        """The read model's state, once it has that seq."""

        async def reached() -> CaseState | None:
            async with self._sessions() as session:
                row = (await session.execute(select(Case.seq, Case.snapshot).where(Case.case_no == self.case_no))).one()
            return CaseState.model_validate(row.snapshot) if row.seq >= seq and row.snapshot else None

        state: CaseState = await until(reached, f"seq {seq} of {self.case_no} is published")
        return state

    async def started(self) -> None:
        """Waits until the relay has started it and the registration is published."""

        async def marked() -> bool:
            async with self._sessions() as session:
                started_at = await session.scalar(select(Intake.started_at).where(Intake.case_no == self.case_no))
            return started_at is not None

        await until(marked, f"{self.case_no} is started")
        await self.published(1)
