"""What a matter counts for in figures: once in the on-time rate, and once for each person who reported it."""

from collections import defaultdict

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.tables import Case, Requester
from workflows.contracts.state import CaseState
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


async def read_outcome(session: AsyncSession, case: Case) -> Outcome:
    """Of the case and of all that was merged into it, directly or through another."""
    said_by: defaultdict[str, list[str | None]] = defaultdict(list)
    wanted: list[tuple[str, str | None]] = [(case.case_no, None)]
    reports = 0
    while wanted:
        case_no, main = wanted.pop()
        report = select(Case.snapshot, Case.rating, Requester.phone).outerjoin(Requester).where(Case.case_no == case_no)
        snapshot, rating, phone = (await session.execute(report)).one()
        state = CaseState.model_validate(snapshot) if snapshot else None
        if main is not None and (state is None or state.merged_into != main):
            # Taken up again by its reporter: a matter of its own.
            continue
        reports += 1
        said_by[phone or case_no].append(rating)
        wanted += [(other, case_no) for other in state.merged] if state else []
    ratings = [list(filter(None, said)) for said in said_by.values()]
    return Outcome(
        reports=reports,
        on_time=_on_time(case),
        people=len(said_by),
        rated=sum(map(bool, ratings)),
        satisfied=sum(bool(said) and _CONTENT.issuperset(said) for said in ratings),
    )


def _on_time(case: Case) -> bool | None:
    """Whether the requester's own clock of the present round was kept."""
    clocks = CaseState.model_validate(case.snapshot).clocks.values() if case.snapshot else []
    own = [clock for clock in clocks if clock.name is ClockName.CITIZEN]
    latest = max(own, key=lambda clock: clock.round, default=None)
    if latest is None or (latest.met_at is None and latest.breached_at is None):
        return None
    return latest.breached_at is None
