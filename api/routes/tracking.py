"""For requesters: where the matter stands, by tracking code."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Path

from api.bodies import AddContactBody, CommandBody, RateBody, ReopenBody, WithdrawBody
from api.case_desk import CaseDesk, Desk, Order
from api.errors import Problem, problems
from api.fields import Body, Flag, Words
from api.mediation_bodies import ConsentBody, LeaveBody, MediationBody
from api.mediation_desk import MediationDesk, Talks
from api.notice_bodies import AcknowledgeBody
from api.services import App, Services
from api.snapshots import recorded_state
from api.tokens import Caller
from api.tracked_mediations import asked_of, her_part
from api.tracking import Tracked, TrackedCase, tracked
from api.tracking_codes import PinCheck, cases_behind, chosen
from infra.tables import Case
from workflows.contracts.ids import CaseNo, MediationNo
from workflows.contracts.vocabulary import Role

router = APIRouter(prefix="/api/v1/track/{code}", tags=["tracking"])
_refusals = partial(problems, 401, 403, 404, 429)

REQUESTER = Caller(id="requester", role=Role.REQUESTER)
"""Whoever holds the PIN; the record says no more than that."""

TrackingCode = Annotated[str, Path(alias="code", pattern=r"^[0-9A-Z]{10,32}$")]
Pin = Annotated[
    str | None, Header(alias="Tracking-Pin", pattern=r"^[0-9]{4,12}$", description="for what is private or binding")
]


class RateTracked(RateBody):
    """满意度; `case_no` where the code has several cases."""

    case_no: CaseNo | None = None


class WithdrawTracked(WithdrawBody):
    """撤回; `case_no` where the code has several cases."""

    case_no: CaseNo | None = None


class ReopenTracked(ReopenBody):
    """重办; `case_no` where the code has several cases."""

    case_no: CaseNo | None = None


class ContactTracked(AddContactBody):
    """再次反映; `case_no` where the code has several cases."""

    case_no: CaseNo | None = None


class AcknowledgeTracked(AcknowledgeBody):
    """确认收到; `case_no` where the code has several cases."""

    case_no: CaseNo | None = None


class ConsentTracked(Body):
    """同意调解 or not, to the channel that asks now; `case_no` where the code has several cases.

    `mediation_no` is by default the latest.
    """

    case_no: CaseNo | None = None
    mediation_no: MediationNo | None = None
    agreed: Flag
    note: Words | None = None


class LeaveTracked(Body):
    """退出调解, any time before she signs; `case_no` where the code has several cases."""

    case_no: CaseNo | None = None
    mediation_no: MediationNo | None = None
    reason: Words


@router.get("", responses=problems(403, 404, 429))
async def track(code: TrackingCode, app: App, pin: Pin = None) -> Tracked:
    """Where it stands and until when there is an answer; with the PIN also what was written."""
    if pin is not None:
        await PinCheck(app.sessions).holds(code, pin, app.now())
    async with app.sessions() as session:
        cases = await cases_behind(session, code)
        return Tracked(
            cases=[await tracked(session, case, recorded_state(case), private=pin is not None) for case in cases]
        )


@router.post("/rate", responses=_refusals(command=RateTracked.makes))
async def rate(code: TrackingCode, body: RateTracked, app: App, desk: Desk, pin: Pin = None) -> TrackedCase:
    """The requester rates the result."""
    return await _bind(app, desk, code, pin, body.case_no, body)


@router.post("/withdraw", responses=_refusals(command=WithdrawTracked.makes))
async def withdraw(code: TrackingCode, body: WithdrawTracked, app: App, desk: Desk, pin: Pin = None) -> TrackedCase:
    """The requester takes the matter back."""
    return await _bind(app, desk, code, pin, body.case_no, body)


@router.post("/reopen", responses=_refusals(command=ReopenTracked.makes))
async def reopen(code: TrackingCode, body: ReopenTracked, app: App, desk: Desk, pin: Pin = None) -> TrackedCase:
    """The requester is not content with the result: the closed case is taken up again."""
    return await _bind(app, desk, code, pin, body.case_no, body)


@router.post("/contact", responses=_refusals(command=ContactTracked.makes))
async def contact(code: TrackingCode, body: ContactTracked, app: App, desk: Desk, pin: Pin = None) -> TrackedCase:
    """The requester adds something while the case is open, as a further call would."""
    return await _bind(app, desk, code, pin, body.case_no, body)


@router.post("/acknowledge", responses=_refusals(command=AcknowledgeTracked.makes))
async def acknowledge(
    code: TrackingCode, body: AcknowledgeTracked, app: App, desk: Desk, pin: Pin = None
) -> TrackedCase:
    """The requester confirms that she has read a notice, which serves it electronically."""
    return await _bind(app, desk, code, pin, body.case_no, body)


@router.post("/consent", responses=_refusals(command=ConsentBody.makes))
async def consent(code: TrackingCode, body: ConsentTracked, app: App, talks: Talks, pin: Pin = None) -> TrackedCase:
    """The requester agrees to be mediated with in the channel that asks her, or refuses, which ends the mediation."""
    case = await _own_case(app, code, pin, body.case_no)
    async with app.sessions() as session:
        state, party = await her_part(session, case.case_no, body.mediation_no)
    asked = asked_of(state, party)
    track = asked[0].number if asked is not None else None
    answer = ConsentBody(track=track, party_no=party.party_no, agreed=body.agreed, note=body.note)
    return await _answer(app, talks, case, state.mediation_no, answer)


@router.post("/leave-mediation", responses=_refusals(command=LeaveBody.makes))
async def leave_mediation(
    code: TrackingCode, body: LeaveTracked, app: App, talks: Talks, pin: Pin = None
) -> TrackedCase:
    """The requester will not go on with the mediation: it ends, and no legal way is closed [人民调解法 23, 26]."""
    case = await _own_case(app, code, pin, body.case_no)
    async with app.sessions() as session:
        state, party = await her_part(session, case.case_no, body.mediation_no)
    left = LeaveBody(party_no=party.party_no, reason=body.reason)
    return await _answer(app, talks, case, state.mediation_no, left)


async def _answer(
    app: Services, talks: MediationDesk, case: Case, mediation_no: str, body: MediationBody
) -> TrackedCase:
    await talks.submit(mediation_no, body, REQUESTER, key_owner=f"tracked:{case.case_no}")
    async with app.sessions() as session:
        after = await session.get_one(Case, case.case_no)
        return await tracked(session, after, recorded_state(after), private=True)


async def _own_case(app: Services, code: str, pin: str | None, case_no: str | None) -> Case:
    if pin is None:
        raise Problem(401, "pin_needed", "send the PIN that came with the tracking code in Tracking-Pin")
    await PinCheck(app.sessions).holds(code, pin, app.now())
    async with app.sessions() as session:
        return chosen(await cases_behind(session, code), case_no)


async def _bind(
    app: Services, desk: CaseDesk, code: str, pin: str | None, case_no: str | None, body: CommandBody
) -> TrackedCase:
    case = await _own_case(app, code, pin, case_no)
    after = await desk.perform(Order(case, body, REQUESTER, key_owner=f"tracked:{case.case_no}"))
    async with app.sessions() as session:
        return await tracked(session, after.case, after.state, private=True)
