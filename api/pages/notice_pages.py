"""A formal notice as it is printed, signed and brought to the requester."""

from fastapi import APIRouter
from fastapi.responses import Response

from api.authorisation import Action
from api.notices import look_at_notice
from api.pages.session import SignedIn
from api.pages.view import Shown
from api.scope import find_case
from api.services import App
from workflows.contracts.ids import CaseNo, NoticeNo

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_no}/notices/{notice_no}")
async def notice_page(case_no: CaseNo, notice_no: NoticeNo, viewer: SignedIn, app: App, view: Shown) -> Response:
    """告知书: printed, it is the letter and nothing else; that it was looked at goes on record."""
    viewer.may(Action.READ_NOTICE)
    async with app.sessions.begin() as session:
        case = await find_case(session, viewer.caller, case_no)
        notice = await look_at_notice(session, case, notice_no, viewer.caller, app.now())
    return view.page("notice.html", viewer=viewer, here="cases", case_no=case_no, notice=notice)
