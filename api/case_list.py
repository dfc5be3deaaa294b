"""Finding cases: filters, order and pages of the list."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, String, Text, and_, exists, func, or_, select, tuple_, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from api.fields import Search
from api.paging import Cursor, cut, read_cursor
from api.scope import WITHOUT_CONTENTS, visible
from api.snapshots import OwnerView, owner_view, recorded_owner
from api.tokens import Caller
from infra.chinese_text import sought
from infra.directory_tables import Region
from infra.rosters import unit_names
from infra.tables import Case, CaseWords, Task
from workflows.contracts.ids import RegionCode, UnitId, region_prefix
from workflows.contracts.vocabulary import CaseKind, CaseStatus, Flag, Level, RiskLevel, Solved, Urgency


class Sort(StrEnum):
    """The orders of the list."""

    OLDEST = "registered_at"
    NEWEST = "-registered_at"
    DUE = "due_at"


class CaseFilter(BaseModel):
    """What is asked for; `region` is a subtree, `unit` one that owns the next step or has a task."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    status: CaseStatus | None = None
    kind: CaseKind | None = None
    region: RegionCode | None = None
    unit: UnitId | None = None
    level: Level | None = None
    risk: RiskLevel | None = None
    overdue: bool | None = None
    due_soon: bool | None = None
    flag: Flag | None = None
    q: Search | None = None
    sort: Sort = Sort.NEWEST


Filter = Annotated[CaseFilter, Query()]


class CaseItem(BaseModel):
    """A case in a list; `due_at` is when the earliest of its open clocks ends, `provisional` if that may yet move."""

    case_no: str
    title: str
    status: CaseStatus
    kind: CaseKind
    source: str
    urgency: Urgency
    category: str | None
    region_code: str | None
    region_name: str | None
    level: Level
    risk: RiskLevel | None
    flags: list[Flag]
    owner: OwnerView | None
    registered_at: datetime
    due_at: datetime | None
    provisional: bool
    rating: str | None
    solved: Solved | None
    seq: int


async def find_cases(
    session: AsyncSession, caller: Caller, asked: CaseFilter, cursor_text: str | None, limit: int, *, today: date
) -> tuple[list[CaseItem], str | None]:
    """A page of the cases that the caller sees, and its next cursor; `today` is the local date whose duty is shown.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    cursor = read_cursor(cursor_text, asked.sort.value)
    rows = await session.execute(
        select(Case, Region.name)
        .outerjoin(Region, Region.code == Case.region_code)
        .where(visible(caller), *_conditions(asked))
        .where(*([_after(asked.sort, cursor)] if cursor else []))
        .order_by(*_ORDER[asked.sort])
        .limit(limit + 1)
        .options(*WITHOUT_CONTENTS)
    )
    page, following = cut(rows.all(), limit, lambda row: _cursor(asked.sort, row[0]))
    return await _items(session, page, today), following


async def count_cases(session: AsyncSession, caller: Caller, asked: CaseFilter, most: int) -> int:
    """How many cases the caller sees under the filters; counting ends at `most`."""
    found = select(Case.case_no).where(visible(caller), *_conditions(asked)).limit(most).subquery()
    return await session.scalar(select(func.count()).select_from(found)) or 0


_ORDER: dict[Sort, tuple[Any, ...]] = {
    Sort.OLDEST: (Case.registered_at, Case.case_no),
    Sort.NEWEST: (Case.registered_at.desc(), Case.case_no.desc()),
    # Without a due time comes last, as PostgreSQL sorts it by itself.
    Sort.DUE: (Case.due_at, Case.case_no),
}


def _cursor(sort: Sort, case: Case) -> Cursor:
    return Cursor(order=sort.value, key=case.case_no, value=case.due_at if sort is Sort.DUE else case.registered_at)


def _after(sort: Sort, cursor: Cursor) -> ColumnElement[bool]:
    last = (cursor.value, cursor.key)
    match sort:
        case Sort.OLDEST:
            return tuple_(Case.registered_at, Case.case_no) > last
        case Sort.NEWEST:
            return tuple_(Case.registered_at, Case.case_no) < last
        case Sort.DUE if cursor.value is None:
            return and_(Case.due_at.is_(None), Case.case_no > cursor.key)
        case Sort.DUE:
            return or_(tuple_(Case.due_at, Case.case_no) > last, Case.due_at.is_(None))


def _conditions(asked: CaseFilter) -> list[ColumnElement[bool]]:
    exact = {
        Case.status: asked.status,
        Case.kind: asked.kind,
        Case.level: asked.level,
        Case.risk: asked.risk,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value is not None]
    # These are said without a parameter, so that the partial indexes of such cases serve them.
    for flag, wanted in ((Case.overdue, asked.overdue), (Case.due_soon, asked.due_soon)):
        if wanted is not None:
            conditions.append(and_(flag) if wanted else ~flag)
    if asked.flag is not None:
        conditions.append(type_coerce(Case.flags, ARRAY(Text)).contains([asked.flag.value]))
    if asked.region is not None:
        conditions.append(Case.region_code.startswith(region_prefix(asked.region)))
    if asked.unit is not None:
        has_task = exists().where(Task.case_no == Case.case_no, Task.unit_id == asked.unit)
        conditions.append(or_(Case.owner_unit == asked.unit, has_task))
    if asked.q is not None:
        conditions.append(_mentions(asked.q))
    return conditions


def _mentions(words: str) -> ColumnElement[bool]:
    found = type_coerce(CaseWords.grams, ARRAY(String)).contains(sought(words))
    return Case.case_no.in_(select(CaseWords.case_no).where(found))


async def _items(session: AsyncSession, rows: Sequence[Any], today: date) -> list[CaseItem]:
    names = await unit_names(session, {case.owner_unit for case, _ in rows if case.owner_unit}, today)
    return [
        CaseItem(
            case_no=case.case_no,
            title=case.title,
            status=CaseStatus(case.status),
            kind=CaseKind(case.kind),
            source=case.source,
            urgency=Urgency(case.urgency),
            category=case.category,
            region_code=case.region_code,
            region_name=region_name,
            level=Level(case.level),
            risk=RiskLevel(case.risk) if case.risk else None,
            flags=[Flag(flag) for flag in case.flags],
            owner=owner_view(recorded_owner(case), names),
            registered_at=case.registered_at,
            due_at=case.due_at,
            provisional=case.due_provisional,
            rating=case.rating,
            solved=Solved(case.solved) if case.solved else None,
            seq=case.seq,
        )
        for case, region_name in rows
    ]
