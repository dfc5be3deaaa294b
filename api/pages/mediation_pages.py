"""联合调解: one mediation with all that may be read of it, the viewer's next steps in it, and its files."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.authorisation import Action, permit
from api.case_desk import CaseDesk
from api.errors import not_found
from api.mediation_bodies import MediationBody
from api.mediation_desk import MediationDesk
from api.mediation_views import InvitationView, MediationSnapshot
from api.pages import mediation_words as m
from api.pages.choices import the_city
from api.pages.forms import Refused
from api.pages.mediation_choices import TalkChoices
from api.pages.mediation_forms import TalkForms
from api.pages.mediation_reading import Asked, read_talks
from api.pages.mediation_steps import MEDIATION_STEPS
from api.pages.mediation_story import tell_talks
from api.pages.refusals import REFUSABLE, explain
from api.pages.sentences import MINOR
from api.pages.session import OwnForm, SignedIn, Viewer
from api.pages.steps import Step, given
from api.pages.view import Shown, View
from api.reception import received
from api.risk_bodies import ReportDangerBody
from api.routes import mediation_files
from api.services import App, Services
from workflows.contracts.ids import MediationNo

router = APIRouter(prefix="/mediations/{number}", include_in_schema=False)


@router.get("")
async def mediation(
    number: MediationNo, asked: Annotated[Asked, Query()], viewer: SignedIn, app: App, view: Shown
) -> Response:
    """The mediation, as far as the viewer may read it; that she did goes on record."""
    return await _show(app, view, viewer, number, asked)


@router.get("/sessions.ics")
async def calendar(number: MediationNo, viewer: SignedIn, app: App) -> Response:
    """Its sessions, for a calendar."""
    viewer.may(Action.READ_MEDIATION)
    return await mediation_files.calendar(number, viewer.caller, app)


@router.get("/papers/{paper_no}.docx")
async def paper(number: MediationNo, paper_no: mediation_files.PaperNo, viewer: SignedIn, app: App) -> Response:
    """A writing, as it was when it was issued."""
    viewer.may(Action.READ_MEDIATION)
    return await mediation_files.read_paper(number, paper_no, viewer.caller, app)


@router.get("/agreement.docx")
async def agreement(number: MediationNo, viewer: SignedIn, app: App) -> Response:
    """The agreement as it is drawn up now."""
    viewer.may(Action.READ_MEDIATION)
    return await mediation_files.read_agreement(number, viewer.caller, app)


@router.get("/pack.docx")
async def pack(number: MediationNo, viewer: SignedIn, app: App) -> Response:
    """调解卷宗."""
    viewer.may(Action.READ_MEDIATION)
    return await mediation_files.read_pack(number, viewer.caller, app)


@router.post("/{step_name}")
async def take(
    number: MediationNo, step_name: str, request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown
) -> Response:
    """A step of the mediation, by the same way as through the API."""
    step = MEDIATION_STEPS.get(step_name)
    if step is None:
        raise not_found("step")
    permit(viewer.caller, step.action)
    try:
        after = await _submit(app, request, form, viewer, number, step)
    except REFUSABLE as error:
        refused = Refused(step.name, number, form, explain(error))
        return await _show(app, view, viewer, number, Asked(), refused)
    told = {"done": step.name, "since": after.seq}
    return RedirectResponse(f"/mediations/{number}?{urlencode(told)}", 303)


async def _submit(
    app: Services, request: Request, form: FormData, viewer: Viewer, number: str, step: Step
) -> MediationSnapshot:
    key = str(form.get("key") or uuid4())
    desk = MediationDesk(app, received(request), key)
    body = step.body.model_validate(given(step, form))
    match body:
        case ReportDangerBody():
            return await desk.report_danger(number, body, viewer.caller, CaseDesk(app, received(request), key))
        case MediationBody():
            return await desk.submit(number, body, viewer.caller)
        case _:
            raise TypeError(f"{step.name} is no step of a mediation")


async def _show(
    app: Services, view: View, viewer: Viewer, number: str, asked: Asked, refused: Refused | None = None
) -> Response:
    viewer.may(Action.READ_MEDIATION)
    found = await read_talks(app, viewer, number, asked)
    if isinstance(found, InvitationView):
        return view.page("invited.html", viewer=viewer, here="mediations", m=m, mediation=found)
    async with app.sessions() as session:
        city = await the_city(session)
    entries = [tell_talks(item, found.names) for item in found.items if asked.whole or item.kind not in MINOR]
    forms = TalkForms(number, TalkChoices(found.shown, found.registers), uuid4().hex, refused)
    further = {"all": asked.whole, "cursor": found.following}
    step = MEDIATION_STEPS.get(asked.done)
    return view.page(
        "mediation.html",
        status=refused.refusal.status if refused else 200,
        viewer=viewer,
        here="mediations",
        m=m,
        city=city,
        found=found,
        talk=found.shown,
        forms=[forms.of(offer) for offer in found.offers],
        refused=refused,
        done=step.label if step else None,
        entries=entries,
        hidden=len(found.items) - len(entries),
        whole=asked.whole,
        following=f"?{urlencode(further)}#timeline" if found.following else None,
        now=app.now(),
    )
