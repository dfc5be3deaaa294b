"""Sweeps of village, township and county through a region (三级联排联调), and the trouble spots that staff know."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from api.authorisation import Action, may
from api.case_desk import Desk
from api.errors import problems
from api.paging import CursorText, Limit, Page
from api.services import App
from api.sweep_bodies import CheckBody, CloseSweepBody, EndSpotBody, PassUpBody, SpotBody, SweepBody, VisitBody
from api.sweep_desk import SweepDesk
from api.sweep_figures import SweepDetail, sweep_detail
from api.sweep_items import ItemsAsked, ItemView, SpotView, list_items
from api.sweeps import SweepNo, SweepSummary, find_sweep, list_sweeps
from api.tokens import Caller
from api.trouble_spots import list_spots

router = APIRouter(prefix="/api/v1", tags=["sweeps"])
Reader = Annotated[Caller, may(Action.READ_SWEEPS)]
ItemNo = Annotated[int, Path(ge=1, le=99_999)]


@router.post("/sweeps", status_code=201, responses=problems(401, 403))
async def order(body: SweepBody, by: Annotated[Caller, may(Action.ORDER_SWEEP)], app: App, desk: Desk) -> SweepDetail:
    """部署联排联调: the list is drawn up at once; refused if there is more in the region than one sweep holds."""
    return await SweepDesk(app, desk, by).order(body)


@router.get("/sweeps", responses=problems(401, 403))
async def sweeps(by: Reader, app: App, cursor: CursorText = None, limit: Limit = 50) -> Page[SweepSummary]:
    """The sweeps of the caller's region, and those that go through it from above; the latest first."""
    async with app.sessions() as session:
        items, following = await list_sweeps(session, by, cursor, limit)
    return Page(items=items, next_cursor=following)


@router.get("/sweeps/{sweep_no}", responses=problems(401, 403, 404))
async def sweep(sweep_no: SweepNo, by: Reader, app: App) -> SweepDetail:
    """One sweep, and how far each level has got."""
    async with app.sessions() as session:
        return await sweep_detail(session, by, await find_sweep(session, by, sweep_no), app.now())


@router.get("/sweeps/{sweep_no}/items", responses=problems(401, 403, 404))
async def items(
    sweep_no: SweepNo, by: Reader, app: App, asked: ItemsAsked, cursor: CursorText = None, limit: Limit = 50
) -> Page[ItemView]:
    """What is on the list: what is overdue first, then what is owed."""
    async with app.sessions() as session:
        found = await find_sweep(session, by, sweep_no)
        page, following = await list_items(session, by, found, asked, cursor, limit, now=app.now())
    return Page(items=page, next_cursor=following)


@router.post("/sweeps/{sweep_no}/items/{item_no}/visit", responses=problems(401, 403, 404, 409))
async def visit(
    sweep_no: SweepNo,
    item_no: ItemNo,
    body: VisitBody,
    by: Annotated[Caller, may(Action.VISIT_IN_SWEEP)],
    app: App,
    desk: Desk,
) -> ItemView:
    """走访: what the visit came to; a `finding` becomes a case, once."""
    return await SweepDesk(app, desk, by).take(sweep_no, item_no, body)


@router.post("/sweeps/{sweep_no}/items/{item_no}/pass-up", responses=problems(401, 403, 404, 409))
async def pass_up(
    sweep_no: SweepNo,
    item_no: ItemNo,
    body: PassUpBody,
    by: Annotated[Caller, may(Action.VISIT_IN_SWEEP)],
    app: App,
    desk: Desk,
) -> ItemView:
    """上报: what the level cannot settle is visited by the next."""
    return await SweepDesk(app, desk, by).take(sweep_no, item_no, body)


@router.post("/sweeps/{sweep_no}/items/{item_no}/check", responses=problems(401, 403, 404, 409))
async def check(
    sweep_no: SweepNo,
    item_no: ItemNo,
    body: CheckBody,
    by: Annotated[Caller, may(Action.CHECK_IN_SWEEP)],
    app: App,
    desk: Desk,
) -> ItemView:
    """核查: who does not agree visits herself."""
    return await SweepDesk(app, desk, by).take(sweep_no, item_no, body)


@router.post("/sweeps/{sweep_no}/close", responses=problems(401, 403, 404, 409))
async def close(
    sweep_no: SweepNo, body: CloseSweepBody, by: Annotated[Caller, may(Action.ORDER_SWEEP)], app: App, desk: Desk
) -> SweepDetail:
    """收官: nothing more is recorded in it; with something still owed it wants a reason."""
    return await SweepDesk(app, desk, by).close(sweep_no, body)


@router.get("/trouble-spots", responses=problems(401, 403))
async def spots(by: Reader, app: App, cursor: CursorText = None, limit: Limit = 50) -> Page[SpotView]:
    """The trouble spots of the caller's region that staff put on the list, the latest first."""
    async with app.sessions() as session:
        found, following = await list_spots(session, by, cursor, limit)
    return Page(items=found, next_cursor=following)


@router.post("/trouble-spots", status_code=201, responses=problems(401, 403))
async def add_spot(
    body: SpotBody, by: Annotated[Caller, may(Action.LIST_TROUBLE_SPOT)], app: App, desk: Desk
) -> SpotView:
    """A place or an issue, never a person, that sweeps are to visit until it is ended."""
    return await SweepDesk(app, desk, by).list_spot(body)


@router.post("/trouble-spots/{spot_id}/end", responses=problems(401, 403, 404, 409))
async def end(
    spot_id: UUID, body: EndSpotBody, by: Annotated[Caller, may(Action.LIST_TROUBLE_SPOT)], app: App, desk: Desk
) -> SpotView:
    """Sweeps that begin after its last day leave it out."""
    return await SweepDesk(app, desk, by).end_spot(spot_id, body)
