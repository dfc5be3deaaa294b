"""Sessions for calendars: of one mediation, or a mediator's own."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Text, cast, or_, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from api.mediation_list import in_reach
from api.tokens import Caller
from infra.directory_tables import Unit
from infra.mediation_tables import Mediation, MediationEvent
from infra.mediators.tables import Room
from infra.papers.calendar import Appointment
from infra.tables import Case
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.vocabulary import MediationForm

_About = e.SessionScheduled | e.SessionCalledOff | e.SessionRecorded
_KINDS = ("session_scheduled", "session_called_off", "session_recorded", "plan_decided")
_KEPT = timedelta(days=30)
"""So long a mediator's calendar shows mediations that are over [default]."""


async def sessions_of(session: AsyncSession, mediation_no: str) -> list[Appointment]:
    """The sessions of a mediation, in the order in which they were set."""
    return await _appointments(session, [mediation_no])


async def own_sessions(session: AsyncSession, mediator: Caller, now: datetime) -> list[Appointment]:
    """The sessions of all mediations that she mediates now, without those that ended long ago."""
    mine: Any = Mediation.mediator_ids.bool_op("@>")(array([cast(mediator.id, Text)]))
    found = (
        select(Mediation.mediation_no)
        .join(Case, Case.case_no == Mediation.case_no)
        .where(mine, in_reach(mediator), or_(Mediation.ended_at.is_(None), Mediation.ended_at > now - _KEPT))
    )
    numbers = (await session.scalars(found.order_by(Mediation.mediation_no))).all()
    return await _appointments(session, numbers, mediator.id)


async def _appointments(
    session: AsyncSession, mediation_nos: Sequence[str], mediator: str | None = None
) -> list[Appointment]:
    rows = await session.execute(
        select(MediationEvent.mediation_no, MediationEvent.record)
        .where(MediationEvent.mediation_no.in_(mediation_nos), MediationEvent.kind.in_(_KINDS))
        .order_by(MediationEvent.mediation_no, MediationEvent.seq)
    )
    changes: dict[tuple[str, str], list[MediationRecorded]] = defaultdict(list)
    forms: dict[str, list[MediationForm]] = defaultdict(list)
    for number, row in rows:
        record = MediationRecorded.model_validate(row)
        if isinstance(record.event, e.PlanDecided):
            forms[number] += [step.form for step in record.event.tracks]
        elif isinstance(record.event, _About):
            changes[number, record.event.session_no].append(record)
    rooms = await room_names(session)
    found = []
    for (number, _), records in changes.items():
        scheduled = records[0].event
        if isinstance(scheduled, e.SessionScheduled) and (mediator is None or mediator in scheduled.mediators):
            form = forms[number][scheduled.track - 1]
            found.append(_appointment(number, scheduled, records, form, rooms))
    return found


def _appointment(
    number: str, scheduled: e.SessionScheduled, records: Sequence[MediationRecorded], form: MediationForm, rooms: Any
) -> Appointment:
    return Appointment(
        session_no=f"{number}-{scheduled.session_no}",
        mediation_no=number,
        form=form,
        sequence=len(records) - 1,
        changed_at=records[-1].at,
        begins=scheduled.starts_at,
        ends=scheduled.ends_at,
        room=rooms.get(scheduled.room, ""),
        cancelled=any(isinstance(record.event, e.SessionCalledOff) for record in records),
    )


async def room_names(session: AsyncSession) -> dict[str, str]:
    """Where rooms are, by their ids: a city has some hundreds."""
    found = select(Room.room_id, Unit.name, Room.name).join(Unit, Unit.unit_id == Room.unit_id)
    return {room_id: f"{unit}{name}" for room_id, unit, name in await session.execute(found)}
