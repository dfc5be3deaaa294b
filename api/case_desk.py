"""Where a request becomes a command: words to the table of texts, the command to the case, the new snapshot back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import CommandBody, Envelope
from api.errors import Problem
from api.idempotency import IdempotencyKey, Once
from api.reception import Received, received
from api.scope import find_case, find_own_task
from api.services import App, Services
from api.snapshots import CaseSnapshot, snapshot
from api.tokens import Caller
from api.wording import forget, keep
from infra.case_gateway import CaseUnavailable
from infra.tables import Attachment, Case, Unit
from workflows.contracts.actors import Actor
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import case_of
from workflows.contracts.start import Receipt
from workflows.contracts.vocabulary import Role, UnitKind
from workflows.rules.calendar import local_date

Answer = TypeVar("Answer", bound=BaseModel)

_READ_MODEL_PATIENCE = 2.0
_FIRST_LOOK, _SLOWEST_LOOKS = 0.01, 0.1
"""Seconds: how long to wait for the read model, and between looks at it."""


@dataclass(frozen=True)
class Order:
    """A command to a case that was found to be the caller's; `key_owner` is whose `Idempotency-Key` it is."""

    case: Case
    body: CommandBody
    actor: Actor
    key_owner: str
    task_no: str | None = None


class CaseDesk:
    """Handles the commands of one request."""

    def __init__(self, services: Services, arrival: Received, key: str | None) -> None:
        self._services = services
        self._arrival = arrival
        self._key = key

    def once(self, owner: str, digest: str | None = None) -> Once:
        """This request under its `Idempotency-Key`, which `owner` chose; `digest` where the bytes sent may differ."""
        return Once(owner=owner, key=self._key, digest=digest or self._arrival.digest)

    async def submit(self, case_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """A command to a case that the caller sees.

        Raises:
            Problem: 404, or 422 if the body names what does not exist.
            RuleViolation: if a rule forbids it now.
            CaseUnavailable: if the case did not answer; the same key tells later what became of it.
        """
        async with self._services.sessions() as session:
            case = await find_case(session, by, case_no)
        return await self._submit(Order(case, body, by.actor, key_owner=by.id), by)

    async def submit_for_task(self, task_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """A command about a task of the caller's unit; raises as `submit` does, and 403 for another unit's task."""
        async with self._services.sessions() as session:
            await find_own_task(session, by, task_no)
            case = await find_case(session, by, case_of(task_no))
        return await self._submit(Order(case, body, by.actor, key_owner=by.id, task_no=task_no), by)

    async def _submit(self, order: Order, by: Caller) -> CaseSnapshot:
        async def shown(receipt: Receipt) -> CaseSnapshot:
            fresh = await self.caught_up(order.case, receipt)
            return await show(self._services, fresh, by, live=fresh.seq < receipt.seq)

        return await self.perform(order, CaseSnapshot, shown)

    async def perform(
        self, order: Order, answer: type[Answer], shown: Callable[[Receipt], Awaitable[Answer]]
    ) -> Answer:
        """Carries out the order once, and answers what is `shown` after it; raises as `submit` does."""
        once = self.once(order.key_owner)
        envelope = Envelope(once.command_id, order.actor, self._arrival.at, order.task_no)
        async with self._services.sessions.begin() as session:
            earlier = await once.claim(session, self._services.now())
            if earlier is not None:
                return answer.model_validate(earlier)
            envelope.units = await self._units(session, order.body.unit_ids)
            await _check_attachments(session, order.body.attachment_ids)
            command = order.body.command(envelope)
            await self._keep_words(session, order.case, envelope)
        receipt = await self._send(order.case.case_no, command, envelope, once)
        told = await shown(receipt)
        if once.key is not None:
            async with self._services.sessions.begin() as session:
                # A refused twin of this request may have removed the words that this one needs.
                await self._keep_words(session, order.case, envelope)
                await once.answered(session, 200, told.model_dump(mode="json"))
        return told

    async def caught_up(self, case: Case, receipt: Receipt) -> Case:
        """The case's row once the receipt's event is in it, or as it is when that takes too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _READ_MODEL_PATIENCE
        pause = _FIRST_LOOK
        while (fresh := await self._look(case)).seq < receipt.seq and loop.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _SLOWEST_LOOKS)
        return fresh

    async def _look(self, case: Case) -> Case:
        # A session of its own each time, so that nobody keeps a connection while waiting.
        async with self._services.sessions() as session:
            return (await session.execute(select(Case).where(Case.case_no == case.case_no))).scalar_one()

    async def _send(self, case_no: str, command: AnyCommand, envelope: Envelope, once: Once) -> Receipt:
        try:
            return await self._services.gateway.submit(case_no, command)
        except RuleViolation:
            async with self._services.sessions.begin() as session:
                await forget(session, envelope.words, case_no=case_no, command_id=command.command_id)
                await once.refused(session)
            raise

    async def _keep_words(self, session: AsyncSession, case: Case, envelope: Envelope) -> None:
        await keep(
            session,
            envelope.words,
            case_no=case.case_no,
            author=envelope.actor.id,
            written_at=envelope.received_at,
        )

    async def _units(self, session: AsyncSession, named: dict[str, str]) -> dict[str, UnitRef]:
        """The named units as the directory has them today.

        Raises:
            Problem: 422 `unknown_unit` or `unit_not_valid`.
        """
        if not named:
            return {}
        found = {
            unit.unit_id: unit for unit in await session.scalars(select(Unit).where(Unit.unit_id.in_(named.values())))
        }
        today = local_date(self._services.now())
        for field, unit_id in named.items():
            unit = found.get(unit_id)
            if unit is None:
                raise Problem.of_field(field, "unknown_unit", "the directory has no such unit")
            if (unit.valid_from and today < unit.valid_from) or (unit.valid_to and unit.valid_to < today):
                hint = f"; its successor is {unit.successor}" if unit.successor else ""
                raise Problem.of_field(field, "unit_not_valid", f"this unit does not exist today{hint}")
        return {
            unit.unit_id: UnitRef(unit_id=unit.unit_id, kind=UnitKind(unit.kind), connected=unit.endpoint is not None)
            for unit in found.values()
        }


async def show(services: Services, case: Case, by: Caller, *, live: bool) -> CaseSnapshot:
    """The case as the read model has it, or `live` as the running case tells; stale if that does not answer."""
    state, stale = None, False
    if live:
        try:
            state = await services.gateway.live(case.case_no)
        except CaseUnavailable:
            stale = True
    async with services.sessions() as session:
        return await snapshot(session, case, state=state, stale=stale, tracking_code=by.role is not Role.SYSTEM)


async def _check_attachments(session: AsyncSession, ids: tuple[UUID, ...]) -> None:
    if not ids:
        return
    known = set(await session.scalars(select(Attachment.id).where(Attachment.id.in_(ids))))
    for place, attachment_id in enumerate(ids):
        if attachment_id not in known:
            raise Problem.of_field(f"evidence.{place}", "unknown_attachment", "upload it first, then name its id")


def _desk(request: Request, services: App, key: IdempotencyKey = None) -> CaseDesk:
    return CaseDesk(services, received(request), key)


Desk = Annotated[CaseDesk, Depends(_desk)]
