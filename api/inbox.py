"""A unit's inbox: its tasks, what is due first on top."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from api.paging import Cursor, cut, read_cursor
from api.scope import WITHOUT_CONTENTS, visible
from api.snapshots import ClockView, clock_views
from api.tokens import UNIT_BOUND, Caller
from infra.rosters import OnDuty, UnitName, unit_names
from infra.tables import Case, Task
from workflows.contracts.clocks import Clock
from workflows.contracts.ids import UnitId
from workflows.contracts.vocabulary import TASK_ENDS, CaseStatus, TaskRole, TaskStatus, Urgency

_ORDER = "due_at"


class AskedTasks(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    unit: UnitId | None = None
    status: TaskStatus | None = None
    overdue: bool | None = None
    due_soon: bool | None = None


InboxFilter = Annotated[AskedTasks, Query()]


class TaskItem(BaseModel):
    """A task in an inbox; `open` while the unit is at it: not once it finished, or is rid of the task.

    `due_at` is when the earliest of its open clocks ends, `provisional` if that may yet move; `on_duty` is there while
    it is open.
    """

    task_no: str
    case_no: str
    case_status: CaseStatus
    title: str
    urgency: Urgency
    category: str | None
    region_code: str | None
    unit_id: str
    unit_name: str
    role: TaskRole
    status: TaskStatus
    open: bool
    on_duty: OnDuty | None
    dispatched_at: datetime
    due_at: datetime | None
    provisional: bool
    due_soon: bool
    overdue: bool
    extension_asked: bool
    clocks: list[ClockView]


async def find_tasks(
    session: AsyncSession, caller: Caller, asked: AskedTasks, cursor_text: str | None, limit: int, *, today: date
) -> tuple[list[TaskItem], str | None]:
    """A page of the tasks that the caller sees, and its next cursor; `today` is the local date whose duty is shown.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    cursor = read_cursor(cursor_text, _ORDER)
    exact = {
        Task.unit_id: asked.unit,
        Task.status: asked.status,
        Task.overdue: asked.overdue,
        Task.due_soon: asked.due_soon,
    }
    conditions: list[ColumnElement[bool]] = [column == value for column, value in exact.items() if value is not None]
    if caller.role in UNIT_BOUND:
        conditions.append(Task.unit_id == caller.unit)
    rows = await session.execute(
        select(Task, Case, Case.snapshot["clocks"], Case.snapshot["extension_requests"])
        .join(Case, Case.case_no == Task.case_no)
        .where(visible(caller), *conditions, *([_after(cursor)] if cursor else []))
        .order_by(Task.due_at, Task.task_no)
        .limit(limit + 1)
        .options(*WITHOUT_CONTENTS)
    )
    page, following = cut(rows.all(), limit, lambda row: Cursor(order=_ORDER, key=row[0].task_no, value=row[0].due_at))
    names = await unit_names(session, {task.unit_id for task, *_ in page}, today)
    items = [_item(task, case, clocks, requests, names[task.unit_id]) for task, case, clocks, requests in page]
    return items, following


def _after(cursor: Cursor) -> ColumnElement[bool]:
    # Tasks without a due time come last, as PostgreSQL sorts them by itself.
    if cursor.value is None:
        return and_(Task.due_at.is_(None), Task.task_no > cursor.key)
    return or_(tuple_(Task.due_at, Task.task_no) > (cursor.value, cursor.key), Task.due_at.is_(None))


def _item(
    task: Task, case: Case, clocks: dict[str, dict[str, Any]], requests: dict[str, Any] | None, unit: UnitName
) -> TaskItem:
    is_open = task.status not in TASK_ENDS
    own = [Clock.model_validate(clock) for clock in clocks.values() if clock["task_no"] == task.task_no]
    return TaskItem(
        task_no=task.task_no,
        case_no=case.case_no,
        case_status=CaseStatus(case.status),
        title=case.title,
        urgency=Urgency(case.urgency),
        category=case.category,
        region_code=case.region_code,
        unit_id=task.unit_id,
        unit_name=unit.unit,
        role=TaskRole(task.role),
        status=TaskStatus(task.status),
        open=is_open,
        on_duty=unit.on_duty if is_open else None,
        dispatched_at=task.dispatched_at,
        due_at=task.due_at,
        provisional=task.due_provisional,
        due_soon=task.due_soon,
        overdue=task.overdue,
        extension_asked=task.task_no in (requests or {}),
        clocks=clock_views(own),
    )
