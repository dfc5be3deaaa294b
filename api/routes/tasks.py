"""Tasks: a unit's inbox and its steps (签收、联系、报到、进展、退单、异议、申请延期、办结)."""

from typing import Annotated, Any

from fastapi import APIRouter

from api import bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.inbox import InboxFilter, TaskItem, find_tasks
from api.paging import CursorText, Limit, Page
from api.services import App
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import TaskNo

router = APIRouter(prefix="/api/v1/tasks", tags=["tasks"])
_REFUSALS: dict[int | str, dict[str, Any]] = problems(401, 403, 404, 409)
_SEND_BACK = problems(
    401,
    403,
    404,
    rules=(
        "task_not_open",
        "designated_unit",
        "send_back_already_asked",
        "dispute_open",
        "suggests_itself",
        "send_back_not_allowed",
        "send_back_window_over",
    ),
)
_OBJECT = problems(401, 403, 404, rules=("task_not_open", "not_designated"))
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
        items, following = await find_tasks(session, by, asked, cursor, limit)
    return Page(items=items, next_cursor=following)


@router.post("/{task_no}/sign", responses=_REFUSALS)
async def sign(task_no: TaskNo, by: Worker, desk: Desk, body: b.SignBody | None = None) -> CaseSnapshot:
    """签收: the unit has seen the task."""
    return await desk.submit_for_task(task_no, body or b.SignBody(), by)


@router.post("/{task_no}/contact", responses=_REFUSALS)
async def contact(task_no: TaskNo, body: b.ContactBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """联系: the unit has spoken with the requester."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/report-in", responses=_REFUSALS)
async def report_in(task_no: TaskNo, by: Worker, desk: Desk, body: b.ReportInBody | None = None) -> CaseSnapshot:
    """报到: the unit is there and takes over."""
    return await desk.submit_for_task(task_no, body or b.ReportInBody(), by)


@router.post("/{task_no}/progress", responses=_REFUSALS)
async def progress(task_no: TaskNo, body: b.ProgressBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """A note on how the work goes."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/send-back", responses=_SEND_BACK)
async def send_back(task_no: TaskNo, body: b.SendBackBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """退单: not the unit's business, by that clause, but the suggested unit's; the second of a case is a dispute."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/object", responses=_OBJECT)
async def object_to(task_no: TaskNo, body: b.ObjectBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """异议: a designated unit objects to the common superior, and works on meanwhile."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/request-extension", responses=_REFUSALS)
async def request_extension(task_no: TaskNo, body: b.RequestExtensionBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """申请延期: the unit asks for more time; the approver decides on a clock."""
    return await desk.submit_for_task(task_no, body, by)


@router.post("/{task_no}/finish", responses=_REFUSALS)
async def finish(task_no: TaskNo, body: b.FinishBody, by: Worker, desk: Desk) -> CaseSnapshot:
    """办结: the unit's part is done; `reply` is what the requester reads."""
    return await desk.submit_for_task(task_no, body, by)
