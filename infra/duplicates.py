"""Which cases may be about the same thing as a given one: few enough to compare, by place, time and shared words."""

import math
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, bindparam, extract, func, literal, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from infra.likeness import NEAR_METRES, THRESHOLD, WINDOW, Account, Likeness, Point, compare
from infra.tables import Case, CaseWords
from workflows.contracts.ids import CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, region_prefix
from workflows.contracts.vocabulary import END_STATUSES, CaseKind, CaseStatus

_LOOKED_THROUGH = 2_000
"""Cases of the place, the nearest in time, whose words are counted: a month of a large township."""
_COMPARED = 40
"""Cases with the most words in common that are compared in full."""
_TOLD = 10
"""The likeliest; whoever is shown more reads none."""
_METRES_A_DEGREE = 111_195


class Duplicate(NamedTuple):
    """A case, and how alike it is."""

    case: Case
    likeness: Likeness


async def likely_duplicates(
    session: AsyncSession, case: Case, sees: ColumnElement[bool], *, earlier_only: bool = False
) -> list[Duplicate]:
    """The likeliest first, ten at most, among the open cases that meet `sees`, a condition on `cases`.

    `earlier_only`: among those registered before it, which is the same answer whenever it is asked. A tip-off is never
    compared with anything: even that there is one like it would tell.
    """
    if case.kind == CaseKind.TIP_OFF:
        return []
    account = account_of(case)
    candidates = await session.scalars(_candidates(case, account, and_(sees, *_earlier(case, earlier_only))))
    found = [Duplicate(other, compare(account, account_of(other))) for other in candidates]
    likely = [duplicate for duplicate in found if duplicate.likeness.score >= THRESHOLD]
    return sorted(likely, key=lambda duplicate: (-duplicate.likeness.score, duplicate.case.case_no))[:_TOLD]


def account_of(case: Case) -> Account:
    """What the case's report says."""
    return Account(
        title=case.title,
        description=case.description,
        at=case.registered_at,
        region_code=case.region_code,
        point=_point(case.location or {}),
        category=case.category,
    )


def _point(location: dict[str, Any]) -> Point | None:
    lat, lng = location.get("lat"), location.get("lng")
    return Point(lat, lng) if lat is not None and lng is not None else None


def _earlier(case: Case, earlier_only: bool) -> list[ColumnElement[bool]]:
    then: Any = (case.registered_at, case.case_no)
    return [tuple_(Case.registered_at, Case.case_no) < then] if earlier_only else []


def _candidates(case: Case, account: Account, condition: ColumnElement[bool]) -> Any:
    near = (
        select(Case.case_no)
        .where(
            Case.case_no != case.case_no,
            Case.kind != CaseKind.TIP_OFF.value,
            # What is over takes no report in; a further call, or a reopening, is the way to it.
            Case.status.not_in([status.value for status in (CaseStatus.ARCHIVED, *sorted(END_STATUSES))]),
            Case.registered_at.between(account.at - WINDOW, account.at + WINDOW),
            _in_the_place(account),
            condition,
        )
        .order_by(func.abs(extract("epoch", Case.registered_at - account.at)), Case.case_no)
        .limit(_LOOKED_THROUGH)
        .subquery()
    )
    own = func.unnest(literal(account.pairs, ARRAY(String))).column_valued("own")
    said = select(CaseWords.case_no, func.unnest(CaseWords.grams).label("gram"))
    said_near = said.join(near, near.c.case_no == CaseWords.case_no).subquery()
    likeliest = (
        select(said_near.c.case_no)
        .where(said_near.c.gram.in_(select(own)))
        .group_by(said_near.c.case_no)
        .order_by(func.count().desc(), said_near.c.case_no)
        .limit(_COMPARED)
    )
    return select(Case).where(Case.case_no.in_(likeliest)).options(defer(Case.snapshot, raiseload=True))


def _in_the_place(account: Account) -> ColumnElement[bool]:
    """Of the same township, of what is wider and has it in it, or near by coordinates within the county."""
    if account.region_code is None:
        return true()
    place = region_prefix(account.region_code)[:TOWNSHIP_DIGITS]
    around = [f"{place[:digits]:0<12}" for digits in (CITY_DIGITS, COUNTY_DIGITS) if digits < len(place)]
    conditions = [_within(place), Case.region_code.in_(around), Case.region_code.is_(None)]
    if account.point is not None:
        conditions.append(and_(_within(place[:COUNTY_DIGITS]), _in_the_box(account.point)))
    return or_(*conditions)


def _within(prefix: str) -> ColumnElement[bool]:
    # As a part of the statement itself: a plan for any prefix could not use the index of regions.
    return Case.region_code.like(bindparam(None, f"{prefix}%", literal_execute=True))


def _in_the_box(point: Point) -> ColumnElement[bool]:
    lat_room = NEAR_METRES / _METRES_A_DEGREE
    lng_room = lat_room / max(0.01, math.cos(math.radians(point.lat)))
    lat, lng = Case.location["lat"].as_float(), Case.location["lng"].as_float()
    return and_(
        lat.between(point.lat - lat_room, point.lat + lat_room), lng.between(point.lng - lng_room, point.lng + lng_room)
    )
