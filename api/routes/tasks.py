"""Tasks: a unit's inbox and its steps (签收、联系、报到、进展、退单、异议、申请延期、办结、评哨)."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter

from api import bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.dispatch_bodies import RateWhistleBody
from api.errors import problems
from api.inbox import InboxFilter, TaskItem, find_tasks
from api.paging import CursorText, Limit, Page
from api.services import App
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import TaskNo
from workflows.rules.calendar import local_date

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])
_refusals = partial(problems, 401, 403, 404)
Worker = Annotated[Caller, may(Action.WORK_ON_TASK)]


@router.get("", responses=problems(401, 403))
async def list_tasks(
    by: Annotated[Caller, may(Action.READ_TASKS)],
    app: App,
    asked: InboxFilter,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[TaskItem]:
    """A unit's inbox, what is due first on top; a unit's own token sees that unit's tasks."""
    async with app.sessions() as session:
        items, following = await find_tasks(session, by, asked, cursor, limit, today=local_date(app.now()))
    return Page(items=items, next_cursor=following)


@router.post("/{task_no}/sign", responses=_refusals(command=b.SignBody.makes))
async def sign(task_no: TaskNo, by: Worker, desk: Desk, body: b.SignBody | None = None) -> CaseSnapshot:
    """签收: the unit has seen the task."""
    return await desk.submit_for_task(task_no, body or b.SignBody(), by)


@router.post("/{task_no}/contact", responses=_refusals(command=b.ContactBody.makes))
async def contact(task_no: TaskNo, body: b.ContactBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """联系: the unit has spoken with the requester."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/report-in", responses=_refusals(command=b.ReportInBody.makes))
async def report_in(task_no: TaskNo, by: Worker, desk: Desk, body: b.ReportInBody | None = None) -> CaseSnapshot:
    """报到: the unit is there and takes over."""
    return await desk.submit_for_task(task_no, body or b.ReportInBody(), by)


@router.post("/{task_no}/progress", responses=_refusals(command=b.ProgressBody.makes))
async def progress(task_no: TaskNo, body: b.ProgressBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """A note on how the work goes."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/send-back", responses=_refusals(command=b.SendBackBody.makes))
async def send_back(task_no: TaskNo, body: b.SendBackBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """退单: not the unit's business, by that clause, but the suggested unit's; the second of a case is a dispute."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/object", responses=_refusals(command=b.ObjectBody.makes))
async def object_to(task_no: TaskNo, body: b.ObjectBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """异议: a designated unit objects to the common superior, and works on meanwhile."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/request-extension", responses=_refusals(command=b.RequestExtensionBody.makes))
async def request_extension(task_no: TaskNo, body: b.RequestExtensionBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """申请延期: the unit asks for more time; the approver decides on a clock."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/finish", responses=_refusals(command=b.FinishBody.makes))
async def finish(task_no: TaskNo, body: b.FinishBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """办结: the unit's part is done; `reply` is what the requester reads."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/rate-whistle", responses=_refusals(command=RateWhistleBody.makes))
async def rate_whistle(
    task_no: TaskNo, body: RateWhistleBody, by: Annotated[Caller, may(Action.RATE_WHISTLE)], desk: Desk
) -> CaseSnapshot:
    """评哨: how the unit was called in; the right one, clearly, and was it needed?"""
    return await desk.submit_for_task(task_no, body, by)
