"""How far each level of a sweep has got: numerators with their denominators, never a rate alone."""

from datetime import date, datetime

from pydantic import BaseModel
from sqlalchemy import case, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from api.sweeps import SweepSummary, is_overdue, last_day, on_her_list, summaries
from api.tokens import Caller
from infra.sweeps.levels import highest
from infra.sweeps.tables import Sweep, SweepEntry, SweepItem
from infra.sweeps.vocabulary import Owed, SweepAct, VisitOutcome
from infra.tables import Case
from workflows.contracts.vocabulary import Level

_DONE, _OWED, _PASSED = "done", "owed", "passed"


class LevelFigures(BaseModel):
    """Of the `to_visit` items that came to the level, `visited` were and `passed_up` went on; so with checks.

    It has time until the local day `until`, included.
    """

    level: Level
    until: date
    to_visit: int
    visited: int
    passed_up: int
    to_check: int
    checked: int
    overdue: int


class SweepDetail(SweepSummary):
    """A sweep with its figures, of what the reader may see; `findings` is how many items became a case."""

    findings: int
    overdue: int
    levels: list[LevelFigures]


async def sweep_detail(session: AsyncSession, caller: Caller, sweep: Sweep, now: datetime) -> SweepDetail:
    """The sweep and how far each level has got."""
    (summary,) = await summaries(session, caller, [sweep])
    mine = (
        select(SweepItem.item_no, SweepItem.level, SweepItem.owed, SweepItem.finding)
        .add_columns(is_overdue(sweep, now).label("overdue"))
        .outerjoin(Case, Case.case_no == SweepItem.case_no)
        .where(SweepItem.sweep_no == sweep.sweep_no, on_her_list(caller))
        .cte("mine")
    )
    is_check = SweepEntry.act.in_([SweepAct.AGREED.value, SweepAct.DISAGREED.value])
    is_passed = SweepEntry.act == SweepAct.PASSED_UP.value
    work = union_all(
        select(
            SweepEntry.item_no,
            SweepEntry.level,
            case((is_check, Owed.CHECK.value), else_=Owed.VISIT.value).label("work"),
            case((is_passed, _PASSED), else_=_DONE).label("how"),
        )
        .join(mine, mine.c.item_no == SweepEntry.item_no)
        .where(SweepEntry.sweep_no == sweep.sweep_no)
        .where(or_(is_check, is_passed, SweepEntry.visit != VisitOutcome.UNREACHABLE.value)),
        select(mine.c.item_no, mine.c.level, mine.c.owed, literal(_OWED)).where(mine.c.owed.is_not(None)),
    ).subquery()
    # Who did not agree with a visit of her own level owes one again: such an item is not done.
    items = func.count(work.c.item_no.distinct())
    counted = await session.execute(
        select(
            work.c.level, work.c.work, items, *(items.filter(work.c.how == how) for how in (_OWED, _PASSED))
        ).group_by(work.c.level, work.c.work)
    )
    found = {(level, what): (of, of - owed - passed, passed) for level, what, of, owed, passed in counted}
    per_level = select(mine.c.level, func.count()).where(mine.c.overdue).group_by(mine.c.level)
    late: dict[str, int] = dict((await session.execute(per_level)).all())
    findings = await session.scalar(select(func.count(mine.c.finding)))
    top = highest(Level(sweep.level))
    levels = [
        _figures(sweep, level, found, late) for level in Level if level.rank <= top.rank or (level, Owed.VISIT) in found
    ]
    return SweepDetail(**dict(summary), findings=findings or 0, overdue=sum(late.values()), levels=levels)


def _figures(
    sweep: Sweep, level: Level, found: dict[tuple[str, str], tuple[int, int, int]], late: dict[str, int]
) -> LevelFigures:
    to_visit, visited, passed_up = found.get((level, Owed.VISIT), (0, 0, 0))
    to_check, checked, _ = found.get((level, Owed.CHECK), (0, 0, 0))
    return LevelFigures(
        level=level,
        until=last_day(sweep, level),
        to_visit=to_visit,
        visited=visited,
        passed_up=passed_up,
        to_check=to_check,
        checked=checked,
        overdue=late.get(level, 0),
    )
