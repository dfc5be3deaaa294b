"""联合调解: the mediations that the viewer may know of, a mediator's next sessions, and the list for paying hosts."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.authorisation import ALLOWED, Action
from api.errors import Problem
from api.mediation_calendar import own_sessions
from api.mediation_list import MediationFilter, MediationItem, find_mediations
from api.pages import mediation_words as m
from api.pages.choices import the_city
from api.pages.refusals import explain
from api.pages.session import SignedIn
from api.pages.view import Shown
from api.paging import CursorText
from api.routes import mediation_files
from api.services import App
from workflows.contracts.ids import RegionCode
from workflows.contracts.vocabulary import Role
from workflows.rules.calendar import local_date

router = APIRouter(prefix="/mediations", include_in_schema=False)

_PAGE = 30
_FILTERS = ("status", "channel", "overdue")
_SESSIONS = 20


@router.get("")
async def mediations(request: Request, viewer: SignedIn, app: App, view: Shown, cursor: CursorText = None) -> Response:
    """The mediations, by filters in the address; for a mediator her own, and her next sessions."""
    viewer.may(Action.READ_MEDIATION)
    caller, now = viewer.caller, app.now()
    asked = {name: value for name in _FILTERS if (value := request.query_params.get(name, "").strip())}
    items: list[MediationItem] = []
    following, refusal = None, None
    async with app.sessions() as session:
        try:
            wanted = MediationFilter.model_validate(asked)
            items, following = await find_mediations(session, caller, wanted, cursor, _PAGE, local_date(now))
        except (ValidationError, Problem) as error:
            refusal = explain(error)
        own = await own_sessions(session, caller, now) if caller.role is Role.MEDIATOR else []
        city = await the_city(session)
    ahead = sorted((one for one in own if one.ends > now and not one.cancelled), key=lambda one: one.begins)
    return view.page(
        "mediations.html",
        status=refusal.status if refusal else 200,
        viewer=viewer,
        here="mediations",
        m=m,
        city=city,
        items=items,
        ahead=ahead[:_SESSIONS],
        mediates=caller.role is Role.MEDIATOR,
        counts=caller.role in ALLOWED[Action.COUNT_MEDIATIONS],
        month=local_date(now).isoformat()[:7],
        asked={name: asked.get(name, "") for name in _FILTERS},
        refusal=refusal,
        now=now,
        first_page=cursor is None,
        beginning="?" + urlencode(asked),
        following="?" + urlencode(asked | {"cursor": following}) if following else None,
    )


@router.get("/sessions.ics")
async def own_calendar(viewer: SignedIn, app: App) -> Response:
    """A mediator's own sessions, for a calendar."""
    viewer.may(Action.READ_MEDIATION)
    return await mediation_files.own_calendar(viewer.caller, app)


@router.get("/complete-files.xlsx")
async def complete_files(
    month: mediation_files.Month, viewer: SignedIn, app: App, region: RegionCode | None = None
) -> Response:
    """以案定补清单."""
    viewer.may(Action.COUNT_MEDIATIONS)
    return await mediation_files.complete_files(month, viewer.caller, app, region)
