"""The timeline as people read it: events in order, text ids replaced by the words they stand for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.paging import Cursor, bad_cursor, cut, read_key
from api.wording import in_words, look_up, text_ids
from infra.directory_tables import User
from infra.tables import TimelineEvent
from workflows.contracts.clocks import CalendarWindow
from workflows.contracts.events import Recorded
from workflows.contracts.mediation.events import MediationRecorded
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.policy import CasePolicy
from workflows.contracts.state import CaseState
from workflows.rules.evolve import evolve

_ORDER = "seq"
_CARRIED_ALONG: dict[str, Any] = {
    "policy": (CasePolicy.model_fields.keys() | MediationPolicy.model_fields.keys()) - {"name", "version"},
    "calendar": set(CalendarWindow.model_fields) - {"version", "published_through"},
    "effect": {"opening"},
}
"""What events carry for the rules and nobody reads on a timeline."""


class TimelineActor(BaseModel):
    """Who did it; `name` if the directory knows the id."""

    id: str
    role: str
    unit_id: str | None
    name: str | None


PROTECTED = TimelineActor(id="protected", role="protected", unit_id=None, name=None)
"""Stands for whoever reported a danger or called 110, to everyone who need not know [反家庭暴力法 14]."""


class TimelineItem(BaseModel):
    """An event: `at` is when it counts, `recorded_at` when the process noted it; words stand in `data` in full."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    actor: TimelineActor
    data: dict[str, Any]


async def read_timeline(
    session: AsyncSession, case_no: str, cursor: str | None, limit: int
) -> tuple[list[TimelineItem], str | None]:
    """A page of a case's events, and its next cursor.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    after = read_key(cursor, _ORDER) or "0"
    if not after.isdecimal() or len(after) > 9:
        raise bad_cursor()
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case_no, TimelineEvent.seq > int(after))
        .order_by(TimelineEvent.seq)
        .limit(limit + 1)
    )
    page, following = cut(
        [Recorded.model_validate(row) for row in rows], limit, lambda last: Cursor(order=_ORDER, key=str(last.seq))
    )
    return await items_of(session, page), following


async def read_kinds(session: AsyncSession, case_no: str, kinds: Collection[str], seq: int) -> list[TimelineItem]:
    """A case's events of those kinds, through that seq."""
    rows = await session.scalars(
        select(TimelineEvent.record)
        .where(TimelineEvent.case_no == case_no, TimelineEvent.kind.in_(kinds), TimelineEvent.seq <= seq)
        .order_by(TimelineEvent.seq)
    )
    return await items_of(session, [Recorded.model_validate(row) for row in rows])


async def state_as_of(session: AsyncSession, case_no: str, seq: int | None) -> CaseState | None:
    """The case as it was at that event, by default the latest, folded from its record; None before the first."""
    record = select(TimelineEvent.record).where(TimelineEvent.case_no == case_no).order_by(TimelineEvent.seq)
    state: CaseState | None = None
    for row in await session.scalars(record if seq is None else record.where(TimelineEvent.seq <= seq)):
        state = evolve(state, Recorded.model_validate(row))
    return state


async def state_known_at(session: AsyncSession, case_no: str, at: datetime) -> CaseState | None:
    """The case as its record had it at that moment; before its first event as it was registered, without clocks.

    None if nothing is on record to this day.
    """
    later = select(func.min(TimelineEvent.seq)).where(TimelineEvent.case_no == case_no, TimelineEvent.recorded_at > at)
    unknown = await session.scalar(later)
    if unknown == 1:
        registered = await state_as_of(session, case_no, 1)
        return registered.model_copy(update={"seq": 0}) if registered else None
    return await state_as_of(session, case_no, unknown - 1 if unknown else None)


async def items_of(session: AsyncSession, records: Sequence[Recorded | MediationRecorded]) -> list[TimelineItem]:
    """The events of a case or a mediation as people read them."""
    told = [(record, type(record.event), _data(record)) for record in records]
    words = await look_up(session, {text_id for _, event, data in told for text_id in text_ids(event, data)})
    found = select(User.user_id, User.name).where(User.user_id.in_({record.actor.id for record in records}))
    people = dict((await session.execute(found)).all())
    return [
        TimelineItem(
            seq=record.seq,
            kind=record.event.kind,
            at=record.at,
            recorded_at=record.recorded_at,
            actor=TimelineActor(
                id=record.actor.id,
                role=record.actor.role.value,
                unit_id=record.actor.unit_id,
                name=people.get(record.actor.id),
            ),
            data=in_words(event, data, words),
        )
        for record, event, data in told
    ]


def _data(record: Recorded | MediationRecorded) -> dict[str, Any]:
    return record.event.model_dump(mode="json", exclude={"kind": True} | _CARRIED_ALONG)
