"""Commands to a case: what the centre, the grid and the callback desk decide."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter

from api import bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.link_bodies import ConfirmWithdrawalBody, WithdrawThroughStaffBody
from api.notice_bodies import ServeNoticeBody
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import CaseNo

router = APIRouter(prefix="/api/v1/cases/{case_no}", tags=["cases"])
_refusals = partial(problems, 401, 403, 404)


@router.post("/accept", responses=_refusals(command=b.AcceptBody.makes))
async def accept(
    case_no: CaseNo, by: Annotated[Caller, may(Action.ACCEPT)], desk: Desk, body: b.AcceptBody | None = None
) -> CaseSnapshot:
    """受理: the matter is taken on."""
    return await desk.submit(case_no, body or b.AcceptBody(), by)


@router.post("/decline", responses=_refusals(command=b.DeclineBody.makes))
async def decline(
    case_no: CaseNo, body: b.DeclineBody, by: Annotated[Caller, may(Action.DECLINE)], desk: Desk
) -> CaseSnapshot:
    """不予受理: not taken on, on a listed ground and with the right route named."""
    return await desk.submit(case_no, body, by)


@router.post("/answer", responses=_refusals(command=b.AnswerBody.makes))
async def answer(
    case_no: CaseNo, body: b.AnswerBody, by: Annotated[Caller, may(Action.ANSWER)], desk: Desk
) -> CaseSnapshot:
    """答复: an inquiry is answered at once."""
    return await desk.submit(case_no, body, by)


@router.post("/settle", responses=_refusals(command=b.SettleBody.makes))
async def settle(
    case_no: CaseNo, body: b.SettleBody, by: Annotated[Caller, may(Action.SETTLE)], desk: Desk
) -> CaseSnapshot:
    """当场办结: resolved where it was raised."""
    return await desk.submit(case_no, body, by)


@router.post("/whistle", responses=_refusals(command=b.WhistleBody.makes))
async def whistle(
    case_no: CaseNo, body: b.WhistleBody, by: Annotated[Caller, may(Action.WHISTLE)], desk: Desk
) -> CaseSnapshot:
    """吹哨: the centre calls one lead unit in, and any co-units."""
    return await desk.submit(case_no, body, by)


@router.post("/release", responses=_refusals(command=b.ReleaseBody.makes))
async def release(
    case_no: CaseNo, body: b.ReleaseBody, by: Annotated[Caller, may(Action.RELEASE)], desk: Desk
) -> CaseSnapshot:
    """A co-unit is not needed any more."""
    return await desk.submit(case_no, body, by)


@router.post("/send-back-decision", responses=_refusals(command=b.DecideSendBackBody.makes))
async def decide_send_back(
    case_no: CaseNo, body: b.DecideSendBackBody, by: Annotated[Caller, may(Action.DECIDE_SEND_BACK)], desk: Desk
) -> CaseSnapshot:
    """退单审核: the centre takes the task back, or leaves it with the unit; silence leaves it there too."""
    return await desk.submit(case_no, body, by)


@router.post("/designate", responses=_refusals(command=b.DesignateBody.makes))
async def designate(
    case_no: CaseNo, body: b.DesignateBody, by: Annotated[Caller, may(Action.DESIGNATE)], desk: Desk
) -> CaseSnapshot:
    """指定承办: the centre ends a dispatch dispute; that unit may not send the task back."""
    return await desk.submit(case_no, body, by)


@router.post("/reassign", responses=_refusals(command=b.ReassignBody.makes))
async def reassign(
    case_no: CaseNo, body: b.ReassignBody, by: Annotated[Caller, may(Action.REASSIGN)], desk: Desk
) -> CaseSnapshot:
    """转派: an open task goes to another unit, with clocks of its own; the requester's date stays."""
    return await desk.submit(case_no, body, by)


@router.post("/supervise", responses=_refusals(command=b.SuperviseBody.makes))
async def supervise(
    case_no: CaseNo, body: b.SuperviseBody, by: Annotated[Caller, may(Action.SUPERVISE)], desk: Desk
) -> CaseSnapshot:
    """督办: somebody above demands an answer by a date."""
    return await desk.submit(case_no, body, by)


@router.post("/answer-supervision", responses=_refusals(command=b.AnswerSupervisionBody.makes))
async def answer_supervision(
    case_no: CaseNo, body: b.AnswerSupervisionBody, by: Annotated[Caller, may(Action.ANSWER_SUPERVISION)], desk: Desk
) -> CaseSnapshot:
    """督办回复: the centre, or the lead unit while it is at work, answers what was demanded."""
    return await desk.submit_at_work(case_no, body, by)


@router.post("/urge", responses=_refusals(command=b.UrgeBody.makes))
async def urge(case_no: CaseNo, body: b.UrgeBody, by: Annotated[Caller, may(Action.URGE)], desk: Desk) -> CaseSnapshot:
    """催办: a reminder to one task's unit, to a unit that was asked by referral, or to whoever owes the next step."""
    return await desk.submit(case_no, body, by)


@router.post("/escalate", responses=_refusals(command=b.EscalateBody.makes))
async def escalate(
    case_no: CaseNo, body: b.EscalateBody, by: Annotated[Caller, may(Action.ESCALATE)], desk: Desk
) -> CaseSnapshot:
    """升级: one level up, by hand."""
    return await desk.submit(case_no, body, by)


