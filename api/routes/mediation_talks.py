"""What a host and its mediators do: taking a dispute up, sessions, the agreement and its promises."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter

from api import agreement_bodies as a
from api import hearing_bodies as h
from api import mediation_bodies as b
from api.authorisation import Action, may
from api.errors import problems
from api.mediation_desk import Talks
from api.mediation_views import MediationSnapshot
from api.tokens import Caller
from workflows.contracts.ids import MediationNo

router = APIRouter(prefix="/api/v1/mediations/{mediation_no}", tags=["mediations"])
_refusals = partial(problems, 401, 403, 404)


@router.post("/disclose", responses=_refusals(command=b.DiscloseBody.makes))
async def disclose(
    mediation_no: MediationNo, body: b.DiscloseBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """披露: a mediator tells the parties of ties that came up later."""
    return await talks.submit(mediation_no, body, by)


@router.post("/object", responses=_refusals(command=b.ObjectToPersonBody.makes))
async def object_to_person(
    mediation_no: MediationNo,
    body: b.ObjectToPersonBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """回避: one party will not have this mediator or interpreter; another takes the place."""
    return await talks.submit(mediation_no, body, by)


@router.post("/appoint-interpreter", responses=_refusals(command=b.AppointInterpreterBody.makes))
async def appoint_interpreter(
    mediation_no: MediationNo,
    body: b.AppointInterpreterBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """翻译: somebody interprets for those who speak that language."""
    return await talks.submit(mediation_no, body, by)


@router.post("/apply", responses=_refusals(command=h.ApplyBody.makes))
async def apply(
    mediation_no: MediationNo, body: h.ApplyBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """申请调解: a party applies to the host, on paper or by word of mouth."""
    return await talks.submit(mediation_no, body, by)


@router.post("/take-up", responses=_refusals(command=h.TakeUpBody.makes))
async def take_up(
    mediation_no: MediationNo,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
    body: h.TakeUpBody | None = None,
) -> MediationSnapshot:
    """受理: the host takes the dispute on, or does not."""
    return await talks.submit(mediation_no, body or h.TakeUpBody(), by)


@router.post("/schedule-session", responses=_refusals(command=h.ScheduleSessionBody.makes))
async def schedule_session(
    mediation_no: MediationNo,
    body: h.ScheduleSessionBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """调解安排: room and people are held; 409 `double_booked` if one of them is not free."""
    return await talks.submit(mediation_no, body, by)


@router.post("/call-off-session", responses=_refusals(command=h.CallOffSessionBody.makes))
async def call_off_session(
    mediation_no: MediationNo,
    body: h.CallOffSessionBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """延期、取消: a session that was set does not take place then."""
    return await talks.submit(mediation_no, body, by)


@router.post("/record-session", responses=_refusals(command=h.RecordSessionBody.makes))
async def record_session(
    mediation_no: MediationNo, body: h.RecordSessionBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """调解笔录: who came, which facts are agreed, what stays open."""
    return await talks.submit(mediation_no, body, by)


@router.post("/extend", responses=_refusals(command=h.ExtendTrackBody.makes))
async def extend(
    mediation_no: MediationNo, body: h.ExtendTrackBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """延长调解期限: both sides want more time."""
    return await talks.submit(mediation_no, body, by)


@router.post("/pause", responses=_refusals(command=h.PauseTrackBody.makes))
async def pause(
    mediation_no: MediationNo, body: h.PauseTrackBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """The limit stands still while experts look at it, where the channel's source allows that."""
    return await talks.submit(mediation_no, body, by)


@router.post("/go-on", responses=_refusals(command=h.GoOnWithTrackBody.makes))
async def go_on(
    mediation_no: MediationNo, body: h.GoOnWithTrackBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """What the limit waited for has come."""
    return await talks.submit(mediation_no, body, by)


@router.post("/fail", responses=_refusals(command=h.FailTrackBody.makes))
async def fail(
    mediation_no: MediationNo, body: h.FailTrackBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """调解不成: this channel came to nothing; the next one of the plan follows."""
    return await talks.submit(mediation_no, body, by)


@router.post("/draft-agreement", responses=_refusals(command=a.DraftAgreementBody.makes))
async def draft_agreement(
    mediation_no: MediationNo,
    body: a.DraftAgreementBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """调解协议: what the parties agreed on; by word of mouth it binds at once."""
    return await talks.submit(mediation_no, body, by)


@router.post("/sign", responses=_refusals(command=a.SignAgreementBody.makes))
async def sign(
    mediation_no: MediationNo, body: a.SignAgreementBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """签署: a party's mark, the mediator's, the seal, or a party's receipt."""
    return await talks.submit(mediation_no, body, by)


@router.post("/prove-fulfilment", responses=_refusals(command=a.ProveFulfilmentBody.makes))
async def prove_fulfilment(
    mediation_no: MediationNo,
    body: a.ProveFulfilmentBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """履行证明: the promisor shows that it was done."""
    return await talks.submit(mediation_no, body, by)


@router.post("/check-fulfilment", responses=_refusals(command=a.CheckFulfilmentBody.makes))
async def check_fulfilment(
    mediation_no: MediationNo,
    body: a.CheckFulfilmentBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """履行核实: the other side says whether it was done."""
    return await talks.submit(mediation_no, body, by)


@router.post("/forgo-promise", responses=_refusals(command=a.ForgoPromiseBody.makes))
async def forgo_promise(
    mediation_no: MediationNo, body: a.ForgoPromiseBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """Whoever it was promised to does without it."""
    return await talks.submit(mediation_no, body, by)


@router.post("/postpone-promise", responses=_refusals(command=a.PostponePromiseBody.makes))
async def postpone_promise(
    mediation_no: MediationNo,
    body: a.PostponePromiseBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """Both sides agree on a later day."""
    return await talks.submit(mediation_no, body, by)


@router.post("/take-remedy", responses=_refusals(command=a.TakeRemedyBody.makes))
async def take_remedy(
    mediation_no: MediationNo, body: a.TakeRemedyBody, by: Annotated[Caller, may(Action.RUN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """违约救济: what is done about a broken promise."""
    return await talks.submit(mediation_no, body, by)


@router.post("/apply-confirmation", responses=_refusals(command=a.ApplyConfirmationBody.makes))
async def apply_confirmation(
    mediation_no: MediationNo,
    body: a.ApplyConfirmationBody,
    by: Annotated[Caller, may(Action.RUN_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """申请司法确认: all parties ask a court to confirm the agreement."""
    return await talks.submit(mediation_no, body, by)
