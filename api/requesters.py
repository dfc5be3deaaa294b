"""Personal data of requesters: shown to those whose task needs it, and every look is recorded."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import ALLOWED, Action
from api.errors import Problem
from api.scope import WITHOUT_CONTENTS, require_work, works_on
from api.tokens import AT_A_CENTRE, Caller
from infra.tables import AuditEntry, Case, Requester
from workflows.contracts.vocabulary import CaseKind


class SafeContact(BaseModel):
    """How and when she may be reached, and what must never be done (安全联系方式): it rules every contact."""

    how: str | None = None
    when: str | None = None
    never: str | None = None


class RequesterView(BaseModel):
    """Who it concerns, who reported it in that person's place, and how contact may be made."""

    name: str | None = None
    phone: str | None = None
    anonymous: bool = False
    language: str | None = None
    safe_contact: SafeContact | None = None
    reported_by: dict[str, Any] | None = None


async def look_at_requester(session: AsyncSession, case: Case, by: Caller, now: datetime) -> RequesterView:
    """What is known of the requester, after noting who looked.

    Raises:
        Problem: 403 `not_yours_to_do` if the caller's unit has no open task in the case, `requester_sealed` if she is
            kept from the caller.
    """
    await require_work(session, by, case.case_no)
    if _is_sealed(case, by):
        raise Problem(403, "requester_sealed", "who reported this is sealed from your unit; ask the centre")
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
        name=None if known.anonymous else known.name,
        phone=None if known.anonymous else known.phone,
        anonymous=known.anonymous,
        language=known.language,
        safe_contact=SafeContact.model_validate(known.safe_contact) if known.safe_contact else None,
        reported_by=None if known.anonymous else known.reported_by,
    )


async def may_look(session: AsyncSession, case: Case, by: Caller) -> bool:
    """Whether there is a requester on record that the caller may look at."""
    return (
        case.requester_id is not None
        and by.role in ALLOWED[Action.READ_REQUESTER]
        and not _is_sealed(case, by)
        and await works_on(session, by, case.case_no)
    )


async def safe_contact(session: AsyncSession, case: Case, by: Caller) -> SafeContact | None:
    """What must be heeded by a caller who may be about to contact the requester; None for everybody else."""
    if not await works_on(session, by, case.case_no):
        return None
    return (await safe_contacts(session, [case.case_no], by)).get(case.case_no)


async def safe_contacts(session: AsyncSession, case_nos: Collection[str], by: Caller) -> dict[str, SafeContact]:
    """The same by case, for cases that are known to be the caller's work; without those of which nothing was said."""
    if by.role not in ALLOWED[Action.READ_REQUESTER]:
        return {}
    told = await session.execute(
        select(Case, Requester.safe_contact)
        .join(Requester, Requester.id == Case.requester_id)
        .where(Case.case_no.in_(case_nos))
        .options(*WITHOUT_CONTENTS)
    )
    return {
        case.case_no: SafeContact.model_validate(wishes) for case, wishes in told if wishes and not _is_sealed(case, by)
    }


def _is_sealed(case: Case, by: Caller) -> bool:
    """Handlers of a tip-off never know who gave it, nor those who are complained about who complained."""
    if case.kind == CaseKind.TIP_OFF.value and by.role not in AT_A_CENTRE:
        return True
    return not {by.id, by.unit}.isdisjoint(case.concerned)
