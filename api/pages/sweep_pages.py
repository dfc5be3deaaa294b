"""联排联调: sweeps, and one with its list, on which each level does its part."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode
from uuid import uuid4

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from api.authorisation import ALLOWED, Action
from api.case_desk import CaseDesk
from api.errors import Problem, not_found
from api.pages import sweep_words
from api.pages.choices import Choice, regions_below, the_city
from api.pages.refusals import REFUSABLE, Refusal, explain
from api.pages.session import OwnForm, SignedIn, Viewer
from api.pages.view import Shown, View
from api.paging import CursorText
from api.reception import received
from api.services import App, Services
from api.sweep_bodies import CheckBody, CloseSweepBody, PassUpBody, SweepBody, VisitBody
from api.sweep_desk import SweepDesk
from api.sweep_figures import sweep_detail
from api.sweep_items import ItemFilter, ItemView, list_items
from api.sweeps import SweepNo, find_sweep, list_sweeps
from api.tokens import Caller
from infra.cities.routing import level_of
from infra.directory_tables import Region
from infra.sweeps.levels import above, highest
from infra.sweeps.vocabulary import Owed
from workflows.contracts.vocabulary import Level

router = APIRouter(include_in_schema=False)

_PAGE = 20
_FILTERS = ("status", "level", "region", "overdue")
_STEPS: Mapping[str, tuple[Action, type[VisitBody | PassUpBody | CheckBody]]] = {
    "visit": (Action.VISIT_IN_SWEEP, VisitBody),
    "pass-up": (Action.VISIT_IN_SWEEP, PassUpBody),
    "check": (Action.CHECK_IN_SWEEP, CheckBody),
}


@dataclass(frozen=True)
class RefusedForm:
    """A form that was just refused, by its address, with what was typed."""

    address: str
    typed: FormData
    refusal: Refusal


@router.get("/sweeps")
async def sweeps(viewer: SignedIn, app: App, view: Shown, cursor: CursorText = None) -> Response:
    """The sweeps, the latest first, and the form that orders one."""
    return await _show_sweeps(app, view, viewer, cursor=cursor)


@router.post("/sweeps")
async def order(request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown) -> Response:
    """部署: the list is drawn up at once."""
    viewer.may(Action.ORDER_SWEEP)
    try:
        made = await desk(app, request, form, viewer).order(SweepBody.model_validate(typed(form)))
    except REFUSABLE as error:
        return await _show_sweeps(app, view, viewer, refused=RefusedForm("/sweeps", form, explain(error)))
    return RedirectResponse(f"/sweeps/{made.sweep_no}", 303)


@router.get("/sweeps/{sweep_no}")
async def sweep(sweep_no: SweepNo, request: Request, viewer: SignedIn, app: App, view: Shown) -> Response:
    """One sweep; `done` is the item that a step was just taken on."""
    place, done = _place(request.query_params), request.query_params.get("done", "")
    return await _show_sweep(app, view, viewer, sweep_no, place=place, done=done)


@router.post("/sweeps/{sweep_no}/close")
async def close(
    sweep_no: SweepNo, request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown
) -> Response:
    """收官."""
    viewer.may(Action.ORDER_SWEEP)
    try:
        body = CloseSweepBody.model_validate(typed(form))
        await desk(app, request, form, viewer).close(sweep_no, body)
    except REFUSABLE as error:
        refused = RefusedForm(f"/sweeps/{sweep_no}/close", form, explain(error))
        return await _show_sweep(app, view, viewer, sweep_no, refused=refused)
    return RedirectResponse(f"/sweeps/{sweep_no}", 303)


@router.post("/sweeps/{sweep_no}/items/{item_no}/{step_name}")
async def step(
    sweep_no: SweepNo,
    item_no: Annotated[int, Path(ge=1, le=99_999)],
    step_name: str,
    request: Request,
    form: OwnForm,
    viewer: SignedIn,
    app: App,
    view: Shown,
) -> Response:
    """走访、上报、核查."""
    if step_name not in _STEPS:
        raise not_found("step")
    action, body = _STEPS[step_name]
    viewer.may(action)
    place = _place(dict(parse_qsl(str(form.get("back", "")))))
    try:
        await desk(app, request, form, viewer).take(sweep_no, item_no, body.model_validate(typed(form)))
    except REFUSABLE as error:
        refused = RefusedForm(f"/sweeps/{sweep_no}/items/{item_no}/{step_name}", form, explain(error))
        return await _show_sweep(app, view, viewer, sweep_no, place=place, refused=refused)
    return RedirectResponse(f"/sweeps/{sweep_no}?{urlencode(place | {'done': item_no})}", 303)


def desk(app: Services, request: Request, form: FormData, viewer: Viewer) -> SweepDesk:
    """The desk for this form; sent twice it takes effect once."""
    return SweepDesk(app, CaseDesk(app, received(request), str(form.get("key") or uuid4())), viewer.caller)


def typed(form: FormData) -> dict[str, Any]:
    """What a form says for its body; what was left empty is left out."""
    said = {name: text for name, text in form.items() if isinstance(text, str) and text.strip()}
    given: dict[str, Any] = {name: text for name, text in said.items() if name not in {"form_token", "key", "back"}}
    if "agrees" in given:
        given["agrees"] = given["agrees"] == "true"
    return given


async def own_regions(session: AsyncSession, caller: Caller) -> list[Choice]:
    """The caller's region, or the city, and those one and two levels below."""
    top = select(Region.code, Region.name)
    top = top.where(Region.code == caller.region if caller.region else Region.level == Level.CITY.value)
    own = [Choice(code, name) for code, name in await session.execute(top)]
    return own + await regions_below(session, caller.region)


