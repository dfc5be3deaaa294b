"""Why this date? The days behind a clock of a case, and any date worked out."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.authorisation import Action, may
from api.deadlines import ClockDays, Deadline, clock_days, work_out
from api.errors import not_found, problems, unavailable
from api.scope import find_case
from api.services import App
from api.snapshots import recorded_state
from api.tokens import Caller
from infra.calendar_versions import newest_calendar
from workflows.contracts.ids import CaseNo

router = APIRouter(prefix="/api/v1", tags=["deadlines"])
PauseText = Annotated[str, Query(max_length=100)]


@router.get("/cases/{case_no}/days", responses=problems(401, 403, 404))
async def days_of_clock(
    case_no: CaseNo,
    by: Annotated[Caller, may(Action.READ_CASES)],
    app: App,
    clock: Annotated[str, Query(max_length=64, description="the clock's id, like citizen or T1/finish")],
) -> ClockDays:
    """Why this date? The days that a clock counted, skipped, stood still on and rolled over."""
    async with app.sessions() as session:
        state = recorded_state(await find_case(session, by, case_no, whole=True))
    if state is None:
        raise not_found("clock")
    return clock_days(state, clock)


@router.get("/deadline", responses=problems(401, 403))
async def deadline(
    by: Annotated[Caller, may(Action.WORK_OUT_DEADLINE)],
    app: App,
    start: Annotated[str, Query(max_length=40, description="when it starts: ISO 8601 with offset")],
    limit: Annotated[str, Query(max_length=100, description="like 5 working_days")],
    pause: Annotated[list[PauseText] | None, Query(max_length=50, description="begin/end; repeatable")] = None,
    extended_by: Annotated[int, Query(ge=0, le=9_999, description="in the limit's unit; days for months, years")] = 0,
) -> Deadline:
    """When a limit ends on the city's newest calendar, and the days that this rests on."""
    async with app.sessions() as session:
        window = await newest_calendar(session)
    if window is None:
        raise unavailable("calendar")
    return work_out(window, start, limit, pause or (), extended_by)
