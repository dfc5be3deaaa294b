"""One case: where it stands or stood, who owes what until when, what happened, and the viewer's next steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.authorisation import ALLOWED, Action, permit
from api.case_desk import CaseDesk
from api.errors import not_found
from api.mediation_desk import MediationDesk
from api.pages import mediation_words
from api.pages.case_reading import MOVES, Asked, read_page
from api.pages.case_steps import CASE_STEPS
from api.pages.choices import CaseNames
from api.pages.clock_lines import clock_line, task_progress
from api.pages.dispatch_lines import dispatch_lines
from api.pages.forms import Forms, Refused
from api.pages.inbox_pages import show_inbox
from api.pages.mediation_people_steps import OPEN_MEDIATION
from api.pages.offers import Offer
from api.pages.referral_lines import referral_lines
from api.pages.refusals import REFUSABLE, explain
from api.pages.sentences import MINOR, tell
from api.pages.session import OwnForm, SignedIn, Viewer
from api.pages.steps import Step, given
from api.pages.task_marks import task_marks
from api.pages.task_steps import TASK_STEPS
from api.pages.view import Shown, View
from api.reception import received
from api.requesters import look_at_requester
from api.routes.attachments import read_attachment
from api.scope import find_case
from api.services import App, Services
from api.snapshots import CaseSnapshot
from workflows.contracts.ids import CaseNo, TaskNo, case_of
from workflows.contracts.state import CaseState

router = APIRouter(include_in_schema=False)


@router.get("/cases/{case_no}")
async def case_page(
    case_no: CaseNo, asked: Annotated[Asked, Query()], viewer: SignedIn, app: App, view: Shown
) -> Response:
    """The case."""
    return await _show(app, view, viewer, case_no, asked)


@router.post("/cases/{case_no}/requester")
async def requester(case_no: CaseNo, _: OwnForm, viewer: SignedIn, app: App, view: Shown) -> Response:
    """诉求人: whom it concerns; that it was looked at goes on record."""
    viewer.may(Action.READ_REQUESTER)
    async with app.sessions.begin() as session:
        case = await find_case(session, viewer.caller, case_no)
        person = await look_at_requester(session, case, viewer.caller, app.now())
    return view.page("requester.html", viewer=viewer, here="cases", case_no=case_no, person=person)


@router.post("/cases/{case_no}/{step_name}")
async def case_step(
    case_no: CaseNo, step_name: str, request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown
) -> Response:
    """A step of the case, by the same way as through the API."""
    return await _take(app, view, viewer, request, form, CASE_STEPS.get(step_name), case_no, None)


@router.post("/tasks/{task_no}/{step_name}")
async def task_step(
    task_no: TaskNo, step_name: str, request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown
) -> Response:
    """A step of a task of the viewer's unit."""
    return await _take(app, view, viewer, request, form, TASK_STEPS.get(step_name), case_of(task_no), task_no)


@router.get("/attachments/{attachment_id}")
async def attachment(attachment_id: UUID, viewer: SignedIn, app: App) -> Response:
    """A file given as evidence, to be saved."""
    viewer.may(Action.READ_ATTACHMENT)
    return await read_attachment(attachment_id, viewer.caller, app)


async def _take(
    app: Services,
    view: View,
    viewer: Viewer,
    request: Request,
    form: FormData,
    step: Step | None,
    case_no: str,
    task_no: str | None,
) -> Response:
    if step is None:
        raise not_found("step")
    permit(viewer.caller, step.action)
    # Without a key of the form's own, which ours all have, each sending would count.
    desk = CaseDesk(app, received(request), str(form.get("key") or uuid4()))
    back = str(form.get("back", ""))
    try:
        body = step.body.model_validate(given(step, form))
        if task_no is None:
            submit = desk.submit_at_work if step.at_work else desk.submit
            after = await submit(case_no, body, viewer.caller)
        else:
            after = await desk.submit_for_task(task_no, body, viewer.caller)
    except REFUSABLE as error:
        refused = Refused(step.name, task_no or case_no, form, explain(error))
        # What the form names may be missing; a case that is not the viewer's is refused where it is shown.
        if refused.refusal.status == 403:
            raise
        if back and back == viewer.inbox:
            return await show_inbox(app, view, viewer, back, refused=refused)
        return await _show(app, view, viewer, case_no, Asked(), refused)
    if step is OPEN_MEDIATION:
        number = after.mediations[-1]
        await MediationDesk(app, received(request), None).begun(number)
        return RedirectResponse(f"/mediations/{number}", 303)
    told = {"done": step.name, "since": after.seq}
    page = f"/units/{back}/inbox" if back and back == viewer.inbox else f"/cases/{case_no}"
    return RedirectResponse(f"{page}?{urlencode(told)}", 303)


