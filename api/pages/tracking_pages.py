"""For residents: where the matter stands, what was answered, and the say at the end."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.bodies import CommandBody, Envelope
from api.case_desk import CaseDesk
from api.errors import not_found
from api.mediation_desk import MediationDesk
from api.pages import mediation_words
from api.pages.choices import the_city
from api.pages.offers import allowed
from api.pages.refusals import REFUSABLE, Refusal, explain
from api.pages.view import Shown, View
from api.reception import received
from api.routes import tracking
from api.routes.tracking import (
    REQUESTER,
    AcknowledgeTracked,
    ConsentTracked,
    ContactTracked,
    LeaveTracked,
    RateTracked,
    ReopenTracked,
    TrackingCode,
    WithdrawTracked,
)
from api.services import App, Services
from api.snapshots import recorded_state
from api.tracking import tracked
from api.tracking_codes import PinCheck, cases_behind
from workflows.contracts.state import CaseState
from workflows.rules.calendar import ONE_DAY, local_date

router = APIRouter(include_in_schema=False)

_FIELDS = ("case_no", "mediation_no", "notice_no", "rating", "solved", "note", "reason", "text")
_Say: TypeAlias = RateTracked | WithdrawTracked | ReopenTracked | ContactTracked | AcknowledgeTracked
_OfTalks: TypeAlias = ConsentTracked | LeaveTracked
_BODIES: Mapping[str, type[_Say | _OfTalks]] = {
    "rate": RateTracked,
    "withdraw": WithdrawTracked,
    "reopen": ReopenTracked,
    "contact": ContactTracked,
    "acknowledge": AcknowledgeTracked,
    "consent": ConsentTracked,
    "leave-mediation": LeaveTracked,
}


@router.get("/track")
async def ask_code(view: Shown, code: Annotated[str, Query(max_length=64)] = "") -> Response:
    """查询: asks for the tracking code."""
    code = "".join(code.split()).upper()
    if code:
        return RedirectResponse(f"/track/{quote(code, safe='')}", 303)
    return view.page("track.html")


@router.get("/track/{code}")
async def track(code: TrackingCode, app: App, view: Shown) -> Response:
    """What anybody with the code may know."""
    return await _show(app, view, code, pin="")


@router.post("/track/{code}")
async def track_with_pin(code: TrackingCode, request: Request, app: App, view: Shown) -> Response:
    """With the PIN also what was written, and the say."""
    form = await request.form()
    pin = _pin(form)
    try:
        await PinCheck(app.sessions).holds(code, pin, app.now())
    except REFUSABLE as error:
        return await _show(app, view, code, pin="", refusal=explain(error))
    return await _show(app, view, code, pin=pin)


@router.post("/track/{code}/{step_name}")
async def say(code: TrackingCode, step_name: str, request: Request, app: App, view: Shown) -> Response:
    """What the requester says, as through the API; the PIN in the form is what proves who says it."""
    form = await request.form()
    pin, body = _pin(form), _BODIES.get(step_name)
    if body is None:
        raise not_found("step")
    desk = CaseDesk(app, received(request), str(form.get("key") or uuid4()))
    given: dict[str, Any] = {name: text for name in _FIELDS if isinstance(text := form.get(name), str) and text.strip()}
    if "agreed" in form:
        given["agreed"] = form["agreed"] == "true"
    try:
        match body.model_validate(given):
            case RateTracked() as asked:
                await tracking.rate(code, asked, app, desk, pin or None)
            case WithdrawTracked() as asked:
                await tracking.withdraw(code, asked, app, desk, pin or None)
            case ReopenTracked() as asked:
                await tracking.reopen(code, asked, app, desk, pin or None)
            case ContactTracked() as asked:
                await tracking.contact(code, asked, app, desk, pin or None)
            case AcknowledgeTracked() as asked:
                await tracking.acknowledge(code, asked, app, desk, pin or None)
            case ConsentTracked() as asked:
                await tracking.consent(code, asked, app, _talks(app, request, form), pin or None)
            case LeaveTracked() as asked:
                await tracking.leave_mediation(code, asked, app, _talks(app, request, form), pin or None)
    except REFUSABLE as error:
        refusal = explain(error)
        known = "" if refusal.code in {"wrong_pin", "too_many_pins", "pin_needed"} else pin
        return await _show(app, view, code, pin=known, refusal=refusal, typed=form)
    return await _show(app, view, code, pin=pin, done=step_name)


async def _show(
    app: Services,
    view: View,
    code: str,
    *,
    pin: str,
    refusal: Refusal | None = None,
    typed: FormData | None = None,
    done: str = "",
) -> Response:
    """The page; `pin` only once it was found right."""
    async with app.sessions() as session:
        cases = await cases_behind(session, code)
        states = [recorded_state(case) for case in cases]
        shown = [
            await tracked(session, case, state, private=bool(pin)) for case, state in zip(cases, states, strict=True)
        ]
        city = await the_city(session)
    return view.page(
        "tracked.html",
        status=refusal.status if refusal else 200,
        city=city,
        m=mediation_words,
        code=code,
        pin=pin,
        cards=[{"case": case, **_say(app, state)} for case, state in zip(shown, states, strict=True)],
        refusal=refusal,
        typed=typed or FormData(),
        done=done,
        key=uuid4().hex,
        now=app.now(),
    )


def _say(app: Services, state: CaseState | None) -> dict[str, Any]:
    """What the requester may do with the case now, the scale of ratings, and through which day it may stand still."""
    if state is None:
        return {"may": (), "scale": (), "unacknowledged": (), "still_until": None, "interim": False}
    scale: Sequence[str] = state.policy.rating_scale
    envelope = Envelope("offer", REQUESTER.actor, app.now())

    asked: Mapping[str, CommandBody] = {
        "rate": RateTracked(rating=scale[0]),
        "withdraw": WithdrawTracked(reason="x"),
        "reopen": ReopenTracked(reason="x"),
        "contact": ContactTracked(text="x"),
    }
    return {
        "may": [name for name, body in asked.items() if allowed(state, body.command(envelope), app.now())],
        "scale": scale,
        "unacknowledged": [
            notice_no
            for notice_no in state.notices
            if allowed(state, AcknowledgeTracked(notice_no=notice_no).command(envelope), app.now())
        ],
        "still_until": local_date(state.suspension.until) - ONE_DAY if state.suspension else None,
        "interim": state.interim_replied,
    }


def _talks(app: Services, request: Request, form: FormData) -> MediationDesk:
    return MediationDesk(app, received(request), str(form.get("key") or uuid4()))


def _pin(form: FormData) -> str:
    return str(form.get("pin", "")).strip()[:12]
