"""Commands to cases: the words in them to the table of texts, the command to the case, the new snapshot back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, CommandBody, Envelope
from api.command_desk import CommandDesk
from api.idempotency import IdempotencyKey
from api.link_views import read_ties
from api.mediation_people import forget_people, keep_people
from api.named import actor_of, own_policy, power_holder, refuse_concerned, require_known, units_named
from api.notices import heed_safe_contact
from api.reception import received
from api.requesters import safe_contact
from api.scope import find_case, find_own_task, find_within_reach, reads_wording, refuse_hidden, require_work
from api.services import App, Services
from api.snapshots import CaseSnapshot, recorded_state, snapshot
from api.timeline import state_as_of
from api.tokens import Caller
from api.wording import forget, is_applied, keep
from infra.case_gateway import CaseUnavailable
from infra.directory_tables import User
from infra.tables import Attachment, Case
from workflows.contracts.commands import AnyCommand
from workflows.contracts.ids import case_of
from workflows.contracts.start import Receipt
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import Role
from workflows.rules.calendar import local_date


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


class CaseDesk(CommandDesk[Case, CaseState, AnyCommand]):
    """Handles the commands of one request to cases."""

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
        if order.body.policy_for is not None:
            # A case that was reported a moment ago has no policy on record yet.
            await self._caught_up(order.case.case_no, 1)

        async def make(session: AsyncSession) -> AnyCommand:
            await self._look_up(session, order, envelope)
            return order.body.command(envelope)

        return After(*await self._carry_out(order.case.case_no, envelope, once, make))

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

    async def _keep(self, session: AsyncSession, number: str, envelope: Envelope) -> None:
        await keep(session, envelope.words, case_no=number, author=envelope.actor.id, written_at=envelope.received_at)
        await keep_people(session, envelope.people, case_no=number)

    async def _forget(self, session: AsyncSession, number: str, envelope: Envelope) -> None:
        applied = is_applied(number, envelope.command_id)
        await forget(session, envelope.words, applied)
        await forget_people(session, envelope.people, applied)

    async def _send(self, number: str, command: AnyCommand) -> Receipt:
        return await self._services.gateway.submit(number, command)

    async def _seq(self, session: AsyncSession, number: str) -> int:
        return (await session.execute(select(Case.seq).where(Case.case_no == number))).scalar_one()

    async def _row(self, session: AsyncSession, number: str) -> tuple[Case, int]:
        case = await session.get_one(Case, number)
        return case, case.seq

    async def _as_of(self, session: AsyncSession, number: str, seq: int) -> CaseState | None:
        return await state_as_of(session, number, seq)

    async def _told(self, row: Case, *, live: bool) -> tuple[CaseState | None, bool]:
        return await told(self._services, row, live=live)


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
