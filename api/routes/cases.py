"""Cases: taking them in, finding them, and reading one."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import Action, may, permit_region
from api.case_desk import After, Desk, show, told
from api.case_list import CaseItem, Filter, find_cases
from api.duplicates import LikelyDuplicate, LikelyDuplicates, find_duplicates, told_at_intake
from api.errors import Problem, problems
from api.idempotency import Once
from api.instants import known_moment, read_instant
from api.outcomes import Outcome, read_outcome
from api.paging import CursorText, Limit, Page
from api.reception import received
from api.report_body import ReportBody
from api.requesters import RequesterView, look_at_requester
from api.scope import find_case, visible_to_reporter
from api.services import App, Services
from api.snapshots import CaseSnapshot
from api.timeline import TimelineItem, read_timeline, state_known_at
from api.tokens import Caller
from api.unseen_cases import for_reader
from infra.intake import Intakes, random_pin
from infra.tables import Intake
from workflows.contracts.ids import CaseNo
from workflows.contracts.vocabulary import CaseStatus
from workflows.rules.calendar import local_date

router = APIRouter(prefix="/api/v1/cases", tags=["cases"])


class RegisteredAnswer(BaseModel):
    """The reporter's receipt; the PIN is told again only under the same `Idempotency-Key`.

    `likely_duplicates` are open cases that the reporter may see; always empty for whoever may not look for them.
    """

    case_no: str
    tracking_code: str
    pin: str | None
    status: CaseStatus
    likely_duplicates: list[LikelyDuplicate] = []


@router.post("", status_code=201, responses=problems(401, 403))
async def report(
    body: ReportBody, by: Annotated[Caller, may(Action.REPORT)], app: App, desk: Desk, request: Request
) -> RegisteredAnswer:
    """登记: durable at once, whether or not the process behind it is up; the citizen's clock runs from now."""
    permit_region(by, body.region_code)
    arrival = received(request)
    once = desk.once(by.key_owner)
    async with app.sessions.begin() as session:
        earlier = await once.claim(session, app.now())
        if earlier is not None:
            receipt = await _again(session, app, once, earlier)
        else:
            pin = random_pin if once.key is None else partial(app.tokens.pin, once.owner, once.key)
            intakes = Intakes(lambda: arrival.at, pin)
            registered = await intakes.register(session, body.report(), by.actor, sees=visible_to_reporter(by))
            await once.answered(
                session,
                {"case_no": registered.case_no, "status": registered.status.value, "new": registered.pin is not None},
            )
            receipt = RegisteredAnswer.model_validate(registered.model_dump())
            request.state.case_no = registered.case_no
    # Looked for afterwards, so that neither the report nor its key waits for it.
    return receipt.model_copy(update={"likely_duplicates": await told_at_intake(app, receipt.case_no, by)})


async def _again(session: AsyncSession, app: Services, once: Once, earlier: dict[str, Any]) -> RegisteredAnswer:
    """The same receipt: the PIN is made anew, for it was not kept."""
    case_no = earlier["case_no"]
    tracking_code = await session.scalar(select(Intake.tracking_code).where(Intake.case_no == case_no))
    return RegisteredAnswer(
        case_no=case_no,
        tracking_code=tracking_code or "",
        pin=app.tokens.pin(once.owner, once.key or "", case_no) if earlier["new"] else None,
        status=earlier["status"],
    )


@router.get("", responses=problems(401, 403))
async def list_cases(
    by: Annotated[Caller, may(Action.READ_CASES)], app: App, asked: Filter, cursor: CursorText = None, limit: Limit = 50
) -> Page[CaseItem]:
    """The cases that the caller may see, by filters; `q` finds words of title and description."""
    async with app.sessions() as session:
        items, following = await find_cases(session, by, asked, cursor, limit, today=local_date(app.now()))
    return Page(items=items, next_cursor=following)


@router.get("/{case_no}", responses=problems(401, 403, 404))
async def read_case(
    case_no: CaseNo,
    by: Annotated[Caller, may(Action.READ_CASES)],
    app: App,
    live: Annotated[bool, Query(description="ask the running case itself; stale if it does not answer")] = False,
    at: Annotated[str | None, Query(description="the case as it was known then: ISO 8601 with offset")] = None,
) -> CaseSnapshot:
    """One case: state, owner, tasks and clocks, now or as they were known at a moment of the past."""
    if at is not None and live:
        raise Problem.of_field("at", "at_or_live", "the running case knows only the present: leave out at or live")
    async with app.sessions() as session:
        case = await find_case(session, by, case_no, whole=True)
        then = known_moment(read_instant("at", at), case.registered_at, app.now()) if at is not None else None
        if then is not None:
            state, stale = await state_known_at(session, case_no, then), False
    if then is None:
        state, stale = await told(app, case, live=live)
    return await show(app, After(case, state, stale, then), by)


@router.get("/{case_no}/timeline", responses=problems(401, 403, 404))
async def case_timeline(
    case_no: CaseNo,
    by: Annotated[Caller, may(Action.READ_CASES)],
    app: App,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[TimelineItem]:
    """What happened, in order, with the words that people wrote."""
    async with app.sessions() as session:
        case = await find_case(session, by, case_no)
        items, following = await read_timeline(session, case_no, cursor, limit)
        items = await for_reader(session, case, by, items)
    return Page(items=items, next_cursor=following)


@router.get("/{case_no}/duplicates", responses=problems(401, 403, 404))
async def case_duplicates(
    case_no: CaseNo, by: Annotated[Caller, may(Action.FIND_DUPLICATES)], app: App
) -> LikelyDuplicates:
    """疑似重复: open cases that may be about the same thing, the likeliest first, each with its reasons."""
    async with app.sessions() as session:
        case = await find_case(session, by, case_no, whole=True)
        return LikelyDuplicates(items=await find_duplicates(session, case, by))


@router.get("/{case_no}/outcome", responses=problems(401, 403, 404))
async def case_outcome(case_no: CaseNo, by: Annotated[Caller, may(Action.READ_CASES)], app: App) -> Outcome:
    """办理结果: a matter that several reported counts once for its date, and once for each of them."""
    async with app.sessions() as session:
        await find_case(session, by, case_no)
        return await read_outcome(session, case_no)


@router.get("/{case_no}/requester", responses=problems(401, 403, 404))
async def read_requester(case_no: CaseNo, by: Annotated[Caller, may(Action.READ_REQUESTER)], app: App) -> RequesterView:
    """Whom the case concerns and how to reach that person; that it was looked at goes on record."""
    async with app.sessions.begin() as session:
        case = await find_case(session, by, case_no)
        return await look_at_requester(session, case, by, app.now())
