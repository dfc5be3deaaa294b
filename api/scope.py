"""Which cases a caller may see: a region's subtree, or those that her unit has a task in."""

from typing import Any

from sqlalchemy import ColumnElement, and_, any_, exists, false, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlalchemy.orm.interfaces import ORMOption

from api.authorisation import ALLOWED, Action
from api.errors import Problem, not_found
from api.tokens import UNIT_BOUND, Caller
from infra.directory_tables import Region, Unit
from infra.tables import Case, Task
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import TASK_ENDS, TaskRole, UnitKind

WITHOUT_CONTENTS: tuple[ORMOption, ...] = tuple(
    defer(column, raiseload=True) for column in (Case.description, Case.location, Case.snapshot)
)
"""For queries that want a case's row, but not the long part of it."""


def visible(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases`; a case without a region is for the whole city's tokens."""
    conditions: list[ColumnElement[bool]] = [true()]
    if caller.region is not None:
        conditions.append(_lies_in(region_prefix(caller.region)))
    if caller.role in UNIT_BOUND:
        # An alias, so that a query over tasks does not take this for its own table.
        own = aliased(Task)
        conditions.append(exists().where(own.case_no == Case.case_no, own.unit_id == caller.unit))
    return and_(*conditions)


def visible_to_reporter(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases` under which a reporter may know another's tracking code: she could read it anyway."""
    reads = caller.role in ALLOWED[Action.READ_CASES] and caller.role not in UNIT_BOUND
    return visible(caller) if reads else false()


def _lies_in(prefix: str) -> ColumnElement[bool]:
    """In the subtree by its code, or served by a centre there: which centre owns a region need not follow the code."""
    centres = select(Unit.unit_id).where(
        Unit.kind == UnitKind.GOVERNANCE_CENTRE.value, Unit.region_code.startswith(prefix)
    )
    served = select(Region.code).where(Region.centre.in_(centres), Region.code.not_like(f"{prefix}%"))
    # As an array it is worked out once and beforehand, so that both sides are looked up in the index of regions.
    codes: Any = func.array(served.scalar_subquery())
    return or_(Case.region_code.startswith(prefix), Case.region_code == any_(codes))


async def find_case(session: AsyncSession, caller: Caller, case_no: str, *, whole: bool = False) -> Case:
    """The case; what people wrote in it and its state only if `whole`.

    Raises:
        Problem: 404 if it is not there, or not the caller's to see.
    """
    found = select(Case).where(Case.case_no == case_no, visible(caller))
    case = await session.scalar(found if whole else found.options(*WITHOUT_CONTENTS))
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


async def works_on(session: AsyncSession, caller: Caller, case_no: str, *, as_lead: bool = False) -> bool:
    """Whether the case is still the caller's work: a unit's part in it ends with its last open task there.

    `as_lead`: only the lead unit's part counts.
    """
    if caller.role not in UNIT_BOUND:
        return True
    own = select(Task.task_no).where(Task.case_no == case_no, Task.unit_id == caller.unit)
    own = own.where(Task.status.not_in(TASK_ENDS), *([Task.role == TaskRole.LEAD] if as_lead else []))
    return await session.scalar(own.limit(1)) is not None


async def require_work(session: AsyncSession, caller: Caller, case_no: str, *, as_lead: bool = False) -> None:
    """Lets those pass whose work the case is.

    Raises:
        Problem: 403 `not_yours_to_do` if the caller acts for a unit without an open task there, or without the lead.
    """
    if not await works_on(session, caller, case_no, as_lead=as_lead):
        part = "is not at work as the lead of this case" if as_lead else "has no open task in this case"
        raise Problem(403, "not_yours_to_do", f"your unit {part}")
