"""Commands that bind cases to each other, make cases of parts, or lead a matter out of the city's hands."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter

from api import link_bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import CaseNo

router = APIRouter(prefix="/api/v1/cases/{case_no}", tags=["cases"])
_refusals = partial(problems, 401, 403, 404)


@router.post("/merge", responses=_refusals(command=b.MergeBody.makes))
async def merge(
    case_no: CaseNo, body: b.MergeBody, by: Annotated[Caller, may(Action.MERGE)], desk: Desk
) -> CaseSnapshot:
    """并案: the matter goes on in another case; every reporter keeps tracking code, callback and rating."""
    return await desk.submit(case_no, body, by)


@router.post("/split", responses=_refusals(command=b.SplitBody.makes))
async def split(
    case_no: CaseNo, body: b.SplitBody, by: Annotated[Caller, may(Action.SPLIT)], desk: Desk
) -> CaseSnapshot:
    """拆分: reports that are about something else after all go on by themselves."""
    return await desk.submit(case_no, body, by)


@router.post("/divide", responses=_refusals(command=b.DivideBody.makes))
async def divide(
    case_no: CaseNo, body: b.DivideBody, by: Annotated[Caller, may(Action.DIVIDE)], desk: Desk
) -> CaseSnapshot:
    """分案: parts of the matter go on as cases of their own, from the same registration."""
    return await desk.submit(case_no, body, by)


@router.post("/gather", responses=_refusals(command=b.GatherBody.makes))
async def gather(
    case_no: CaseNo, body: b.GatherBody, by: Annotated[Caller, may(Action.GATHER)], desk: Desk
) -> CaseSnapshot:
    """共性诉求: cases that stay separate have one issue in common, which this case carries."""
    return await desk.submit(case_no, body, by)


@router.post("/consult", responses=_refusals(command=b.ConsultBody.makes))
async def consult(
    case_no: CaseNo, body: b.ConsultBody, by: Annotated[Caller, may(Action.CONSULT)], desk: Desk
) -> CaseSnapshot:
    """会商: units sat together; what the minutes decide becomes tasks."""
    return await desk.submit(case_no, body, by)


@router.post("/transfer", responses=_refusals(command=b.TransferBody.makes))
async def transfer(
    case_no: CaseNo, body: b.TransferBody, by: Annotated[Caller, may(Action.TRANSFER)], desk: Desk
) -> CaseSnapshot:
    """移交: another city is asked to take the matter; until its receipt every clock runs on."""
    return await desk.submit(case_no, body, by)


@router.post("/transfer-receipt", responses=_refusals(command=b.TransferReceiptBody.makes))
async def record_transfer_receipt(
    case_no: CaseNo, body: b.TransferReceiptBody, by: Annotated[Caller, may(Action.RECORD_TRANSFER_RECEIPT)], desk: Desk
) -> CaseSnapshot:
    """移交回执: the other city has it under its number, or does not take it."""
    return await desk.submit(case_no, body, by)


@router.post("/legal-route", responses=_refusals(command=b.LegalRouteBody.makes))
async def take_legal_route(
    case_no: CaseNo, body: b.LegalRouteBody, by: Annotated[Caller, may(Action.TAKE_LEGAL_ROUTE)], desk: Desk
) -> CaseSnapshot:
    """转法律途径: a court or another body decides; the requester is told how."""
    return await desk.submit(case_no, body, by)


@router.post("/legal-outcome", responses=_refusals(command=b.LegalOutcomeBody.makes))
async def record_legal_outcome(
    case_no: CaseNo, body: b.LegalOutcomeBody, by: Annotated[Caller, may(Action.RECORD_LEGAL_OUTCOME)], desk: Desk
) -> CaseSnapshot:
    """What the legal route came to, asked for after a while."""
    return await desk.submit(case_no, body, by)
