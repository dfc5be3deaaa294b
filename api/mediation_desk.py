"""Commands to mediations: what people gave to its tables, the command to the mediation, the new snapshot back."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bodies import Asked, Envelope
from api.case_desk import CaseDesk, Order
from api.command_desk import CommandDesk, patiently
from api.idempotency import IdempotencyKey
from api.mediation_bodies import MediationBody
from api.mediation_files import require_own_files
from api.mediation_people import forget_people, keep_people
from api.mediation_scope import find_mediation, recorded_state, refuse_concerned, require_own_track
from api.mediation_seal import for_reader
from api.mediation_snapshot import snapshot
from api.mediation_views import MediationSnapshot
from api.named import actor_of, mediators_named, require_each, units_named
from api.reception import received
from api.risk_bodies import ReportDangerBody
from api.scope import refuse_hidden
from api.services import App, Services
from api.tokens import Caller
from api.wording import forget, keep
from infra.case_gateway import CaseUnavailable
from infra.directory_tables import User
from infra.mediation_tables import Mediation, MediationEvent
from infra.mediators.bookings import release
from infra.tables import Case
from workflows.contracts.ids import case_of
from workflows.contracts.mediation.commands import AnyMediationCommand
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.state import MediationState
from workflows.contracts.start import Receipt
from workflows.rules.calendar import local_date
from workflows.rules.mediation.evolve import evolve


class MediationDesk(CommandDesk[Mediation, MediationState, AnyMediationCommand]):
    """Handles the commands of one request to mediations."""

    async def submit(
        self, number: str, body: MediationBody, by: Caller, *, key_owner: str | None = None
    ) -> MediationSnapshot:
        """A command to a mediation that the caller sees and, as a mediator, runs.

        `key_owner` is whose `Idempotency-Key` it is, the caller's own by default.

        Raises:
            Problem: 404; 403 for another host's work; 422 if the body names what does not exist; 409 `double_booked`.
            RuleViolation: if a rule forbids it now.
            CaseUnavailable: if the mediation did not answer; the same key tells later what became of it.
        """
        async with self._services.sessions() as session:
            _, case, _ = await find_mediation(session, by, number)
        once = self.once(key_owner or by.key_owner)
        envelope = Envelope(once.command_id, by.actor, self._arrival.at)

        async def make(session: AsyncSession) -> AnyMediationCommand:
            mediation = await session.get_one(Mediation, number)
            await self._look_up(session, mediation, case, body, by, envelope)
            return body.to_mediation(envelope)

        row, state, stale = await self._carry_out(number, envelope, once, make)
        return await show(self._services, row, state, by, stale=stale)

    async def report_danger(
        self, number: str, body: ReportDangerBody, by: Caller, cases: CaseDesk
    ) -> MediationSnapshot:
        """Tells the mediation's case of a danger, which locks the mediation; raises as `submit` does."""
        async with self._services.sessions() as session:
            _, case, _ = await find_mediation(session, by, number)
        await cases.perform(Order(case, body, by, key_owner=by.key_owner))

        async def is_locked() -> bool:
            async with self._services.sessions() as session:
                locked = select(Mediation.locked).where(Mediation.mediation_no == number)
                return bool(await session.scalar(locked))

        await patiently(is_locked)
        async with self._services.sessions() as session:
            mediation, _ = await self._row(session, number)
        return await show(self._services, mediation, recorded_state(mediation), by, stale=not mediation.locked)

    async def begun(self, number: str) -> None:
        """Waits, but not for long, until the records know a mediation that was opened just now."""
        await self._await(number, 1)

    async def _look_up(
        self,
        session: AsyncSession,
        mediation: Mediation,
        case: Case,
        body: MediationBody,
        by: Caller,
        envelope: Envelope,
    ) -> None:
        """Adds what the body needs from the database to its envelope; raises what stands in the way."""
        today = local_date(self._services.now())
        state = recorded_state(mediation)
        if state is not None:
            require_own_track(by, state, body.tracks(state))
        refuse_concerned(by, case, [*body.mediator_ids.values(), *body.people_named.values()], body.host_ids)
        envelope.mediation = state
        envelope.actor = await actor_of(session, by)
        envelope.units = await units_named(session, body.unit_ids, today)
        await refuse_hidden(session, case, body.unit_ids)
        await mediators_named(session, body.mediator_ids, today)
        await require_own_files(session, by, body.attachments)
        await require_each(
            session,
            body.people_named,
            User.user_id,
            code="unknown_user",
            hint="the directory has no such member of staff",
        )
        await body.look_up(session, Asked(by, case, self._arrival.at), envelope)

    async def _keep(self, session: AsyncSession, number: str, envelope: Envelope) -> None:
        case_no, author = case_of(number), envelope.actor.id
        await keep(session, envelope.words, case_no=case_no, author=author, written_at=envelope.received_at)
        await keep_people(session, envelope.people, case_no=case_no)

    async def _forget(self, session: AsyncSession, number: str, envelope: Envelope) -> None:
        applied = _is_applied(number, envelope.command_id)
        await forget(session, envelope.words, applied)
        await forget_people(session, envelope.people, applied)
        await release(session, envelope.command_id)

    async def _send(self, number: str, command: AnyMediationCommand) -> Receipt:
        return await self._services.mediations.submit(number, command)

    async def _seq(self, session: AsyncSession, number: str) -> int:
        return await session.scalar(select(Mediation.seq).where(Mediation.mediation_no == number)) or 0

    async def _row(self, session: AsyncSession, number: str) -> tuple[Mediation, int]:
        mediation = await session.get_one(Mediation, number)
        return mediation, mediation.seq

    async def _as_of(self, session: AsyncSession, number: str, seq: int) -> MediationState | None:
        records = select(MediationEvent.record).where(MediationEvent.mediation_no == number, MediationEvent.seq <= seq)
        state: MediationState | None = None
        for row in await session.scalars(records.order_by(MediationEvent.seq)):
            state = evolve(state, MediationRecorded.model_validate(row))
        return state

    async def _told(self, row: Mediation, *, live: bool) -> tuple[MediationState | None, bool]:
        return await told(self._services, row, live=live)


async def told(services: Services, mediation: Mediation, *, live: bool) -> tuple[MediationState | None, bool]:
    """The state, from the running mediation if `live`; and whether that did not answer, so that it may be old."""
    if not live:
        return recorded_state(mediation), False
    try:
        return await services.mediations.live(mediation.mediation_no), False
    except CaseUnavailable:
        return recorded_state(mediation), True


async def show(
    services: Services, mediation: Mediation, state: MediationState | None, by: Caller, *, stale: bool
) -> MediationSnapshot:
    """The mediation as the caller may see it; that she saw what is confidential is put on record.

    Raises:
        CaseUnavailable: while nothing of it is on record.
    """
    if state is None:
        raise CaseUnavailable("MediationBeginning")
    async with services.sessions.begin() as session:
        whole = await snapshot(session, mediation, state, today=local_date(services.now()), stale=stale)
        return for_reader(session, whole, state, by, services.now())


def _is_applied(number: str, command_id: str) -> ColumnElement[bool]:
    return exists().where(
        MediationEvent.mediation_no == number, MediationEvent.record["command_id"].astext == command_id
    )


def _desk(request: Request, services: App, key: IdempotencyKey = None) -> MediationDesk:
    return MediationDesk(services, received(request), key)


Talks = Annotated[MediationDesk, Depends(_desk)]
