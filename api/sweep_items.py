"""What is on a sweep's list, and what was done about each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, case, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.paging import Cursor, bad_cursor, cut, read_cursor
from api.sweeps import is_overdue, last_day, on_her_list, region_names
from api.tokens import Caller
from infra.directory_tables import User
from infra.sweeps.tables import Sweep, SweepEntry, SweepItem, TroubleSpot
from infra.sweeps.vocabulary import ItemKind, ItemStatus, Owed, SpotKind, SweepAct, VisitOutcome
from infra.tables import Case
from workflows.contracts.ids import RegionCode, region_prefix
from workflows.contracts.vocabulary import CaseStatus, Level

_BY_URGENCY = "owed"


class ItemFilter(BaseModel):
    """What is asked for of a sweep's list; `region` is a subtree."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    status: ItemStatus | None = None
    overdue: bool | None = None
    level: Level | None = None
    region: RegionCode | None = None


ItemsAsked = Annotated[ItemFilter, Query()]


class SpotView(BaseModel):
    """A place or issue that staff know; `until` is its last day."""

    spot_id: UUID
    region_code: str
    region_name: str
    kind: SpotKind
    name: str
    note: str | None
    since: date
    until: date | None


class EntryView(BaseModel):
    """Who did what, and when; `words` is null where none were written or they were erased."""

    at: datetime
    by: str
    by_name: str | None
    act: SweepAct
    level: Level
    visit: VisitOutcome | None
    words: str | None


class ItemView(BaseModel):
    """One thing to go and see, of a case, a spot, or a class of matters that a village had `cases` of.

    It stands at `level`, which owes `owed` until the local day `due_on`, included; null once nothing is owed.
    """

    item_no: int
    kind: ItemKind
    region_code: str
    region_name: str
    case_no: str | None
    case_title: str | None
    case_status: CaseStatus | None
    spot: SpotView | None
    category: str | None
    cases: int | None
    level: Level
    status: ItemStatus
    owed: Owed | None
    due_on: date | None
    overdue: bool
    visit: VisitOutcome | None
    finding: str | None
    entries: list[EntryView]


async def list_items(
    session: AsyncSession,
    caller: Caller,
    sweep: Sweep,
    asked: ItemFilter,
    cursor_text: str | None,
    limit: int,
    *,
    now: datetime,
) -> tuple[list[ItemView], str | None]:
    """A page of the sweep's list: what is overdue first, then what is owed; and its next cursor.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    overdue = is_overdue(sweep, now)
    urgency = case((overdue, 0), (SweepItem.owed.is_not(None), 1), else_=2)
    wanted = (
        select(SweepItem, Case.title, Case.status, urgency)
        .outerjoin(Case, Case.case_no == SweepItem.case_no)
        .where(SweepItem.sweep_no == sweep.sweep_no, on_her_list(caller), *_conditions(asked, overdue))
        .order_by(urgency, SweepItem.item_no)
        .limit(limit + 1)
    )
    if (cursor := read_cursor(cursor_text, _BY_URGENCY)) is not None:
        wanted = wanted.where(tuple_(urgency, SweepItem.item_no) > _place(cursor))
    page, following = cut(
        (await session.execute(wanted)).all(),
        limit,
        lambda row: Cursor(order=_BY_URGENCY, key=f"{row[3]}-{row[0].item_no}"),
    )
    return await _views(session, sweep, page), following


async def read_item(session: AsyncSession, sweep: Sweep, item_no: int, *, now: datetime) -> ItemView:
    """An item that was found to be the caller's."""
    overdue = is_overdue(sweep, now)
    wanted = (
        select(SweepItem, Case.title, Case.status, case((overdue, 0), else_=1))
        .outerjoin(Case, Case.case_no == SweepItem.case_no)
        .where(SweepItem.sweep_no == sweep.sweep_no, SweepItem.item_no == item_no)
    )
    (view,) = await _views(session, sweep, (await session.execute(wanted)).all())
    return view


def spot_view(spot: TroubleSpot, region_name: str | None) -> SpotView:
    """A spot as it is shown."""
    return SpotView(
        spot_id=spot.spot_id,
        region_code=spot.region_code,
        region_name=region_name or spot.region_code,
        kind=SpotKind(spot.kind),
        name=spot.name,
        note=spot.note,
        since=spot.since,
        until=spot.until,
    )


def _place(cursor: Cursor) -> tuple[int, int]:
    urgency, _, number = cursor.key.partition("-")
    if not (urgency.isdecimal() and number.isdecimal() and len(number) < 6):
        raise bad_cursor()
    return int(urgency), int(number)


def _conditions(asked: ItemFilter, overdue: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if asked.status is not None:
        conditions.append(SweepItem.status == asked.status.value)
    if asked.overdue is not None:
        conditions.append(overdue if asked.overdue else ~overdue)
    if asked.level is not None:
        conditions.append(SweepItem.level == asked.level.value)
    if asked.region is not None:
        conditions.append(SweepItem.region_code.startswith(region_prefix(asked.region)))
    return conditions


async def _views(session: AsyncSession, sweep: Sweep, rows: Sequence[Any]) -> list[ItemView]:
    items: list[SweepItem] = [row[0] for row in rows]
    named = {item.spot_id for item in items if item.spot_id}
    spots = {
        spot.spot_id: spot for spot in await session.scalars(select(TroubleSpot).where(TroubleSpot.spot_id.in_(named)))
    }
    names = await region_names(session, {item.region_code for item in items})
    entries = await _entries(session, sweep.sweep_no, [item.item_no for item in items])
    return [
        ItemView(
            item_no=item.item_no,
            kind=ItemKind(item.kind),
            region_code=item.region_code,
            region_name=names.get(item.region_code, item.region_code),
            case_no=item.case_no,
            case_title=title,
            case_status=CaseStatus(status) if status else None,
            spot=spot_view(spots[item.spot_id], names.get(item.region_code)) if item.spot_id else None,
            category=item.category,
            cases=item.cases,
            level=Level(item.level),
            status=ItemStatus(item.status),
            owed=Owed(item.owed) if item.owed else None,
            due_on=last_day(sweep, Level(item.level)) if item.owed else None,
            overdue=urgency == 0,
            visit=VisitOutcome(item.visit) if item.visit else None,
            finding=item.finding,
            entries=entries[item.item_no],
        )
        for item, title, status, urgency in rows
    ]


async def _entries(session: AsyncSession, sweep_no: str, numbers: Sequence[int]) -> dict[int | None, list[EntryView]]:
    wanted = (
        select(SweepEntry, User.name)
        .outerjoin(User, User.user_id == SweepEntry.actor)
        .where(SweepEntry.sweep_no == sweep_no, SweepEntry.item_no.in_(numbers))
        .order_by(SweepEntry.id)
    )
    found: dict[int | None, list[EntryView]] = defaultdict(list)
    for entry, name in await session.execute(wanted):
        found[entry.item_no].append(
            EntryView(
                at=entry.at,
                by=entry.actor,
                by_name=name,
                act=SweepAct(entry.act),
                level=Level(entry.level),
                visit=VisitOutcome(entry.visit) if entry.visit else None,
                words=entry.words,
            )
        )
    return found
