"""What a matter counts for in figures: once in the on-time rate, and once for each person who reported it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.tables import Case, Requester
from workflows.contracts.clocks import Clock
from workflows.contracts.vocabulary import ClockName

_CONTENT = frozenset({"very_satisfied", "satisfied", "basically_satisfied"})


class Outcome(BaseModel):
    """What became of a matter, with numerators and denominators apart.

    `reports` are the case's own and those that go on in it. `on_time` is of the one date that binds them all, the
    earliest; null while it is open or was called off. `people` reported it, each counted once however often they
    called: whoever left no number cannot be recognised again. Of them `rated` said what they think of the result, the
    others are not content but unrated; `satisfied` were content with every report they rated.
    """

    reports: int
    on_time: bool | None
    people: int
    rated: int
    satisfied: int


async def read_outcome(session: AsyncSession, case_no: str) -> Outcome:
    """Of the case and of all that was merged into it, directly or through another."""
    latest = await _reports(session, [case_no])
    reports = {report.case_no: report for report in latest}
    while following := {
        (other, main.case_no) for main in latest for other in main.merged or () if other not in reports
    }:
        found = await _reports(session, {other for other, _ in following})
        # Without those that their reporters had taken up again: matters of their own.
        latest = [report for report in found if (report.case_no, report.merged_into) in following]
        reports |= {report.case_no: report for report in latest}
    said_by: defaultdict[str, list[str | None]] = defaultdict(list)
    for report in reports.values():
        said_by[report.phone or report.case_no].append(report.rating)
    ratings = [list(filter(None, said)) for said in said_by.values()]
    return Outcome(
        reports=len(reports),
        on_time=await _on_time(session, case_no),
        people=len(said_by),
        rated=sum(map(bool, ratings)),
        satisfied=sum(bool(said) and _CONTENT.issuperset(said) for said in ratings),
    )


async def _reports(session: AsyncSession, case_nos: Collection[str]) -> Sequence[Row[Any]]:
    # What is as by default is not in the snapshot: null here.
    merged, merged_into = Case.snapshot["merged"], Case.snapshot["merged_into"].astext
    found = select(
        Case.case_no, Case.rating, Requester.phone, merged.label("merged"), merged_into.label("merged_into")
    ).outerjoin(Requester)
    return (await session.execute(found.where(Case.case_no.in_(case_nos)))).all()


async def _on_time(session: AsyncSession, case_no: str) -> bool | None:
    """Whether the requester's own clock of the present round was kept."""
    clocks = await session.scalar(select(Case.snapshot["clocks"]).where(Case.case_no == case_no)) or {}
    own = [clock for clock in map(Clock.model_validate, clocks.values()) if clock.name is ClockName.CITIZEN]
    latest = max(own, key=lambda clock: clock.round, default=None)
    if latest is None or (latest.met_at is None and latest.breached_at is None):
        return None
    return latest.breached_at is None
