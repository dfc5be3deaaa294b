"""隐患点: the places and issues that staff know, for sweeps to visit."""

from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.authorisation import ALLOWED, Action
from api.pages import sweep_words
from api.pages.refusals import REFUSABLE, explain
from api.pages.session import OwnForm, SignedIn, Viewer
from api.pages.sweep_pages import RefusedForm, desk, own_regions, typed
from api.pages.view import Shown, View
from api.paging import CursorText
from api.services import App, Services
from api.sweep_bodies import EndSpotBody, SpotBody
from api.trouble_spots import list_spots

router = APIRouter(include_in_schema=False)

_PAGE = 30


@router.get("/trouble-spots")
async def spots(viewer: SignedIn, app: App, view: Shown, cursor: CursorText = None) -> Response:
    """The spots of the viewer's region, the latest first, and the form that adds one."""
    return await _show(app, view, viewer, cursor=cursor)


@router.post("/trouble-spots")
async def add(request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown) -> Response:
    """列入: a place or an issue, never a person."""
    viewer.may(Action.LIST_TROUBLE_SPOT)
    try:
        await desk(app, request, form, viewer).list_spot(SpotBody.model_validate(typed(form)))
    except REFUSABLE as error:
        return await _show(app, view, viewer, refused=RefusedForm("/trouble-spots", form, explain(error)))
    return RedirectResponse("/trouble-spots", 303)


@router.post("/trouble-spots/{spot_id}/end")
async def end(spot_id: UUID, request: Request, form: OwnForm, viewer: SignedIn, app: App, view: Shown) -> Response:
    """销号: today is its last day."""
    viewer.may(Action.LIST_TROUBLE_SPOT)
    try:
        await desk(app, request, form, viewer).end_spot(spot_id, EndSpotBody())
    except REFUSABLE as error:
        refused = RefusedForm(f"/trouble-spots/{spot_id}/end", form, explain(error))
        return await _show(app, view, viewer, refused=refused)
    return RedirectResponse("/trouble-spots", 303)


async def _show(
    app: Services, view: View, viewer: Viewer, *, cursor: str | None = None, refused: RefusedForm | None = None
) -> Response:
    viewer.may(Action.READ_SWEEPS)
    may_list = viewer.caller.role in ALLOWED[Action.LIST_TROUBLE_SPOT]
    async with app.sessions() as session:
        found, following = await list_spots(session, viewer.caller, cursor, _PAGE)
        regions = await own_regions(session, viewer.caller) if may_list else []
    return view.page(
        "trouble_spots.html",
        status=refused.refusal.status if refused else 200,
        viewer=viewer,
        here="sweeps",
        sw=sweep_words,
        spots=found,
        may_list=may_list,
        regions=regions,
        refused=refused,
        key=uuid4().hex,
        first_page=cursor is None,
        following=f"?{urlencode({'cursor': following})}" if following else None,
    )
