"""Commands to a case about its risk, a danger in it, and the limitation periods of its parties."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter

from api import risk_bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import CaseNo

router = APIRouter(prefix="/api/v1/cases/{case_no}", tags=["cases"])
_refusals = partial(problems, 401, 403, 404)


@router.post("/record-duty-leader", responses=_refusals(command=b.RecordDutyLeaderBody.makes))
async def record_duty_leader(
    case_no: CaseNo, body: b.RecordDutyLeaderBody, by: Annotated[Caller, may(Action.RECORD_DUTY_LEADER)], desk: Desk
) -> CaseSnapshot:
    """值班领导到位: the leader on duty has the red case in hand."""
    return await desk.submit(case_no, body, by)


@router.post("/report-danger", responses=_refusals(command=b.ReportDangerBody.makes))
async def report_danger(
    case_no: CaseNo, body: b.ReportDangerBody, by: Annotated[Caller, may(Action.REPORT_DANGER)], desk: Desk
) -> CaseSnapshot:
    """报告现实危险: the case is red, mediation is locked, and a named person calls 110 at once."""
    return await desk.submit(case_no, body, by)


@router.post("/record-110-call", responses=_refusals(command=b.Record110CallBody.makes))
async def record_110_call(
    case_no: CaseNo, body: b.Record110CallBody, by: Annotated[Caller, may(Action.RECORD_110_CALL)], desk: Desk
) -> CaseSnapshot:
    """登记110报警: the number of the call, and when it was made."""
    return await desk.submit(case_no, body, by)


@router.post("/report-protection", responses=_refusals(command=b.ReportProtectionBody.makes))
async def report_protection(
    case_no: CaseNo, body: b.ReportProtectionBody, by: Annotated[Caller, may(Action.REPORT_PROTECTION)], desk: Desk
) -> CaseSnapshot:
    """强制报告: minors and persons without full capacity are reported for; nobody has to consent."""
    return await desk.submit(case_no, body, by)


@router.post("/lift-danger", responses=_refusals(command=b.LiftDangerBody.makes))
async def lift_danger(
    case_no: CaseNo, body: b.LiftDangerBody, by: Annotated[Caller, may(Action.LIFT_DANGER)], desk: Desk
) -> CaseSnapshot:
    """解除危险: somebody else than who reported it, once 110 was called and the report for others was made."""
    return await desk.submit(case_no, body, by)


@router.post("/record-limitation", responses=_refusals(command=b.RecordLimitationBody.makes))
async def record_limitation(
    case_no: CaseNo, body: b.RecordLimitationBody, by: Annotated[Caller, may(Action.RECORD_LIMITATION)], desk: Desk
) -> CaseSnapshot:
    """登记时效: a limitation period of a party's is counted down, and warns before it ends."""
    return await desk.submit(case_no, body, by)


@router.post("/forget-limitation", responses=_refusals(command=b.ForgetLimitationBody.makes))
async def forget_limitation(
    case_no: CaseNo, body: b.ForgetLimitationBody, by: Annotated[Caller, may(Action.FORGET_LIMITATION)], desk: Desk
) -> CaseSnapshot:
    """撤销误登的时效: a limitation period that was recorded by mistake."""
    return await desk.submit(case_no, body, by)
