"""Likely duplicates of a case (疑似重复), as the caller may see them: a person decides whether they are."""

import asyncio
from datetime import datetime

import structlog
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from api.authorisation import ALLOWED, Action
from api.scope import visible
from api.services import Services
from api.tokens import Caller
from infra.directory_tables import Region
from infra.duplicates import likely_duplicates
from infra.likeness import ReasonCode
from infra.tables import Case
from workflows.contracts.vocabulary import CaseStatus

_PATIENCE = 2.0
"""Seconds that a receipt waits for them at most."""


class LikenessReason(BaseModel):
    """What the score comes from; `text` in Chinese, for staff."""

    code: ReasonCode
    text: str


class LikelyDuplicate(BaseModel):
    """An open case that may be about the same thing; `score` 0 to 1, with what speaks for and against it."""

    case_no: str
    title: str
    status: CaseStatus
    region_code: str | None
    region_name: str | None
    registered_at: datetime
    score: float
    reasons: list[LikenessReason]


class LikelyDuplicates(BaseModel):
    """The likeliest first, ten at most."""

    items: list[LikelyDuplicate]


async def find_duplicates(
    session: AsyncSession, case: Case, by: Caller, *, earlier_only: bool = False
) -> list[LikelyDuplicate]:
    """The case's likely duplicates among those that the caller sees; see `infra.duplicates`."""
    found = await likely_duplicates(session, case, visible(by), earlier_only=earlier_only)
    regions = {duplicate.case.region_code for duplicate in found}
    rows = await session.execute(select(Region.code, Region.name).where(Region.code.in_(regions - {None})))
    names = {row.code: row.name for row in rows}
    return [
        LikelyDuplicate(
            case_no=other.case_no,
            title=other.title,
            status=CaseStatus(other.status),
            region_code=other.region_code,
            region_name=names.get(other.region_code),
            registered_at=other.registered_at,
            score=likeness.score,
            reasons=[LikenessReason(code=reason.code, text=reason.text) for reason in likeness.reasons],
        )
        for other, likeness in found
    ]


async def told_at_intake(app: Services, case_no: str, by: Caller) -> list[LikelyDuplicate]:
    """What a reporter is told beside the receipt: of what was there before hers, so that a repetition tells the same.

    Nothing for whoever may not look for them, and nothing if it cannot be had soon: the report is taken in either way.
    """
    if by.role not in ALLOWED[Action.FIND_DUPLICATES]:
        return []
    try:
        async with asyncio.timeout(_PATIENCE), app.sessions() as session:
            own = select(Case).where(Case.case_no == case_no, visible(by)).options(defer(Case.snapshot, raiseload=True))
            case = await session.scalar(own)
            return await find_duplicates(session, case, by, earlier_only=True) if case is not None else []
    except (SQLAlchemyError, OSError) as error:
        structlog.get_logger("api").warning("no duplicates looked for", case_no=case_no, error=type(error).__name__)
        return []
