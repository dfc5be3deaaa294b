"""Commands to a case between centres and units: who is asked, who decides, which level has it, how it was done."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter

from api import dispatch_bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import CaseNo

router = APIRouter(prefix="/api/v1/cases/{case_no}", tags=["cases"])
_refusals = partial(problems, 401, 403, 404)


@router.post("/request-whistle", responses=_refusals(command=b.RequestWhistleBody.makes))
async def request_whistle(
    case_no: CaseNo, body: b.RequestWhistleBody, by: Annotated[Caller, may(Action.REQUEST_WHISTLE)], desk: Desk
) -> CaseSnapshot:
    """请求吹哨: whoever took the matter up cannot settle it; the township decides."""
    return await desk.submit(case_no, body, by)


@router.post("/whistle-request-decision", responses=_refusals(command=b.DecideWhistleRequestBody.makes))
async def decide_whistle_request(
    case_no: CaseNo,
    body: b.DecideWhistleRequestBody,
    by: Annotated[Caller, may(Action.DECIDE_WHISTLE_REQUEST)],
    desk: Desk,
) -> CaseSnapshot:
    """审定吹哨请求: granted, the township has the case and owes the whistle; refused, it stays where it was raised."""
    return await desk.submit(case_no, body, by)


@router.post("/refer", responses=_refusals(command=b.ReferBody.makes))
async def refer(
    case_no: CaseNo, body: b.ReferBody, by: Annotated[Caller, may(Action.REFER)], desk: Desk
) -> CaseSnapshot:
    """移送、商请: a vertical, judicial or discipline body is asked, without a date."""
    return await desk.submit(case_no, body, by)


@router.post("/record-referral", responses=_refusals(command=b.RecordReferralBody.makes))
async def record_referral(
    case_no: CaseNo, body: b.RecordReferralBody, by: Annotated[Caller, may(Action.RECORD_REFERRAL)], desk: Desk
) -> CaseSnapshot:
    """The body that was asked has it, or what that came to."""
    return await desk.submit(case_no, body, by)


@router.post("/objection-decision", responses=_refusals(command=b.DecideObjectionBody.makes))
async def decide_objection(
    case_no: CaseNo, body: b.DecideObjectionBody, by: Annotated[Caller, may(Action.DECIDE_OBJECTION)], desk: Desk
) -> CaseSnapshot:
    """异议审定: the common superior names another unit, or the designation stands."""
    return await desk.submit(case_no, body, by)


@router.post("/assign-down", responses=_refusals(command=b.AssignDownBody.makes))
async def assign_down(
    case_no: CaseNo, body: b.AssignDownBody, by: Annotated[Caller, may(Action.ASSIGN_DOWN)], desk: Desk
) -> CaseSnapshot:
    """交办: the case goes down to a level below, with instructions."""
    return await desk.submit(case_no, body, by)


@router.post("/name-host", responses=_refusals(command=b.NameHostBody.makes))
async def name_host(
    case_no: CaseNo, body: b.NameHostBody, by: Annotated[Caller, may(Action.NAME_HOST)], desk: Desk
) -> CaseSnapshot:
    """确定主办地: of several regions the common superior names the one that hosts the matter."""
    return await desk.submit(case_no, body, by)


@router.post("/rate-report-in", responses=_refusals(command=b.RateReportInBody.makes))
async def rate_report_in(
    case_no: CaseNo, body: b.RateReportInBody, by: Annotated[Caller, may(Action.RATE_REPORT_IN)], desk: Desk
) -> CaseSnapshot:
    """评报到: how the unit came when it was called."""
    return await desk.submit(case_no, body, by)
