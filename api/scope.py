"""Which cases a caller may see: a region's subtree, or those that her unit has a task in; and which never."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, any_, exists, false, func, or_, select, true, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, defer
from sqlalchemy.orm.interfaces import ORMOption

from api.authorisation import ALLOWED, Action
from api.errors import Problem, not_found
from api.tokens import AT_A_CENTRE, UNIT_BOUND, Caller
from infra.cities.routing import LEVELS, level_of
from infra.directory_tables import Region, Unit
from infra.tables import Case, Task
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import GIVEN_UP, TASK_ENDS, CaseKind, Level, TaskRole, UnitKind

WITHOUT_CONTENTS: tuple[ORMOption, ...] = tuple(
    defer(column, raiseload=True) for column in (Case.description, Case.location, Case.snapshot)
)
"""For queries that want a case's row, but not the long part of it."""


SEALED = "内容保密"
"""What stands in the place of a wording that is not for the reader."""


def visible(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases`; a case without a region is for the whole city's tokens.

    A tip-off is read by the centre that has it and those above, and by the units at work on it: by nobody else
    [信访工作条例 30].
    """
    is_tip_off = Case.kind == CaseKind.TIP_OFF.value
    return and_(within_reach(caller), or_(~is_tip_off, _reads_tip_offs(caller)))


def within_reach(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases` under which the caller may know that there is one, by its number."""
    conditions: list[ColumnElement[bool]] = [not_kept_from(caller)]
    if caller.region is not None:
        conditions.append(_lies_in(region_prefix(caller.region)))
    if caller.role in UNIT_BOUND:
        # An alias, so that a query over tasks does not take this for its own table.
        own = aliased(Task)
        conditions.append(exists().where(own.case_no == Case.case_no, own.unit_id == caller.unit))
    return and_(*conditions)


def not_kept_from(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases` that they are neither hidden from the caller, nor tip-offs about her or her unit."""
    return ~_kept_from(caller)


def _kept_from(caller: Caller) -> ColumnElement[bool]:
    """Hidden from the part of the city where the caller is, or a tip-off about her or her unit."""
    self_and_unit = [caller.id, *([caller.unit] if caller.unit else [])]
    conditions: list[ColumnElement[bool]] = [
        and_(Case.kind == CaseKind.TIP_OFF.value, _texts(Case.concerned).overlap(self_and_unit))
    ]
    if caller.region is not None:
        own = region_prefix(caller.region)
        around = [own[:digits] for digits in LEVELS if digits <= len(own)]
        conditions.append(_texts(Case.hidden_from).overlap(around))
    if caller.unit is not None:
        conditions.append(and_(func.cardinality(Case.hidden_from) > 0, _sits_where_hidden(caller.unit)))
    return or_(*conditions)


def _sits_where_hidden(unit_id: str) -> ColumnElement[bool]:
    prefix = func.unnest(Case.hidden_from).column_valued("prefix")
    own = aliased(Unit)
    return exists(select(prefix).where(own.unit_id == unit_id, own.region_code.startswith(prefix)))


def _reads_tip_offs(caller: Caller) -> ColumnElement[bool]:
    if caller.role in UNIT_BOUND:
        own = aliased(Task)
        return exists().where(own.case_no == Case.case_no, own.unit_id == caller.unit, own.status.not_in(GIVEN_UP))
    if caller.role not in AT_A_CENTRE:
        return false()
    if caller.region is None:
        return true()
    own_level = level_of(caller.region)
    return Case.level.in_([level.value for level in Level if level.rank <= own_level.rank])


def reads_wording(caller: Caller, case: Case) -> bool:
    """Whether what was written in a case within the caller's reach is for her: operators go by a tip-off's number."""
    return case.kind != CaseKind.TIP_OFF.value or caller.role in UNIT_BOUND | AT_A_CENTRE


def _texts(column: Any) -> Any:
    return type_coerce(column, ARRAY(Text))


def visible_to_reporter(caller: Caller) -> ColumnElement[bool]:
    """The condition on `cases` under which a reporter may know another's tracking code: she could read it anyway."""
    reads = caller.role in ALLOWED[Action.READ_CASES] and caller.role not in UNIT_BOUND
    return visible(caller) if reads else false()


def _lies_in(prefix: str) -> ColumnElement[bool]:
    """In the subtree by its code, or served by a centre there: which centre owns a region need not follow the code.

    A matter of several regions is in the subtree of each.
    """
    centres = select(Unit.unit_id).where(
        Unit.kind == UnitKind.GOVERNANCE_CENTRE.value, Unit.region_code.startswith(prefix)
    )
    served = select(Region.code).where(Region.centre.in_(centres), Region.code.not_like(f"{prefix}%"))
    # As an array it is worked out once and beforehand, so that both sides are looked up in the index of regions.
    codes: Any = func.array(served.scalar_subquery())
    region = func.unnest(Case.regions).column_valued("region")
    beside = and_(func.cardinality(Case.regions) > 0, exists(select(region).where(region.startswith(prefix))))
    return or_(Case.region_code.startswith(prefix), Case.region_code == any_(codes), beside)


async def find_case(session: AsyncSession, caller: Caller, case_no: str, *, whole: bool = False) -> Case:
    """The case; what people wrote in it and its state only if `whole`.

    Raises:
        Problem: 404 if it is not there, or not the caller's to see.
    """
    return await _the_case(session, case_no, visible(caller), whole=whole)


async def find_within_reach(session: AsyncSession, caller: Caller, case_no: str, *, whole: bool = False) -> Case:
    """The case for one who needs its number only; as `find_case` otherwise."""
    return await _the_case(session, case_no, within_reach(caller), whole=whole)


async def _the_case(session: AsyncSession, case_no: str, condition: ColumnElement[bool], *, whole: bool) -> Case:
    found = select(Case).where(Case.case_no == case_no, condition)
    case = await session.scalar(found if whole else found.options(*WITHOUT_CONTENTS))
    if case is None:
        raise not_found("case")
    return case


async def refuse_hidden(session: AsyncSession, case: Case, named: Mapping[str, str]) -> None:
    """Lets units be named, by the path of their field, that may know of the case.

    Raises:
        Problem: 422 `unit_not_to_know` for one in a part of the city that the case is hidden from.
    """
    if not case.hidden_from or not named:
        return
    hidden = or_(*(Unit.region_code.startswith(prefix) for prefix in case.hidden_from))
    found: Collection[str] = set(
        await session.scalars(select(Unit.unit_id).where(Unit.unit_id.in_(named.values()), hidden))
    )
    for field, unit_id in named.items():
        if unit_id in found:
            message = "the case is about people of this unit's own centre; name a unit from outside its area"
            raise Problem.of_field(field, "unit_not_to_know", message)


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
