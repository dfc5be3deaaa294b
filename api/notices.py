"""Formal notices as they are read, and what may not be done to bring one to the requester."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TypeAlias

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem, not_found
from api.requesters import SafeContact, safe_contact
from api.tokens import Caller
from infra.notice_tables import Notice
from infra.tables import AuditEntry, Case, Requester, TimelineEvent
from workflows.contracts.events import NoticeServed, Recorded
from workflows.contracts.vocabulary import NoticeKind, ServiceMethod

_SAID: Mapping[ServiceMethod, str] = {
    ServiceMethod.IN_PERSON: r"in[_ ]person|visit|直接送达|当面|上门|登门",
    ServiceMethod.MAIL: r"\b(?:mail|post|letter)|邮件|寄|信件|写信|快递",
    ServiceMethod.ELECTRONIC: r"electronic|e-?mail|sms|\btext|wechat|电子|邮件|短信|微信|网上",
    ServiceMethod.PHONE: r"phone|\bcall|电话|来电|致电|手机|座机",
    ServiceMethod.LEAVE_ON_SITE: r"leave[_ ]on[_ ]site|留置|贴|门口",
    ServiceMethod.PUBLIC_NOTICE: r"public[_ ]notice|publish|公告|公示|公开",
}
"""How a requester may name a way of service that must never be used; what may mean two ways rules out both."""


WrittenNotice: TypeAlias = tuple[Notice, NoticeServed | None]
"""A notice with its service, if that is on record."""


class NoticeItem(BaseModel):
    """A formal notice (告知书): `served_at` and `how` once it has reached the requester.

    Until then `safe_contact` is there for those who may contact her, if she said how that may be done.
    """

    notice_no: str
    kind: NoticeKind
    issued_at: datetime
    served_at: datetime | None
    how: ServiceMethod | None
    safe_contact: SafeContact | None


class NoticeText(NoticeItem):
    """A notice with its whole text as it was written: HTML without a page around it, Chinese first."""

    html: str


class Notices(BaseModel):
    """The notices of a case, in the order of their issue."""

    items: list[NoticeItem]


async def read_notices(session: AsyncSession, case: Case, by: Caller) -> list[NoticeItem]:
    """The notices of a case, without their texts."""
    wishes = await safe_contact(session, case, by)
    return [_item(notice, served, wishes) for notice, served in await notices_of(session, case.case_no)]


async def look_at_notice(session: AsyncSession, case: Case, notice_no: str, by: Caller, now: datetime) -> NoticeText:
    """The whole notice, which names the requester, after noting who looked.

    Raises:
        Problem: 404 if the case has no such notice.
    """
    for notice, served in await notices_of(session, case.case_no):
        if notice.notice_no == notice_no:
            detail = {"role": by.role.value, "unit": by.unit, "notice": notice_no}
            session.add(AuditEntry(at=now, actor=by.id, action="read_notice", case_no=case.case_no, detail=detail))
            item = _item(notice, served, await safe_contact(session, case, by))
            return NoticeText(**dict(item), html=notice.body)
    raise not_found("notice")


async def notices_of(session: AsyncSession, case_no: str) -> list[WrittenNotice]:
    """What was written, each with its service, in the order of issue."""
    services = await session.scalars(
        select(TimelineEvent.record).where(TimelineEvent.case_no == case_no, TimelineEvent.kind == "notice_served")
    )
    events = [Recorded.model_validate(record).event for record in services]
    served = {event.notice_no: event for event in events if isinstance(event, NoticeServed)}
    written = select(Notice).where(Notice.case_no == case_no).order_by(Notice.issued_at, Notice.notice_no)
    return [(notice, served.get(notice.notice_no)) for notice in await session.scalars(written)]


async def heed_safe_contact(session: AsyncSession, case: Case, how: ServiceMethod) -> None:
    """Lets a way of service pass that the requester did not rule out.

    Raises:
        Problem: 422 `not_safe_contact`.
    """
    known = await session.get(Requester, case.requester_id) if case.requester_id else None
    never = (known.safe_contact or {}).get("never") if known else None
    if never and how in ruled_out(never):
        message = "the requester must not be reached in this way; see her safe contact and choose another"
        raise Problem.of_field("how", "not_safe_contact", message)


def ruled_out(never: str) -> set[ServiceMethod]:
    """The ways of service that these words name, in Chinese, in English or by their code names."""
    return {how for how, said in _SAID.items() if re.search(said, never, re.IGNORECASE)}


def _item(notice: Notice, served: NoticeServed | None, wishes: SafeContact | None) -> NoticeItem:
    return NoticeItem(
        notice_no=notice.notice_no,
        kind=NoticeKind(notice.kind),
        issued_at=notice.issued_at,
        served_at=served.served_at if served else None,
        how=served.how if served else None,
        safe_contact=None if served else wishes,
    )
