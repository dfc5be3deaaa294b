"""Ordering a sweep: its list is drawn up in the transaction that writes it, and never changes afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.calendar_versions import newest_calendar
from infra.cities.routing import level_of
from infra.directory_tables import CityRow, Region
from infra.sweeps.levels import is_drawn, last_days
from infra.sweeps.policy import SweepPolicy
from infra.sweeps.standing import SweepRefused
from infra.sweeps.tables import Sweep, SweepEntry, SweepItem, TroubleSpot
from infra.sweeps.vocabulary import ItemKind, ItemStatus, Owed, SweepAct
from infra.tables import Case
from workflows.contracts.ids import VILLAGE_DIGITS, region_prefix
from workflows.contracts.vocabulary import END_STATUSES, CaseKind, CaseStatus, Level
from workflows.rules.calendar import LOCAL, ONE_DAY, compile_calendar, each_day, local_date

MOST_ITEMS = 5_000
_LONGEST_DAYS = 366
_ROWS_A_STATEMENT = 1_000
_ONE_AT_A_TIME = 7_274_114
"""Number of the advisory lock that gives each number to one sweep."""
_OVER = [status.value for status in (*END_STATUSES, CaseStatus.ARCHIVED)]


@dataclass(frozen=True, slots=True)
class Order:
    """A sweep as it is asked for: a region, local dates with both included, and what it looks for."""

    title: str
    theme: str
    region_code: str
    starts_on: date
    ends_on: date


async def order_sweep(session: AsyncSession, order: Order, *, by: str, now: datetime, most: int = MOST_ITEMS) -> Sweep:
    """Writes the sweep with everything that there is to visit: open disputes, known spots, trouble by the record.

    Tip-offs and what is hidden from a part of the city are left out, of the counts too. It holds `most` items.

    Raises:
        SweepRefused: `unknown_region`, `dates_reversed`, `sweep_over`, `sweep_too_long`, `no_working_day`, or
            `sweep_too_large`; nothing is written.
    """
    today = local_date(now)
    if await session.get(Region, order.region_code) is None:
        raise SweepRefused("unknown_region", "the city has no such region", "region_code")
    policy = await _policy(session)
    until = last_days(await _working_days(session, order, today), policy)
    items = await _items(session, order, policy, now, most)
    if len(items) > most:
        message = f"there is more to visit than the {most} of one sweep: choose a smaller region"
        raise SweepRefused("sweep_too_large", message, "region_code")
    sweep = Sweep(
        sweep_no=await _number(session, order.region_code, now),
        title=order.title,
        theme=order.theme,
        region_code=order.region_code,
        level=level_of(order.region_code).value,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        village_until=until[Level.VILLAGE],
        township_until=until[Level.TOWNSHIP],
        county_until=until[Level.COUNTY],
        ordered_by=by,
        ordered_at=now,
    )
    session.add(sweep)
    await session.flush()
    rows = [_row(sweep.sweep_no, number, item, policy) for number, item in enumerate(items, start=1)]
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        await session.execute(insert(SweepItem), rows[start : start + _ROWS_A_STATEMENT])
    session.add(SweepEntry(sweep_no=sweep.sweep_no, at=now, actor=by, act=SweepAct.ORDERED.value, level=sweep.level))
    await session.flush()
    return sweep


async def _policy(session: AsyncSession) -> SweepPolicy:
    written = await session.scalar(select(CityRow.data["sweeps"]))
    return SweepPolicy.model_validate(written or {})


async def _working_days(session: AsyncSession, order: Order, today: date) -> Sequence[date]:
    if order.ends_on < order.starts_on:
        raise SweepRefused("dates_reversed", "the last day lies before the first", "ends_on")
    if order.ends_on < today:
        raise SweepRefused("sweep_over", "the last day has passed", "ends_on")
    if (order.ends_on - order.starts_on).days >= _LONGEST_DAYS:
        raise SweepRefused("sweep_too_long", f"a sweep lasts {_LONGEST_DAYS} days at most", "ends_on")
    window = await newest_calendar(session)
    if window is None:
        raise SweepRefused("city_not_loaded", "load a city first: yingshao city load DIR", "region_code")
    calendar = compile_calendar(window)
    found = [day for day in each_day(order.starts_on, order.ends_on + ONE_DAY) if calendar.is_working_day(day)]
    if not found:
        raise SweepRefused("no_working_day", "there is no working day between the two", "ends_on")
    return found


async def _number(session: AsyncSession, region_code: str, now: datetime) -> str:
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    prefix = f"S{region_code[:6]}{now.astimezone(LOCAL):%Y%m%d}"
    before = await session.scalar(select(func.count()).select_from(Sweep).where(Sweep.sweep_no.startswith(prefix)))
    return f"{prefix}{(before or 0) + 1:03d}"


async def _items(
    session: AsyncSession, order: Order, policy: SweepPolicy, now: datetime, most: int
) -> list[dict[str, Any]]:
    """What there is to visit, by region; of each sort no more than one beyond the bound is looked at."""
    found: list[dict[str, Any]] = []
    for kind, chosen in (
        (ItemKind.CASE, _open_disputes(order.region_code)),
        (ItemKind.SPOT, _known_spots(order)),
        (ItemKind.RECORD, _trouble_by_record(order.region_code, policy, now)),
    ):
        none: dict[str, Any] = {"case_no": None, "spot_id": None, "category": None, "cases": None}
        rows = (await session.execute(chosen.limit(most + 1))).mappings()
        found += [{"kind": kind.value, **none, **row} for row in rows]
    return sorted(found, key=lambda item: item["region_code"])


def _open_disputes(region_code: str) -> Any:
    # What has no region of its own is the whole city's, and is visited by whoever sweeps that.
    inside: ColumnElement[bool] = Case.region_code.startswith(region_prefix(region_code))
    if level_of(region_code) is Level.CITY:
        inside = or_(inside, Case.region_code.is_(None))
    return (
        select(func.coalesce(Case.region_code, region_code).label("region_code"), Case.case_no)
        .where(inside, Case.kind == CaseKind.DISPUTE.value, Case.status.not_in(_OVER), _told_to_all())
        .order_by(Case.region_code, Case.case_no)
    )


def _known_spots(order: Order) -> Any:
    lasts = or_(TroubleSpot.until.is_(None), TroubleSpot.until >= order.starts_on)
    inside = TroubleSpot.region_code.startswith(region_prefix(order.region_code))
    return (
        select(TroubleSpot.region_code, TroubleSpot.spot_id)
        .where(inside, TroubleSpot.since <= order.ends_on, lasts)
        .order_by(TroubleSpot.region_code, TroubleSpot.spot_id)
    )


def _trouble_by_record(region_code: str, policy: SweepPolicy, now: datetime) -> Any:
    village = func.substr(Case.region_code, 1, VILLAGE_DIGITS).label("region_code")
    counted = func.count().label("cases")
    since = literal(now) - func.make_interval(0, policy.trouble_months.value)
    return (
        select(village, Case.category, counted)
        .where(
            Case.region_code.startswith(region_prefix(region_code)),
            func.substr(Case.region_code, VILLAGE_DIGITS - 2, 3) != "000",
            Case.category.is_not(None),
            Case.kind != CaseKind.TIP_OFF.value,
            Case.registered_at >= since,
            _told_to_all(),
        )
        .group_by(village, Case.category)
        .having(counted >= policy.trouble_cases.value)
        .order_by(village, Case.category)
    )


def _told_to_all() -> ColumnElement[bool]:
    return func.cardinality(Case.hidden_from) == 0


def _row(sweep_no: str, number: int, item: dict[str, Any], policy: SweepPolicy) -> dict[str, Any]:
    return item | {
        "sweep_no": sweep_no,
        "item_no": number,
        "sampled": is_drawn(sweep_no, number, policy.sample.value),
        "level": level_of(item["region_code"]).value,
        "status": ItemStatus.TO_VISIT.value,
        "owed": Owed.VISIT.value,
    }
