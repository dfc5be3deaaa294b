"""Personal data of requesters: shown to those whose task needs it, and every look is recorded."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.tokens import UNIT_BOUND, Caller
from infra.tables import AuditEntry, Case, Requester, Task
from workflows.contracts.vocabulary import TaskStatus

_OVER = (TaskStatus.FINISHED, TaskStatus.CANCELLED)


class RequesterView(BaseModel):
    """Who it concerns, who reported it in that person's place, and how contact may be made."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False
    language: str | None = None
    safe_contact: dict[str, Any] | None = None
    reported_by: dict[str, Any] | None = None


async def needs_requester(session: AsyncSession, case_no: str, by: Caller) -> bool:
    """Whether this caller's work on the case needs contact: a unit's ends with its last open task there."""
    if by.role not in UNIT_BOUND:
        return True
    own = select(Task.task_no).where(Task.case_no == case_no, Task.unit_id == by.unit, Task.status.not_in(_OVER))
    return await session.scalar(own.limit(1)) is not None


async def look_at_requester(session: AsyncSession, case: Case, by: Caller, now: datetime) -> RequesterView:
    """What is known of the requester, after noting who looked.

    Raises:
        Problem: 403 `not_yours_to_do` if the caller's unit has no open task in the case.
    """
    if not await needs_requester(session, case.case_no, by):
        raise Problem(403, "not_yours_to_do", "your unit has no open task in this case")
    session.add(
        AuditEntry(
            at=now,
            actor=by.id,
            action="read_requester",
            case_no=case.case_no,
            detail={"role": by.role.value, "unit": by.unit},
        )
    )
    known = await session.get(Requester, case.requester_id) if case.requester_id else None
    if known is None:
        return RequesterView()
    return RequesterView(
        name=known.name,
        phone=known.phone,
        anonymous=known.anonymous,
        language=known.language,
        safe_contact=known.safe_contact,
        reported_by=known.reported_by,
    )
