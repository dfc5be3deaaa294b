"""Changes that go to many open cases: which cases each concerns, and the rows that tell how far it got."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias, assert_never
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, and_, exists, false, func, literal, literal_column, not_, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.tables import BatchCase, BatchRow, CalendarRow, Case, Task
from workflows.contracts.ids import CaseNo, RegionCode, UnitId, region_prefix
from workflows.contracts.vocabulary import TASK_ENDS, CaseKind, CaseStatus, Level, Urgency

RECONCILER = "reconciliation"
"""Who asked for a batch that nobody asked for: a case was found without what the others have."""

REACHED = "reached"
"""Of a case that has the change and said so."""

# Written out, since the server finds the partial index by it and cannot once a parameter stands in its place.
IS_OPEN: ColumnElement[bool] = Case.status != literal_column("'archived'")


class _Change(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Where(_Change):
    """Some of the open cases: those that meet all that is given. `region` and `category` hold with all below them."""

    policy: str | None = None
    version: int | None = None
    source: str | None = None
    kind: CaseKind | None = None
    urgency: Urgency | None = None
    status: CaseStatus | None = None
    region: RegionCode | None = None
    category: str | None = None
    case: CaseNo | None = None

    def conditions(self) -> Iterable[ColumnElement[bool]]:
        """On `cases`."""
        exact: dict[Any, Any] = {
            Case.policy_name: self.policy,
            Case.policy_version: self.version,
            Case.source: self.source,
            Case.kind: self.kind and self.kind.value,
            Case.urgency: self.urgency and self.urgency.value,
            Case.status: self.status and self.status.value,
            Case.case_no: self.case,
        }
        yield from (column == value for column, value in exact.items() if value is not None)
        if self.region is not None:
            yield Case.region_code.startswith(region_prefix(self.region))
        if self.category is not None:
            yield or_(Case.category == self.category, Case.category.startswith(f"{self.category}/", autoescape=True))


class AdoptCalendarChange(_Change):
    """Every open case reckons with this version of the calendar or a newer one."""

    kind: Literal["adopt_calendar"] = "adopt_calendar"
    version: int

    def concerned(self) -> ColumnElement[bool]:
        """The cases still without it; one that is not started yet will start with the newest."""
        return and_(IS_OPEN, Case.calendar_version < self.version)


class AdoptPolicyChange(_Change):
    """The chosen open cases take what they start from now on from this version of this policy."""

    kind: Literal["adopt_policy"] = "adopt_policy"
    policy: str
    version: int
    where: Where = Where()

    def concerned(self) -> ColumnElement[bool]:
        """The cases still without it."""
        another = or_(Case.policy_name != self.policy, Case.policy_version != self.version)
        return and_(IS_OPEN, another, *self.where.conditions())


class SucceedUnitChange(_Change):
    """Every open case that the old unit is at work on, is about, or is a centre of, has the new one in its place."""

    kind: Literal["succeed_unit"] = "succeed_unit"
    old: UnitId
    new: UnitId
    is_centre: bool = False

    def concerned(self) -> ColumnElement[bool]:
        """The cases that still have the old one; one that is not started yet will start with the new centre."""
        own = exists().where(Task.case_no == Case.case_no, Task.unit_id == self.old, Task.status.not_in(TASK_ENDS))
        # A snapshot has no subjects where the case has none.
        about = func.coalesce(Case.snapshot["subjects"].contains([{"id": self.old}]), false())
        centres = Case.snapshot["centres"]
        carried = [centres[level.value].astext == self.old for level in Level] if self.is_centre else []
        return and_(IS_OPEN, or_(own, about, *carried))


AnyChange: TypeAlias = AdoptCalendarChange | AdoptPolicyChange | SucceedUnitChange
CHANGE: TypeAdapter[AnyChange] = TypeAdapter(Annotated[AnyChange, Field(discriminator="kind")])
"""Reads a batch's `change`."""


def read_where(given: Iterable[str]) -> Where:
    """Conditions as they are typed, each `key=value`.

    Raises:
        ValueError: an unknown key or value, a key given twice; one line that says what is expected.
    """
    known = ", ".join(Where.model_fields)
    conditions: dict[str, str] = {}
    for one in given:
        key, equals, value = one.partition("=")
        if not equals or key not in Where.model_fields:
            raise ValueError(f"{one}: expected KEY=VALUE with one of the keys {known}")
        if key in conditions:
            raise ValueError(f"{one}: {key} is given twice")
        conditions[key] = value
    try:
        return Where.model_validate(conditions)
    except ValidationError as error:
        fault = error.errors()[0]
        key = str(fault["loc"][0])
        raise ValueError(f"{key}={conditions[key]}: {fault['msg']}") from None


