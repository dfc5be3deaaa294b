"""Where a request becomes a command: words to the table of texts, the command to the case, the new snapshot back."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, CommandBody, Envelope
from api.idempotency import IdempotencyKey, Once
from api.link_views import read_ties
from api.named import actor_of, own_policy, power_holder, refuse_concerned, require_known, units_named
from api.notices import heed_safe_contact
from api.reception import Received, received
from api.requesters import safe_contact
from api.scope import find_case, find_own_task, find_within_reach, reads_wording, refuse_hidden, require_work
from api.services import App, Services
from api.snapshots import CaseSnapshot, recorded_state, snapshot
from api.timeline import state_as_of
from api.tokens import Caller
from api.wording import forget, keep
from infra.case_gateway import CaseUnavailable
from infra.directory_tables import User
from infra.tables import Attachment, Case
from workflows.contracts.commands import AnyCommand
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import case_of
from workflows.contracts.start import Receipt
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import Role
from workflows.rules.calendar import local_date

_READ_MODEL_PATIENCE = 2.0
_FIRST_LOOK, _SLOWEST_LOOKS = 0.03, 0.1
"""Seconds: how long to wait for the read model, and between looks at it."""


@dataclass(frozen=True)
class Order:
    """A command to a case that was found to be the caller's; `key_owner` is whose `Idempotency-Key` it is.

    `at_work` if the case must still be her work, which it need not be for a repetition under the key.
    """

    case: Case
    body: CommandBody
    by: Caller
    key_owner: str
    task_no: str | None = None
    at_work: bool = False


@dataclass(frozen=True)
class After:
    """A case to be shown: its whole row, its state, whether that may be old; `at` is the past moment of the state."""

    case: Case
    state: CaseState | None
    stale: bool
    at: datetime | None = None


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
        return await self._submit(Order(case, body, by, key_owner=by.key_owner))

    async def operate(self, case_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """An operator's command, which needs no more of the case than its number; raises as `submit` does."""
        async with self._services.sessions() as session:
            case = await find_within_reach(session, by, case_no)
        return await self._submit(Order(case, body, by, key_owner=by.key_owner))

    async def submit_for_task(self, task_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """A command about a task of the caller's unit; raises as `submit` does, and 403 for another unit's task."""
        async with self._services.sessions() as session:
            await find_own_task(session, by, task_no)
            case = await find_case(session, by, case_of(task_no))
        return await self._submit(Order(case, body, by, key_owner=by.key_owner, task_no=task_no))

    async def submit_at_work(self, case_no: str, body: CommandBody, by: Caller) -> CaseSnapshot:
        """A command of those who work on the case; raises as `submit` does, and 403 for a unit without open task.

        A unit that is not the lead gets 403 as well where the body is the lead's alone.
        """
        async with self._services.sessions() as session:
            case = await find_case(session, by, case_no)
        return await self._submit(Order(case, body, by, key_owner=by.key_owner, at_work=True))

    async def _submit(self, order: Order) -> CaseSnapshot:
        after = await self.perform(order)
        return await show(self._services, after, order.by)

    async def perform(self, order: Order) -> After:
        """Carries out the order once, and gives the case after it; under the same key as it was then.

        Raises as `submit` does.
        """
        once = self.once(order.key_owner)
        envelope = Envelope(once.command_id, order.by.actor, self._arrival.at, order.task_no)
        case_no = order.case.case_no
        if order.body.policy_for is not None:
            # A case that was reported a moment ago has no policy on record yet.
            await self._caught_up(case_no, 1)
        async with self._services.sessions.begin() as session:
            earlier = await once.claim(session, self._services.now())
            if earlier is None:
                await self._look_up(session, order, envelope)
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

    async def _look_up(self, session: AsyncSession, order: Order, envelope: Envelope) -> None:
        """Adds what the order needs from the database to its envelope; raises what stands in the way."""
        case, body, today = order.case, order.body, local_date(self._services.now())
        if order.at_work:
            await require_work(session, order.by, case.case_no, as_lead=body.for_lead)
        envelope.actor = await actor_of(session, order.by)
        envelope.units = await units_named(session, body.unit_ids, today)
        refuse_concerned(case, envelope.units)
        await refuse_hidden(session, case, body.unit_ids)
        if body.reaches_by is not None:
            await heed_safe_contact(session, case, body.reaches_by)
        if body.asks_power_holder:
            envelope.power_holder = await power_holder(session, case, today)
        if body.policy_for is not None:
            envelope.policy = await own_policy(session, case, body.policy_for)
        await require_known(
            session,
            body.attachment_ids,
            Attachment.id,
            field="evidence",
            code="unknown_attachment",
            hint="upload it first, then name its id",
        )
        # Ids travel into histories, so what is written in their place must be nobody's name or number.
        await require_known(
            session,
            body.user_ids,
            User.user_id,
            field="people",
            code="unknown_user",
            hint="the directory has no such member of staff",
        )
        await body.look_up(session, Asked(order.by, case, self._arrival.at), envelope)

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
            session,
            after.case,
            after.state,
            today=local_date(after.at or services.now()),
            ties=await read_ties(session, after.state, by),
            stale=after.stale,
            tracking_code=by.role is not Role.SYSTEM,
            safe_contact=await safe_contact(session, after.case, by),
            sealed=not reads_wording(by, after.case),
        )


def _desk(request: Request, services: App, key: IdempotencyKey = None) -> CaseDesk:
    return CaseDesk(services, received(request), key)


Desk = Annotated[CaseDesk, Depends(_desk)]
