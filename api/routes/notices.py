"""Formal notices of a case: which there are, and the text of each."""

from typing import Annotated

from fastapi import APIRouter

from api.authorisation import Action, may
from api.errors import problems
from api.notices import Notices, NoticeText, look_at_notice, read_notices
from api.scope import find_case
from api.services import App
from api.tokens import Caller
from workflows.contracts.ids import CaseNo, NoticeNo

router = APIRouter(prefix="/api/v1/cases/{case_no}/notices", tags=["cases"])


@router.get("", responses=problems(401, 403, 404))
async def list_notices(case_no: CaseNo, by: Annotated[Caller, may(Action.READ_CASES)], app: App) -> Notices:
    """告知书: the notices that were issued, and whether and how each was served."""
    async with app.sessions() as session:
        case = await find_case(session, by, case_no)
        return Notices(items=await read_notices(session, case, by))


@router.get("/{notice_no}", responses=problems(401, 403, 404))
async def read_notice(
    case_no: CaseNo, notice_no: NoticeNo, by: Annotated[Caller, may(Action.READ_NOTICE)], app: App
) -> NoticeText:
    """The text of a notice, which names the requester; that it was looked at goes on record."""
    async with app.sessions.begin() as session:
        case = await find_case(session, by, case_no)
        return await look_at_notice(session, case, notice_no, by, app.now())
