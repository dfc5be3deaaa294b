"""A mediation's record: its events a page at a time, as a whole, and its state as of one of them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.paging import Cursor, bad_cursor, cut, read_key
from api.timeline import TimelineItem, items_of
from infra.mediation_tables import MediationEvent
from workflows.contracts.mediation.events import MediationRecorded

_ORDER = "seq"


async def read_mediation_timeline(
    session: AsyncSession, mediation_no: str, cursor: str | None, limit: int
) -> tuple[list[TimelineItem], str | None]:
    """A page of the events with everybody's words, and its next cursor; `mediation_sight.sealed` says who reads what.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    after = read_key(cursor, _ORDER) or "0"
    if not after.isdecimal() or len(after) > 9:
        raise bad_cursor()
    rows = await session.scalars(
        select(MediationEvent.record)
        .where(MediationEvent.mediation_no == mediation_no, MediationEvent.seq > int(after))
        .order_by(MediationEvent.seq)
        .limit(limit + 1)
    )
    page, following = cut(
        [MediationRecorded.model_validate(row) for row in rows],
        limit,
        lambda last: Cursor(order=_ORDER, key=str(last.seq)),
    )
    return await items_of(session, page), following


async def whole_record(session: AsyncSession, mediation_no: str) -> Sequence[MediationRecorded]:
    """All events, in order."""
    rows = await session.scalars(
        select(MediationEvent.record).where(MediationEvent.mediation_no == mediation_no).order_by(MediationEvent.seq)
    )
    return [MediationRecorded.model_validate(row) for row in rows]
