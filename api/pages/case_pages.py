"""One case: where it stands or stood, who owes what until when, what happened, and the viewer's next steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from api.authorisation import ALLOWED, Action, permit
from api.case_desk import CaseDesk, told
from api.duplicates import LikelyDuplicate, find_duplicates
from api.errors import Problem, not_found
from api.link_views import read_ties
from api.named import actor_of
from api.notices import read_notices
from api.pages.case_steps import CASE_STEPS
from api.pages.choices import CaseNames, region_names, the_city, units_to_call
from api.pages.clock_lines import clock_line, task_progress
from api.pages.dispatch_lines import STORY_KINDS, dispatch_lines
from api.pages.forms import Forms, Refused
from api.pages.inbox_pages import show_inbox
from api.pages.names import Names
from api.pages.offers import Offer, case_offers, reads_only, task_offers
from api.pages.referral_lines import REFERRAL_KINDS, referral_lines
from api.pages.refusals import REFUSABLE, Refusal, explain
from api.pages.sentences import MINOR, tell, unit_ids
from api.pages.session import OwnForm, SignedIn, Viewer
from api.pages.steps import Step, given
from api.pages.task_marks import task_marks
from api.pages.task_steps import TASK_STEPS
from api.pages.time_travel import moment_asked
from api.pages.view import Shown, View
from api.reception import received
from api.requesters import look_at_requester, may_look, safe_contact
from api.routes.attachments import read_attachment
from api.scope import find_case
from api.services import App, Services
from api.snapshots import CaseSnapshot, snapshot
from api.timeline import read_kinds, read_timeline, state_known_at
from infra.rosters import unit_names
from infra.tables import Case
from workflows.contracts.actors import Actor
from workflows.contracts.ids import CaseNo, TaskNo, case_of
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus
from workflows.rules.calendar import local_date

router = APIRouter(include_in_schema=False)

_TIMELINE = 200
_NOTHING: Mapping[str | None, Sequence[Offer]] = {}
_MOVES = frozenset({"escalated", "assigned_down", "host_named"})
"""What brought a case to the level that has it."""
_LATEST = _MOVES | {
    "supervised",
    "whistle_requested",
    "objected",
    "transfer_asked",
    "explanation_signed",
    "case_transferred",
}
"""Of what somebody has to decide or answer, the latest is told in front."""


class Asked(BaseModel):
    """How the page is asked for: `live` as the running case tells it, `since` a seq that it must have reached, `done`
    the step just taken, `all` the whole record with what the process noted for itself, `at` as it was known then.
    """

    live: bool = False
    since: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    done: Annotated[str, Field(max_length=32)] = ""
    whole: Annotated[bool, Field(alias="all")] = False
    cursor: Annotated[str | None, Field(max_length=400)] = None
    at: Annotated[str, Field(max_length=100)] = ""


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
    viewer.may(Action.READ_CASES)
    async with app.sessions() as session:
        case = await find_case(session, viewer.caller, case_no, whole=True)
        then, wrong = _then(asked.at, case.registered_at, app.now())
        state = await state_known_at(session, case_no, then) if then else None
    stale = False
    if then is None:
        state, stale = await told(app, case, live=asked.live or case.seq < asked.since)
    async with app.sessions() as session:
        shown = await snapshot(
            session,
            case,
            state,
            today=local_date(then or app.now()),
            ties=await read_ties(session, state, viewer.caller),
            stale=stale,
            safe_contact=await safe_contact(session, case, viewer.caller),
        )
        city = await the_city(session)
        items, following = await read_timeline(session, case_no, asked.cursor, _TIMELINE)
        if then is not None and any(item.recorded_at > then for item in items):
            items, following = [item for item in items if item.recorded_at <= then], None
        passed_on = await read_kinds(session, case_no, STORY_KINDS, shown.seq)
        asked_of = await read_kinds(session, case_no, REFERRAL_KINDS, shown.seq) if shown.referrals else []
        raised = await read_kinds(session, case_no, _LATEST, shown.seq)
        notices = await read_notices(session, case, viewer.caller) if then is None else []
        named = await unit_names(session, unit_ids([*items, *passed_on, *raised, *asked_of]))
        regions = await region_names(session, [shown.region_code, *shown.regions] if shown.regions else [])
        alike = await _alike(session, case, viewer) if then is None else []
        reveals_requester = then is None and await may_look(session, case, viewer.caller)
        actor = await actor_of(session, viewer.caller)
        # What is over and done with cannot be acted on.
        offered = _offered(state, viewer, actor, app.now()) if state and then is None else _NOTHING
        suggested = None
        if any(offer.names_units for offers in offered.values() for offer in offers):
            suggested = await units_to_call(session, shown, app.now())
    names = Names({unit_id: name.unit for unit_id, name in named.items()}, city.levels, city.ratings, regions)
    working: dict[str, Any] = {"clocks": [], "tasks": [], "forms": []}
    if state is not None:
        forms = Forms(state, city, _case_names(shown, regions), uuid4().hex, "", suggested, refused, shown.safe_contact)
        working = _working(shown, state, forms, offered, then or app.now())
    entries = [tell(item, names) for item in items if asked.whole or item.kind not in MINOR]
    refusal = refused.refusal if refused else wrong
    return view.page(
        "case.html",
        status=refusal.status if refusal else 200,
        viewer=viewer,
        here="cases",
        city=city,
        case=shown,
        started=state is not None,
        done=_done(asked.done),
        refused=refused,
        then=then,
        wrong=wrong,
        asked_at=asked.at,
        reveals_requester=reveals_requester,
        passed_on=dispatch_lines(passed_on, names),
        told_last={item.kind: tell(item, names) for item in raised},
        moved=[tell(item, names) for item in raised if item.kind in _MOVES][-1:],
        reads_only=state is not None and then is None and reads_only(state, actor, app.now()),
        referrals=referral_lines(asked_of, names),
        regions=regions,
        alike=alike,
        entries=entries,
        notices=notices,
        reads_notices=viewer.caller.role in ALLOWED[Action.READ_NOTICE],
        hidden=len(items) - len(entries),
        whole=asked.whole,
        latest=app.now(),
        # Without it nothing ticks: what is over stands still.
        **({"now": app.now()} if then is None else {}),
        **_links(asked, following, then),
        **working,
    )


async def _alike(session: AsyncSession, case: Case, viewer: Viewer) -> list[LikelyDuplicate]:
    """Likely duplicates, while the case is open and for those who may look for them."""
    ended = case.status in END_STATUSES or case.status == CaseStatus.ARCHIVED
    if ended or viewer.caller.role not in ALLOWED[Action.FIND_DUPLICATES]:
        return []
    return await find_duplicates(session, case, viewer.caller)


def _links(asked: Asked, following: str | None, then: datetime | None) -> dict[str, str | None]:
    """Where the rest of the story is, its main lines, and the whole of it, all of the same moment."""
    kept = {"at": asked.at} if then else {}
    further = kept | {"all": asked.whole, "cursor": following}
    return {
        "following": f"?{urlencode(further)}#timeline" if following else None,
        "in_short": f"?{urlencode(kept)}#timeline",
        "in_full": f"?{urlencode(kept | {'all': 'true'})}#timeline",
    }


def _then(text: str, registered_at: datetime, now: datetime) -> tuple[datetime | None, Refusal | None]:
    """The past moment that is asked for, or why it cannot be shown; neither if the present is asked for."""
    if not text.strip():
        return None, None
    try:
        return moment_asked(text, registered_at, now), None
    except Problem as problem:
        return None, explain(problem)


def _case_names(shown: CaseSnapshot, regions: Mapping[str, str]) -> CaseNames:
    units = {task.unit_id: task.unit_name for task in shown.tasks}
    units |= {referral.unit_id: referral.unit_name for referral in shown.referrals}
    reports = {report.tracking_code: f"{report.title}（{report.case_no}）" for report in shown.merged}
    return CaseNames(units, regions, {code: label for code, label in reports.items() if code is not None})


def _offered(state: CaseState, viewer: Viewer, actor: Actor, now: datetime) -> dict[str | None, list[Offer]]:
    """The viewer's next steps: of the case under None, of each task under its number."""
    offered: dict[str | None, list[Offer]] = {None: case_offers(state, viewer.caller, actor, now)}
    for task_no in state.tasks:
        offered[task_no] = task_offers(state, task_no, viewer.caller, now)
    return offered


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
