"""Where a request becomes a command: words to the table of texts, the command to the case, the new snapshot back."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from api.bodies import CommandBody, Envelope
from api.errors import Problem
from api.idempotency import IdempotencyKey, Once
from api.reception import Received, received
from api.scope import find_case, find_own_task
from api.services import App, Services
from api.snapshots import CaseSnapshot, recorded_state, snapshot
from api.timeline import state_as_of
from api.tokens import Caller
from api.wording import forget, keep
from infra.case_gateway import CaseUnavailable
from infra.tables import Attachment, Case, Unit, User
from workflows.contracts.actors import Actor
from workflows.contracts.commands import AnyCommand, UnitRef
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import case_of
from workflows.contracts.start import Receipt
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import Role, UnitKind
from workflows.rules.calendar import local_date

_READ_MODEL_PATIENCE = 2.0
_FIRST_LOOK, _SLOWEST_LOOKS = 0.03, 0.1
"""Seconds: how long to wait for the read model, and between looks at it."""


@dataclass(frozen=True)
class Order:
    """A command to a case that was found to be the caller's; `key_owner` is whose `Idempotency-Key` it is."""

    case: Case
    body: CommandBody
    actor: Actor
    key_owner: str
    task_no: str | None = None


@dataclass(frozen=True)
class After:
    """A case after a command, to be shown: its whole row, its state, and whether that may be old."""

    case: Case
    state: CaseState | None
    stale: bool


class CaseDesk:
    """Handles the commands of one request."""

    def __init__(self, services: Services, arrival: Received, key: str | None) -> None:
        self._services = services
        self._arrival = arrival
        self._key = key
        self._unrepeated = uuid4().hex

    def once(self, owner: str, digest: str | None = None) -> Once:
        """This request under its `Idempotency-Key`, which `owner` chose; `digest` where the bytes sent may differ."""
        return Once(owner, self._key, digest or self._arrival.digest, self._unrepeated)

    async def submit(self, case_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """A command to a case that the caller sees.

        Raises:
            Problem: 404, or 422 if the body names what does not exist.
            RuleViolation: if a rule forbids it now.
            CaseUnavailable: if the case did not answer; the same key tells later what became of it.
        """
        async with self._services.sessions() as session:
            case = await find_case(session, by, case_no)
        return await self._submit(Order(case, body, by.actor, key_owner=by.key_owner), by)

    async def submit_for_task(self, task_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """A command about a task of the caller's unit; raises as `submit` does, and 403 for another unit's task."""
        async with self._services.sessions() as session:
            await find_own_task(session, by, task_no)
            case = await find_case(session, by, case_of(task_no))
        return await self._submit(Order(case, body, by.actor, key_owner=by.key_owner, task_no=task_no), by)

    async def _submit(self, order: Order, by: Caller) -> CaseSnapshot:
        after = await self.perform(order)
        return await show(self._services, after, by)

    async def perform(self, order: Order) -> After:
        """Carries out the order once, and gives the case after it; under the same key as it was then.

        Raises as `submit` does.
        """
        once = self.once(order.key_owner)
        envelope = Envelope(once.command_id, order.actor, self._arrival.at, order.task_no)
        case_no = order.case.case_no
        async with self._services.sessions.begin() as session:
            earlier = await once.claim(session, self._services.now())
            if earlier is None:
                envelope.units = await self._units(session, order.body.unit_ids)
                await _require_known(
                    session,
                    order.body.attachment_ids,
                    Attachment.id,
                    field="evidence",
                    code="unknown_attachment",
                    hint="upload it first, then name its id",
                )
                # Ids travel into histories, so what is written in their place must be nobody's name or number.
                await _require_known(
                    session,
                    order.body.user_ids,
                    User.user_id,
                    field="people",
                    code="unknown_user",
                    hint="the directory has no such member of staff",
                )
                command = order.body.command(envelope)
                await self._keep_words(session, case_no, envelope)
        if earlier is not None:
            return await self._as_it_was(case_no, earlier["seq"])
        receipt = await self._send(case_no, command, envelope, once)
        case = await self._caught_up(case_no, receipt.seq)
        state, stale = await told(self._services, case, live=case.seq < receipt.seq)
        if once.key is not None:
            async with self._services.sessions.begin() as session:
                # A refused twin of this request may have removed the words that this one needs.
                await self._keep_words(session, case_no, envelope)
                await once.answered(session, {"seq": max(receipt.seq, state.seq if state else 0)})
        return After(case, state, stale)

    async def _as_it_was(self, case_no: str, seq: int) -> After:
        case = await self._caught_up(case_no, seq)
        async with self._services.sessions() as session:
            state = await state_as_of(session, case_no, seq)
        return After(case, state, stale=case.seq < seq)

    async def _caught_up(self, case_no: str, seq: int) -> Case:
        """The case's row once that event is in it, or as it is when that takes too long."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _READ_MODEL_PATIENCE
        pause = _FIRST_LOOK
        while await self._seq(case_no) < seq and loop.time() < deadline:
            await asyncio.sleep(pause)
            pause = min(pause * 2, _SLOWEST_LOOKS)
        async with self._services.sessions() as session:
            return await session.get_one(Case, case_no)

    async def _seq(self, case_no: str) -> int:
        # A session of its own each time, so that nobody keeps a connection while waiting.
        async with self._services.sessions() as session:
            return (await session.execute(select(Case.seq).where(Case.case_no == case_no))).scalar_one()

    async def _send(self, case_no: str, command: AnyCommand, envelope: Envelope, once: Once) -> Receipt:
        try:
            return await self._services.gateway.submit(case_no, command)
        except RuleViolation:
            async with self._services.sessions.begin() as session:
                await forget(session, envelope.words, case_no=case_no, command_id=command.command_id)
                await once.refused(session)
            raise

    async def _keep_words(self, session: AsyncSession, case_no: str, envelope: Envelope) -> None:
        await keep(
            session,
            envelope.words,
            case_no=case_no,
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


async def told(services: Services, case: Case, *, live: bool) -> tuple[CaseState | None, bool]:
    """The case's state, from the running case if `live`; and whether that did not answer, so that it may be old."""
    if not live:
        return recorded_state(case), False
    try:
        return await services.gateway.live(case.case_no), False
    except CaseUnavailable:
        return recorded_state(case), True


async def show(services: Services, after: After, by: Caller) -> CaseSnapshot:
    """The case as this caller may see it."""
    async with services.sessions() as session:
        return await snapshot(
            session, after.case, after.state, stale=after.stale, tracking_code=by.role is not Role.SYSTEM
        )


async def _require_known(
    session: AsyncSession,
    ids: Sequence[object],
    among: InstrumentedAttribute[Any],
    *,
    field: str,
    code: str,
    hint: str,
) -> None:
    """Raises `Problem` 422 for the first of the ids, given in the list `field`, that the table does not have."""
    if not ids:
        return
    known = set(await session.scalars(select(among).where(among.in_(ids))))
    for place, named in enumerate(ids):
        if named not in known:
            raise Problem.of_field(f"{field}.{place}", code, hint)


def _desk(request: Request, services: App, key: IdempotencyKey = None) -> CaseDesk:
    return CaseDesk(services, received(request), key)


Desk = Annotated[CaseDesk, Depends(_desk)]
