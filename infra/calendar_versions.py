"""The versions of the working calendar: what the newest says, and how a new one comes about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.batches import AdoptCalendarChange, request_batch
from infra.calendar_files import CalendarFile, CalendarLayer, layered
from infra.cities.faults import CityPackFault
from infra.tables import AuditEntry, BatchRow, CalendarRow
from workflows.contracts.clocks import CalendarWindow

_ONE_AT_A_TIME = 7_274_111
"""Number of the advisory lock that gives each version to one publisher."""

_CITY = "city"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version that was just added, and the batch that brings it to the open cases."""

    calendar: CalendarWindow
    batch: BatchRow


async def newest_calendar(session: AsyncSession) -> CalendarWindow | None:
    """The calendar that cases are to reckon with; None before a city is loaded."""
    row = await session.scalar(select(CalendarRow).order_by(CalendarRow.version.desc()).limit(1))
    return CalendarWindow.model_validate(row.data | {"version": row.version}) if row else None


async def install_base(session: AsyncSession, base: CalendarWindow, now: datetime) -> None:
    """The city's calendar with everything on top that was published so far, unless the newest version says the same.

    `base` are the years and the office hours that the city brings.
    """
    await _alone(session)
    newest = await newest_calendar(session)
    window = _following(newest, layered(base, await _layers(session)))
    if window is None:
        return
    session.add(CalendarRow(version=window.version, data=_data(window), published_at=now))
    await session.flush()
    if newest is not None:
        await request_batch(session, AdoptCalendarChange(version=window.version), by=_CITY, now=now)


async def publish(session: AsyncSession, file: CalendarFile, *, by: str, now: datetime) -> NewVersion | None:
    """A new version with this file on top; None if the newest version says the same already.

    Raises:
        CityPackFault: a year whose predecessor is not published, or no calendar to publish on.
    """
    await _alone(session)
    newest = await newest_calendar(session)
    if newest is None:
        raise CityPackFault([file.written.fault((), "there is no calendar yet to publish on: load a city first")])
    file.must_follow(newest)
    layer = file.layer
    # The newest version holds the earlier files already; again on top, exceptions survive a year published after them.
    window = _following(newest, layered(newest, [*await _layers(session), layer]))
    if window is None:
        return None
    row = CalendarRow(version=window.version, data=_data(window), published_at=now, published_by=by)
    row.file = layer.model_dump(mode="json")
    detail = {"version": window.version, "title": layer.title, "source": layer.source}
    session.add_all([row, AuditEntry(at=now, actor=by, action="publish_calendar", outcome="done", detail=detail)])
    await session.flush()
    return NewVersion(window, await request_batch(session, AdoptCalendarChange(version=window.version), by=by, now=now))


def _following(newest: CalendarWindow | None, window: CalendarWindow) -> CalendarWindow | None:
    """The window with the next version; None if it says what the newest does."""
    if newest is None:
        return window.model_copy(update={"version": 1})
    if window.model_copy(update={"version": newest.version}) == newest:
        return None
    return window.model_copy(update={"version": newest.version + 1})


def _data(window: CalendarWindow) -> dict[str, Any]:
    return window.model_dump(mode="json", exclude={"version"})


async def _layers(session: AsyncSession) -> Sequence[CalendarLayer]:
    files = select(CalendarRow.file).where(CalendarRow.file.is_not(None)).order_by(CalendarRow.version)
    return [CalendarLayer.model_validate(file) for file in await session.scalars(files)]


async def _alone(session: AsyncSession) -> None:
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
