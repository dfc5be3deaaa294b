"""Sweeps as they are read: which there are, how far each has got, and what is on its list."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, StringConstraints
from sqlalchemy import ColumnElement, and_, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import not_found
from api.paging import Cursor, cut, read_cursor
from api.scope import visible
from api.tokens import Caller
from infra.cities.routing import around
from infra.directory_tables import Region
from infra.sweeps.levels import beat
from infra.sweeps.tables import Sweep, SweepItem
from infra.tables import Case
from workflows.contracts.ids import VILLAGE_DIGITS, region_prefix
from workflows.contracts.vocabulary import Level
from workflows.rules.calendar import local_date

SweepNo = Annotated[str, StringConstraints(pattern=r"^S\d{6}\d{8}\d{3,6}$")]
"""`S{region 6}{yyyymmdd}{sequence}`."""

_BY_ORDER = "-ordered_at"


class SweepSummary(BaseModel):
    """A sweep; `items` and `left`, where something is still owed, count what the reader may see."""

    sweep_no: str
    title: str
    theme: str
    region_code: str
    region_name: str
    level: Level
    starts_on: date
    ends_on: date
    ordered_by: str
    ordered_at: datetime
    closed_at: datetime | None
    items: int
    left: int


def in_sight(caller: Caller) -> ColumnElement[bool]:
    """The condition on `sweeps`: those of the caller's region, below it, and those that go through it from above."""
    if caller.region is None:
        return true()
    below = Sweep.region_code.startswith(region_prefix(caller.region))
    return or_(below, Sweep.region_code.in_(around(caller.region)))


def on_her_list(caller: Caller) -> ColumnElement[bool]:
    """The condition on `sweep_items` outer-joined with `cases`: where the caller goes, and no case that is not hers."""
    own = true() if caller.region is None else SweepItem.region_code.startswith(beat(caller.region))
    return or_(and_(SweepItem.case_no.is_(None), own), and_(SweepItem.case_no.is_not(None), visible(caller)))


async def find_sweep(session: AsyncSession, caller: Caller, sweep_no: str, *, lock: bool | None = None) -> Sweep:
    """The sweep; `lock` keeps others from closing it (False) or from any step in it (True) until the transaction ends.

    Raises:
        Problem: 404 if it is not there, or not the caller's to see.
    """
    found = select(Sweep).where(Sweep.sweep_no == sweep_no, in_sight(caller))
    sweep = await session.scalar(found if lock is None else found.with_for_update(read=not lock))
    if sweep is None:
        raise not_found("sweep")
    return sweep


async def list_sweeps(
    session: AsyncSession, caller: Caller, cursor_text: str | None, limit: int
) -> tuple[list[SweepSummary], str | None]:
    """A page of the sweeps, the latest first, and its next cursor.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    asked = select(Sweep).where(in_sight(caller)).order_by(Sweep.ordered_at.desc(), Sweep.sweep_no.desc())
    if (cursor := read_cursor(cursor_text, _BY_ORDER)) is not None:
        asked = asked.where(tuple_(Sweep.ordered_at, Sweep.sweep_no) < (cursor.value, cursor.key))
    page, following = cut(
        (await session.scalars(asked.limit(limit + 1))).all(),
        limit,
        lambda sweep: Cursor(order=_BY_ORDER, key=sweep.sweep_no, value=sweep.ordered_at),
    )
    return await summaries(session, caller, page), following


async def summaries(session: AsyncSession, caller: Caller, sweeps: Sequence[Sweep]) -> list[SweepSummary]:
    """The sweeps with their counts."""
    counted = (
        select(SweepItem.sweep_no, func.count(), func.count(SweepItem.owed))
        .outerjoin(Case, Case.case_no == SweepItem.case_no)
        .where(SweepItem.sweep_no.in_([sweep.sweep_no for sweep in sweeps]), on_her_list(caller))
        .group_by(SweepItem.sweep_no)
    )
    counts = {sweep_no: (items, left) for sweep_no, items, left in await session.execute(counted)}
    names = await region_names(session, {sweep.region_code for sweep in sweeps})
    return [
        SweepSummary(
            sweep_no=sweep.sweep_no,
            title=sweep.title,
            theme=sweep.theme,
            region_code=sweep.region_code,
            region_name=names.get(sweep.region_code, sweep.region_code),
            level=Level(sweep.level),
            starts_on=sweep.starts_on,
            ends_on=sweep.ends_on,
            ordered_by=sweep.ordered_by,
            ordered_at=sweep.ordered_at,
            closed_at=sweep.closed_at,
            items=counts.get(sweep.sweep_no, (0, 0))[0],
            left=counts.get(sweep.sweep_no, (0, 0))[1],
        )
        for sweep in sweeps
    ]


def last_day(sweep: Sweep, level: Level) -> date:
    """Until which local day, included, a level has time."""
    match level:
        case Level.VILLAGE:
            return sweep.village_until
        case Level.TOWNSHIP:
            return sweep.township_until
        case Level.COUNTY | Level.CITY:
            return sweep.county_until


def is_overdue(sweep: Sweep, now: datetime) -> ColumnElement[bool]:
    """The condition on `sweep_items`; a closed sweep is judged by the day of its closing."""
    today = local_date(sweep.closed_at or now)
    late = [level.value for level in Level if last_day(sweep, level) < today]
    return and_(SweepItem.owed.is_not(None), SweepItem.level.in_(late)) if late else false()


async def region_names(session: AsyncSession, codes: set[str]) -> dict[str, str]:
    """What regions are called, by their codes; a grid, which only has a number, with its village."""
    wanted = codes | {code[:VILLAGE_DIGITS] for code in codes}
    found = await session.execute(select(Region.code, Region.name).where(Region.code.in_(wanted)))
    names: dict[str, str] = dict(found.all())
    return {
        code: names.get(code[:VILLAGE_DIGITS], "") * (len(code) > VILLAGE_DIGITS) + names[code]
        for code in codes & names.keys()
    }