async def _show(
    app: Services,
    view: View,
    viewer: Viewer,
    case_no: str,
    asked: Asked,
    refused: Refused | None = None,
) -> Response:
    found = await read_page(app, viewer, case_no, asked)
    shown, state, then, names = found.shown, found.state, found.then, found.names
    happened, ahead = found.happened, found.ahead
    working: dict[str, Any] = {"clocks": [], "tasks": [], "forms": []}
    if state is not None:
        called = _case_names(shown, names.regions)
        forms = Forms(state, found.city, called, uuid4().hex, "", ahead.suggested, refused, shown.safe_contact)
        working = _working(shown, state, forms, ahead.offered, then or app.now())
    entries = [tell(item, names) for item in happened.items if asked.whole or item.kind not in MINOR]
    refusal = refused.refusal if refused else found.wrong
    return view.page(
        "case.html",
        status=refusal.status if refusal else 200,
        viewer=viewer,
        here="cases",
        city=found.city,
        case=shown,
        started=state is not None,
        done=_done(asked.done),
        refused=refused,
        then=then,
        wrong=found.wrong,
        asked_at=asked.at,
        reveals_requester=ahead.reveals_requester,
        passed_on=dispatch_lines(shown.dispatch_story, happened.passed_on, names),
        told_last={item.kind: tell(item, names) for item in happened.raised},
        moved=[tell(item, names) for item in happened.raised if item.kind in MOVES][-1:],
        reads_only=ahead.reads_only,
        referrals=referral_lines(happened.referred, names),
        mediations=found.mediations,
        m=mediation_words,
        regions=names.regions,
        alike=ahead.alike,
        classes=ahead.classes,
        entries=entries,
        notices=ahead.notices,
        reads_notices=viewer.caller.role in ALLOWED[Action.READ_NOTICE],
        hidden=len(happened.items) - len(entries),
        whole=asked.whole,
        latest=app.now(),
        # Without it nothing ticks: what is over stands still.
        **({"now": app.now()} if then is None else {}),
        **_links(asked, happened.following, then),
        **working,
    )


def _links(asked: Asked, following: str | None, then: datetime | None) -> dict[str, str | None]:
    """Where the rest of the story is, its main lines, and the whole of it, all of the same moment."""
    kept = {"at": asked.at} if then else {}
    further = kept | {"all": asked.whole, "cursor": following}
    return {
        "following": f"?{urlencode(further)}#timeline" if following else None,
        "in_short": f"?{urlencode(kept)}#timeline",
        "in_full": f"?{urlencode(kept | {'all': 'true'})}#timeline",
    }


def _case_names(shown: CaseSnapshot, regions: Mapping[str, str]) -> CaseNames:
    units = {task.unit_id: task.unit_name for task in shown.tasks}
    units |= {referral.unit_id: referral.unit_name for referral in shown.referrals}
    reports = {report.tracking_code: f"{report.title}（{report.case_no}）" for report in shown.merged}
    return CaseNames(units, regions, {code: label for code, label in reports.items() if code is not None})


def _working(
    shown: CaseSnapshot, state: CaseState, forms: Forms, offered: Mapping[str | None, Sequence[Offer]], at: datetime
) -> dict[str, Any]:
    own = sorted((clock for clock in shown.clocks if clock.task_no is None), key=lambda clock: clock.started_at)
    return {
        "clocks": [clock_line(clock, at, state, explained=True) for clock in own],
        "tasks": [
            {
                "task": task,
                "progress": task_progress(task.status, task.clocks, at, state, explained=True),
                "marks": task_marks(state, task.task_no, task.clocks, at),
                "forms": [forms.of(offer) for offer in offered.get(task.task_no, ())],
            }
            for task in shown.tasks
        ],
        "forms": [forms.of(offer) for offer in offered.get(None, ())],
    }


def _done(step_name: str) -> str | None:
    step = CASE_STEPS.get(step_name) or TASK_STEPS.get(step_name)
    return step.label if step else None
