"""Personal data of requesters: shown to those whose task needs it, and every look is recorded."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from api.scope import require_work
from api.tokens import Caller
from infra.tables import AuditEntry, Case, Requester


class RequesterView(BaseModel):
    """Who it concerns, who reported it in that person's place, and how contact may be made."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False
    language: str | None = None
    safe_contact: dict[str, Any] | None = None
    reported_by: dict[str, Any] | None = None


async def look_at_requester(session: AsyncSession, case: Case, by: Caller, now: datetime) -> RequesterView:
    """What is known of the requester, after noting who looked.

    Raises:
        Problem: 403 `not_yours_to_do` if the caller's unit has no open task in the case.
    """
    await require_work(session, by, case.case_no)
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