@router.post("/verify", responses=_refusals(command=b.VerifyBody.makes))
async def verify(
    case_no: CaseNo, body: b.VerifyBody, by: Annotated[Caller, may(Action.VERIFY)], desk: Desk
) -> CaseSnapshot:
    """核查: somebody outside the handling unit looks at the result; a failure is rework."""
    return await desk.submit(case_no, body, by)


@router.post("/callback", responses=_refusals(command=b.CallbackBody.makes))
async def callback(
    case_no: CaseNo, body: b.CallbackBody, by: Annotated[Caller, may(Action.CALL_BACK)], desk: Desk
) -> CaseSnapshot:
    """回访: an attempt to hear from the requester."""
    return await desk.submit(case_no, body, by)


@router.post("/close", responses=_refusals(command=b.CloseBody.makes))
async def close(
    case_no: CaseNo, by: Annotated[Caller, may(Action.CLOSE)], desk: Desk, body: b.CloseBody | None = None
) -> CaseSnapshot:
    """结案: a verified case is closed by hand after callbacks failed."""
    return await desk.submit(case_no, body or b.CloseBody(), by)


@router.post("/reopen", responses=_refusals(command=b.ReopenBody.makes))
async def reopen(
    case_no: CaseNo, body: b.ReopenBody, by: Annotated[Caller, may(Action.REOPEN)], desk: Desk
) -> CaseSnapshot:
    """重办: a closed case is taken up again, with new clocks; the requester may by her tracking code."""
    return await desk.submit(case_no, body, by)


@router.post("/contacts", responses=_refusals(command=b.AddContactBody.makes))
async def add_contact(
    case_no: CaseNo, body: b.AddContactBody, by: Annotated[Caller, may(Action.ADD_CONTACT)], desk: Desk
) -> CaseSnapshot:
    """再次来电: a further call about an open case; the second call urges, the third reaches the supervisor."""
    return await desk.submit(case_no, body, by)


@router.post("/withdraw", responses=_refusals(command=WithdrawThroughStaffBody.makes))
async def withdraw(
    case_no: CaseNo, body: WithdrawThroughStaffBody, by: Annotated[Caller, may(Action.WITHDRAW)], desk: Desk
) -> CaseSnapshot:
    """撤回: told through staff; from a unit at work it counts once the centre has confirmed it. A danger goes on."""
    return await desk.submit_at_work(case_no, body, by)


@router.post("/confirm-withdrawal", responses=_refusals(command=ConfirmWithdrawalBody.makes))
async def confirm_withdrawal(
    case_no: CaseNo, body: ConfirmWithdrawalBody, by: Annotated[Caller, may(Action.CONFIRM_WITHDRAWAL)], desk: Desk
) -> CaseSnapshot:
    """The centre has asked the requester whether the withdrawal is meant."""
    return await desk.submit(case_no, body, by)


@router.post("/extension-decision", responses=_refusals(command=b.DecideExtensionBody.makes))
async def decide_extension(
    case_no: CaseNo, body: b.DecideExtensionBody, by: Annotated[Caller, may(Action.DECIDE_EXTENSION)], desk: Desk
) -> CaseSnapshot:
    """延期审批: more time is granted or refused by the approver that the clock's policy names."""
    return await desk.submit(case_no, body, by)


@router.post("/suspend", responses=_refusals(command=b.SuspendBody.makes))
async def suspend(
    case_no: CaseNo, body: b.SuspendBody, by: Annotated[Caller, may(Action.SUSPEND)], desk: Desk
) -> CaseSnapshot:
    """挂起: the clocks whose source allows the ground stand still, until that date at the latest."""
    return await desk.submit(case_no, body, by)


@router.post("/resume", responses=_refusals(command=b.ResumeBody.makes))
async def resume(
    case_no: CaseNo, body: b.ResumeBody, by: Annotated[Caller, may(Action.RESUME)], desk: Desk
) -> CaseSnapshot:
    """恢复: what the suspension waited for has come."""
    return await desk.submit(case_no, body, by)


@router.post("/commit", responses=_refusals(command=b.CommitBody.makes))
async def commit(
    case_no: CaseNo, body: b.CommitBody, by: Annotated[Caller, may(Action.COMMIT)], desk: Desk
) -> CaseSnapshot:
    """承诺办理: promised for a firm date, and held to it; no clock stops."""
    return await desk.submit_at_work(case_no, body, by)


@router.post("/interim-reply", responses=_refusals(command=b.InterimReplyBody.makes))
async def interim_reply(
    case_no: CaseNo, body: b.InterimReplyBody, by: Annotated[Caller, may(Action.REPLY_INTERIM)], desk: Desk
) -> CaseSnapshot:
    """阶段性答复: which procedure the law prescribes, and until when it may take."""
    return await desk.submit_at_work(case_no, body, by)


@router.post("/set-risk", responses=_refusals(command=b.SetRiskBody.makes))
async def set_risk(
    case_no: CaseNo, body: b.SetRiskBody, by: Annotated[Caller, may(Action.SET_RISK)], desk: Desk
) -> CaseSnapshot:
    """三色预警: how likely the case is to get worse, by its own policy's limits for that."""
    return await desk.submit(case_no, body, by)


@router.post("/serve-notice", responses=_refusals(command=ServeNoticeBody.makes))
async def serve_notice(
    case_no: CaseNo, body: ServeNoticeBody, by: Annotated[Caller, may(Action.SERVE_NOTICE)], desk: Desk
) -> CaseSnapshot:
    """送达: how and when a notice reached the requester; a review may be asked for from then on."""
    return await desk.submit(case_no, body, by)