def _place(query: Mapping[str, str]) -> dict[str, str]:
    """Where in the list the viewer is: the filters and the cursor."""
    return {name: value for name in (*_FILTERS, "cursor") if (value := query.get(name, "").strip())}


async def _show_sweeps(
    app: Services, view: View, viewer: Viewer, *, cursor: str | None = None, refused: RefusedForm | None = None
) -> Response:
    viewer.may(Action.READ_SWEEPS)
    may_order = viewer.caller.role in ALLOWED[Action.ORDER_SWEEP]
    async with app.sessions() as session:
        found, following = await list_sweeps(session, viewer.caller, cursor, _PAGE)
        regions = await own_regions(session, viewer.caller) if may_order else []
        city = await the_city(session)
    return view.page(
        "sweeps.html",
        status=refused.refusal.status if refused else 200,
        viewer=viewer,
        here="sweeps",
        city=city,
        sweeps=found,
        may_order=may_order,
        regions=regions,
        refused=refused,
        key=uuid4().hex,
        first_page=cursor is None,
        following=f"?{urlencode({'cursor': following})}" if following else None,
    )


async def _show_sweep(
    app: Services,
    view: View,
    viewer: Viewer,
    sweep_no: str,
    *,
    place: Mapping[str, str] = MappingProxyType({}),
    done: str = "",
    refused: RefusedForm | None = None,
) -> Response:
    viewer.may(Action.READ_SWEEPS)
    caller, wrong = viewer.caller, None
    asked = {name: value for name, value in place.items() if name in _FILTERS}
    items: list[ItemView] = []
    following = None
    async with app.sessions() as session:
        found = await find_sweep(session, caller, sweep_no)
        detail = await sweep_detail(session, caller, found, app.now())
        try:
            wanted = ItemFilter.model_validate(asked)
            items, following = await list_items(
                session, caller, found, wanted, place.get("cursor"), _PAGE, now=app.now()
            )
        except (ValidationError, Problem) as error:
            wrong = explain(error)
        city = await the_city(session)
        regions = await regions_below(session, found.region_code)
    closes = caller.role in ALLOWED[Action.ORDER_SWEEP] and not detail.closed_at and _reaches(caller, detail.level)
    refusal = refused.refusal if refused else wrong
    return view.page(
        "sweep.html",
        status=refusal.status if refusal else 200,
        viewer=viewer,
        here="sweeps",
        sw=sweep_words,
        city=city,
        sweep=detail,
        cards=[
            {"item": item, "steps": [] if detail.closed_at else _steps(caller, item, detail.level)} for item in items
        ],
        levels=[(figures.level.value, city.levels[figures.level]) for figures in detail.levels],
        regions=regions,
        asked={name: asked.get(name, "") for name in _FILTERS},
        closes=closes,
        refused=refused,
        wrong=wrong,
        done=done if any(str(item.item_no) == done for item in items) else "",
        key=uuid4().hex,
        back=urlencode(place),
        first_page="cursor" not in place,
        beginning="?" + urlencode(asked),
        following="?" + urlencode(asked | {"cursor": following}) if following else None,
    )


def _reaches(caller: Caller, level: Level) -> bool:
    return caller.region is None or level_of(caller.region).rank >= level.rank


def _steps(caller: Caller, item: ItemView, ordered_at: Level) -> list[str]:
    """The steps of an item that are the caller's now."""
    if item.owed is None or not _reaches(caller, item.level):
        return []
    names = ["check"]
    if item.owed is Owed.VISIT:
        names = ["visit", "pass-up"] if above(item.level, highest(ordered_at)) else ["visit"]
    return [name for name in names if caller.role in ALLOWED[_STEPS[name][0]]]
