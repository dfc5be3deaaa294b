"""The case list with its filters, and the overdue list."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.authorisation import Action
from api.case_list import CaseFilter, CaseItem, Sort, count_cases, find_cases
from api.errors import Problem
from api.pages.choices import regions_below, the_city, units_within
from api.pages.refusals import explain
from api.pages.session import SignedIn, Viewer
from api.pages.view import Shown, View
from api.paging import CursorText
from api.services import App, Services
from workflows.contracts.vocabulary import Level
from workflows.rules.calendar import local_date

router = APIRouter(include_in_schema=False)

_PAGE = 30
_COUNTED = 1_000
_FILTERS = ("q", "status", "kind", "region", "unit", "level", "overdue", "due_soon", "flag", "sort")


@router.get("/")
async def start() -> Response:
    """The first page."""
    return RedirectResponse("/cases", 303)


@router.get("/cases")
async def case_list(request: Request, viewer: SignedIn, app: App, view: Shown, cursor: CursorText = None) -> Response:
    """案件: the cases that the viewer sees, by filters in the address."""
    viewer.may(Action.READ_CASES)
    asked = {name: value for name in _FILTERS if (value := request.query_params.get(name, "").strip())}
    return await _list(app, view, viewer, asked, cursor, overdue_list=False)


@router.get("/cases/overdue")
async def overdue_list(viewer: SignedIn, app: App, view: Shown, cursor: CursorText = None) -> Response:
    """超期: what is overdue, the longest overdue first."""
    viewer.may(Action.READ_CASES)
    asked = {"overdue": "true", "sort": Sort.DUE.value}
    return await _list(app, view, viewer, asked, cursor, overdue_list=True)


async def _list(
    app: Services, view: View, viewer: Viewer, asked: dict[str, str], cursor: str | None, *, overdue_list: bool
) -> Response:
    items: list[CaseItem] = []
    following, found, refusal = None, 0, None
    async with app.sessions() as session:
        try:
            wanted = CaseFilter.model_validate(asked)
            items, following = await find_cases(
                session, viewer.caller, wanted, cursor, _PAGE, today=local_date(app.now())
            )
            found = await count_cases(session, viewer.caller, wanted, _COUNTED)
        except (ValidationError, Problem) as error:
            refusal = explain(error)
        overdue = await count_cases(session, viewer.caller, CaseFilter(overdue=True), _COUNTED)
        due_soon = await count_cases(session, viewer.caller, CaseFilter(due_soon=True), _COUNTED)
        city = await the_city(session)
        regions = [] if overdue_list else await regions_below(session, viewer.caller.region)
        units = [] if overdue_list else await units_within(session, viewer.caller.region)
    kept = {} if overdue_list else asked
    return view.page(
        "cases.html",
        status=refusal.status if refusal else 200,
        viewer=viewer,
        here="overdue" if overdue_list else "cases",
        city=city,
        asked={name: asked.get(name, "") for name in _FILTERS},
        filtered=bool(kept),
        levels=[(level.value, city.levels[level]) for level in Level],
        items=items,
        found=_count(found),
        overdue=_count(overdue),
        due_soon=_count(due_soon),
        refusal=refusal,
        regions=regions,
        units=units,
        first_page=cursor is None,
        following="?" + urlencode(kept | {"cursor": following}) if following else None,
        beginning="?" + urlencode(kept),
        now=app.now(),
    )


def _count(number: int) -> str:
    return f"{_COUNTED}+" if number >= _COUNTED else str(number)