async def count_concerned(session: AsyncSession, change: AnyChange) -> int:
    """How many open cases are without the change."""
    return await session.scalar(select(func.count()).select_from(Case).where(change.concerned())) or 0


async def request_batch(session: AsyncSession, change: AnyChange, *, by: str, now: datetime) -> BatchRow:
    """A batch that brings the change to the open cases; workers take it up once it is committed.

    For a calendar or a succession that has a batch under way it is that one. A batch that concerns no case has ended at
    once.
    """
    row = {
        "batch_id": uuid4().hex,
        "kind": change.kind,
        "change": change.model_dump(mode="json", exclude_none=True),
        "requested_by": by,
        "requested_at": now,
        "total": 0,
        "left": 0,
    }
    added: BatchRow | None = await session.scalar(
        insert(BatchRow).values(row).on_conflict_do_nothing().returning(BatchRow)
    )
    if added is None:
        return (await session.scalars(select(BatchRow).where(BatchRow.ended_at.is_(None), _brings(change)))).one()
    chosen = select(literal(added.batch_id), Case.case_no).where(change.concerned())
    enlisted = insert(BatchCase).from_select(["batch_id", "case_no"], chosen).returning(BatchCase.case_no)
    added.total = added.left = len((await session.scalars(enlisted)).all())
    added.ended_at = None if added.total else now
    await session.flush()
    return added


def is_left(batch: BatchRow, change: AnyChange) -> ColumnElement[bool]:
    """On `cases`: those that the batch still has to reach.

    Of a calendar and of a succession all that lack it, some of which started meanwhile. A migration's are those that
    it was asked for, and a case that several were asked for is the latest one's: else they would send it to and fro.
    """
    own = exists().where(BatchCase.batch_id == batch.batch_id, BatchCase.case_no == Case.case_no)
    waits = own.where(BatchCase.outcome.is_(None))
    match change:
        case AdoptCalendarChange() | SucceedUnitChange():
            refused = own.where(BatchCase.outcome != REACHED)
            return and_(IS_OPEN, or_(waits, and_(change.concerned(), not_(refused))))
        case AdoptPolicyChange():
            later, theirs = aliased(BatchRow), aliased(BatchCase)
            is_theirs = exists().where(
                theirs.case_no == Case.case_no,
                theirs.batch_id == later.batch_id,
                later.kind == batch.kind,
                tuple_(later.requested_at, later.batch_id) > (batch.requested_at, batch.batch_id),
            )
            return and_(IS_OPEN, waits, not_(is_theirs))
    assert_never(change)


async def request_missing_batch(session: AsyncSession, now: datetime) -> BatchRow | None:
    """A batch for the newest calendar if an open case is below it and none is under way; else None.

    So a case that was started with the calendar before, while a new one was published, is not forgotten.
    """
    change = await _newest_calendar(session)
    return None if change is None else await request_if_missing(session, change, now)


async def request_if_missing(session: AsyncSession, change: AnyChange, now: datetime) -> BatchRow | None:
    """A batch if an open case is without the change and none is under way; else None.

    A case that refused this very change is not asked again.
    """
    if await _is_under_way(session, change):
        return None
    refused = select(BatchCase.case_no).join(BatchRow).where(_brings(change), BatchCase.outcome != REACHED)
    if not await session.scalar(select(exists().where(change.concerned(), Case.case_no.not_in(refused)))):
        return None
    return await request_batch(session, change, by=RECONCILER, now=now)


async def outdated(session: AsyncSession) -> list[str]:
    """The open cases below the newest calendar while no batch is under way that would reach them."""
    change = await _newest_calendar(session)
    if change is None or await _is_under_way(session, change):
        return []
    return list(await session.scalars(select(Case.case_no).where(change.concerned()).order_by(Case.case_no)))


async def _newest_calendar(session: AsyncSession) -> AdoptCalendarChange | None:
    newest = await session.scalar(select(func.max(CalendarRow.version)))
    return None if newest is None else AdoptCalendarChange(version=newest)


async def _is_under_way(session: AsyncSession, change: AnyChange) -> bool:
    return bool(await session.scalar(select(exists().where(BatchRow.ended_at.is_(None), _brings(change)))))


def _brings(change: AnyChange) -> ColumnElement[bool]:
    """On `batches`: those with this very change."""
    return and_(BatchRow.kind == change.kind, BatchRow.change == change.model_dump(mode="json", exclude_none=True))
