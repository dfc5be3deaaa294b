"""Mediations: opening one in a dispute, reading it, and what the centre decides or takes down for all channels."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Response

from api import hearing_bodies as h
from api import mediation_bodies as b
from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.mediation_desk import Talks, show, told
from api.mediation_scope import Part, find_mediation, recorded_state
from api.mediation_snapshot import invitation
from api.mediation_views import InvitationView, MediationSnapshot
from api.risk_bodies import ReportDangerBody
from api.services import App
from api.snapshots import CaseSnapshot
from api.tokens import Caller
from workflows.contracts.ids import CaseNo, MediationNo

opening = APIRouter(prefix="/api/v1/cases/{case_no}/mediations", tags=["mediations"])
router = APIRouter(prefix="/api/v1/mediations/{mediation_no}", tags=["mediations"])
_refusals = partial(problems, 401, 403, 404)


@opening.post("", status_code=201, responses=_refusals(command=b.OpenMediationBody.makes))
async def open_mediation(
    case_no: CaseNo,
    body: b.OpenMediationBody,
    by: Annotated[Caller, may(Action.OPEN_MEDIATION)],
    desk: Desk,
    talks: Talks,
    response: Response,
) -> CaseSnapshot:
    """启动联调: a dispute goes to joint mediation; its number is the last of `mediations`, its place in `Location`."""
    case = await desk.submit(case_no, body, by)
    if case.mediations and not case.stale:
        number = case.mediations[-1]
        await talks.begun(number)
        response.headers["Location"] = f"/api/v1/mediations/{number}"
    return case


@router.get("", responses=problems(401, 403, 404))
async def read_mediation(
    mediation_no: MediationNo,
    by: Annotated[Caller, may(Action.READ_MEDIATION)],
    app: App,
    live: Annotated[bool, Query(description="ask the running mediation itself; stale if it does not answer")] = False,
) -> MediationSnapshot | InvitationView:
    """One mediation; a unit that is invited to it learns that, and when."""
    async with app.sessions() as session:
        mediation, _, part = await find_mediation(session, by, mediation_no)
        state = recorded_state(mediation)
        if part is Part.INVITED and state is not None:
            return await invitation(session, state, by.unit or "")
    state, stale = await told(app, mediation, live=live)
    return await show(app, mediation, state, by, stale=stale)


@router.post("/report-danger", responses=_refusals(command=ReportDangerBody.makes))
async def report_danger(
    mediation_no: MediationNo,
    body: ReportDangerBody,
    by: Annotated[Caller, may(Action.REPORT_DANGER)],
    desk: Desk,
    talks: Talks,
) -> MediationSnapshot:
    """报告现实危险: the case locks the mediation [人民调解法 25]; it goes on once the danger is lifted there."""
    return await talks.report_danger(mediation_no, body, by, desk)


@router.post("/decide-plan", responses=_refusals(command=b.DecidePlanBody.makes))
async def decide_plan(
    mediation_no: MediationNo, body: b.DecidePlanBody, by: Annotated[Caller, may(Action.PLAN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """调解方案: which channels, in which order or together, at whose house."""
    return await talks.submit(mediation_no, body, by)


@router.post("/end", responses=_refusals(command=b.EndMediationBody.makes))
async def end(
    mediation_no: MediationNo, body: b.EndMediationBody, by: Annotated[Caller, may(Action.PLAN_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """终止调解: no channel is left that would help; where the matter goes, and the notice of it."""
    return await talks.submit(mediation_no, body, by)


@router.post("/add-party", responses=_refusals(command=b.AddPartyBody.makes))
async def add_party(
    mediation_no: MediationNo, body: b.AddPartyBody, by: Annotated[Caller, may(Action.ATTEND_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """追加当事人: one more party, who is asked for consent."""
    return await talks.submit(mediation_no, body, by)


@router.post("/change-party", responses=_refusals(command=b.ChangePartyBody.makes))
async def change_party(
    mediation_no: MediationNo,
    body: b.ChangePartyBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """Who acts for a party: guardian and representatives from now on."""
    return await talks.submit(mediation_no, body, by)


@router.post("/consent", responses=_refusals(command=b.ConsentBody.makes))
async def consent(
    mediation_no: MediationNo, body: b.ConsentBody, by: Annotated[Caller, may(Action.ATTEND_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """同意调解: a party agrees to the channel, or refuses, which ends the mediation."""
    return await talks.submit(mediation_no, body, by)


@router.post("/leave", responses=_refusals(command=b.LeaveBody.makes))
async def leave(
    mediation_no: MediationNo, body: b.LeaveBody, by: Annotated[Caller, may(Action.ATTEND_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """退出调解: a party will not go on, any time before it signs."""
    return await talks.submit(mediation_no, body, by)


@router.post("/name-mediator", responses=_refusals(command=b.NameMediatorBody.makes))
async def name_mediator(
    mediation_no: MediationNo,
    body: b.NameMediatorBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """选定调解员: chosen by the parties or named by the host, with ties to a party disclosed."""
    return await talks.submit(mediation_no, body, by)


@router.post("/refer-support", responses=_refusals(command=b.ReferSupportBody.makes))
async def refer_support(
    mediation_no: MediationNo,
    body: b.ReferSupportBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """转介: legal aid, counselling or another window beside the mediation, if the party agrees."""
    return await talks.submit(mediation_no, body, by)


@router.post("/record-support", responses=_refusals(command=b.RecordSupportBody.makes))
async def record_support(
    mediation_no: MediationNo,
    body: b.RecordSupportBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """What became of such a referral."""
    return await talks.submit(mediation_no, body, by)


@router.post("/refer-outside", responses=_refusals(command=h.ReferOutsideBody.makes))
async def refer_outside(
    mediation_no: MediationNo,
    body: h.ReferOutsideBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """移送: the system of another authority gets the dispute."""
    return await talks.submit(mediation_no, body, by)


@router.post("/record-outside", responses=_refusals(command=h.RecordOutsideBody.makes))
async def record_outside(
    mediation_no: MediationNo,
    body: h.RecordOutsideBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """What another authority answered on paper; its system answers by its hook."""
    return await talks.submit(mediation_no, body, by)


@router.post("/complete", responses=_refusals(command=h.CompleteTrackBody.makes))
async def complete(
    mediation_no: MediationNo,
    body: h.CompleteTrackBody,
    by: Annotated[Caller, may(Action.ATTEND_MEDIATION)],
    talks: Talks,
) -> MediationSnapshot:
    """A fact-finding beside the mediation is done, with what it found."""
    return await talks.submit(mediation_no, body, by)


@router.post("/serve-paper", responses=_refusals(command=h.ServePaperBody.makes))
async def serve_paper(
    mediation_no: MediationNo, body: h.ServePaperBody, by: Annotated[Caller, may(Action.ATTEND_MEDIATION)], talks: Talks
) -> MediationSnapshot:
    """送达: how and when a writing reached a party."""
    return await talks.submit(mediation_no, body, by)
