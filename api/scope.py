"""Which cases a caller may see: a region's subtree, or those that her unit has a task in."""

from sqlalchemy import ColumnElement, and_, exists, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from api.errors import Problem, not_found
from api.tokens import UNIT_BOUND, Caller
from infra.tables import Case, Task
from workflows.contracts.ids import region_prefix


def visible(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases`; a case without a region is for the whole city's tokens."""
    conditions: list[ColumnElement[bool]] = [true()]
    if caller.region is not None:
        conditions.append(Case.region_code.startswith(region_prefix(caller.region)))
    if caller.role in UNIT_BOUND:
        # An alias, so that a query over tasks does not take this for its own table.
        own = aliased(Task)
        conditions.append(exists().where(own.case_no == Case.case_no, own.unit_id == caller.unit))
    return and_(*conditions)


async def find_case(session: AsyncSession, caller: Caller, case_no: str) -> Case:
    """The case.

    Raises:
        Problem: 404 if it is not there, or not the caller's to see.
    """
    case = await session.scalar(select(Case).where(Case.case_no == case_no, visible(caller)))
    if case is None:
        raise not_found("case")
    return case


async def find_own_task(session: AsyncSession, caller: Caller, task_no: str) -> Task:
    """A task of the caller's own unit.

    Raises:
        Problem: 404 if the caller sees no such task, 403 `not_yours_to_do` if it is another unit's.
    """
    task = await session.scalar(
        select(Task).join(Case, Case.case_no == Task.case_no).where(Task.task_no == task_no, visible(caller))
    )
    if task is None:
        raise not_found("task")
    if task.unit_id != caller.unit:
        raise Problem(403, "not_yours_to_do", "this task is another unit's")
    return task
