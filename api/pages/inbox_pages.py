"""A unit's inbox: its tasks, open ones first by their due time, each with the buttons of its next steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Query
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import Action
from api.errors import Problem, not_found
from api.inbox import AskedTasks, TaskItem, find_tasks
from api.pages.choices import CaseNames, City, the_city
from api.pages.clock_lines import task_progress
from api.pages.forms import Forms, Refused
from api.pages.offers import task_offers
from api.pages.session import SignedIn, Viewer
from api.pages.task_marks import task_marks
from api.pages.task_steps import TASK_STEPS
from api.pages.view import Shown, View
from api.paging import CursorText
from api.requesters import SafeContact, safe_contacts
from api.services import App, Services
from api.tokens import UNIT_BOUND
from infra.directory_tables import Unit
from infra.rosters import OnDuty, unit_names
from infra.tables import Case
from workflows.contracts.ids import UnitId
from workflows.contracts.state import CaseState
from workflows.rules.calendar import local_date

router = APIRouter(include_in_schema=False)

_PAGE = 20


@router.get("/units/{unit_id}/inbox")
async def inbox(
    unit_id: UnitId,
    viewer: SignedIn,
    app: App,
    view: Shown,
    cursor: CursorText = None,
    done: Annotated[str, Query(max_length=32)] = "",
    only: Annotated[str, Query(max_length=32)] = "",
) -> Response:
    """收件箱; others than the unit itself may look, if they see its cases. `only` is due_soon or overdue, else all."""
    return await show_inbox(app, view, viewer, unit_id, cursor=cursor, done=done, only=only)


@dataclass(frozen=True)
class _Inbox:
    """A page of a unit's tasks with the cursor of the next, the cases they belong to, and how contact may be made."""

    unit: Unit
    duty: OnDuty
    city: City
    items: Sequence[TaskItem]
    following: str | None
    states: Mapping[str, CaseState]
    wishes: Mapping[str, SafeContact]


async def show_inbox(
    app: Services,
    view: View,
    viewer: Viewer,
    unit_id: str,
    *,
    cursor: str | None = None,
    done: str = "",
    only: str = "",
    refused: Refused | None = None,
) -> Response:
    """The page; with a step that was `refused` it shows why, and what was typed."""
    found = await _read(app, viewer, unit_id, cursor, only)
    step, following = TASK_STEPS.get(done), found.following
    return view.page(
        "inbox.html",
        status=refused.refusal.status if refused else 200,
        viewer=viewer,
        here="inbox",
        city=found.city,
        unit=found.unit,
        duty=found.duty,
        cards=_cards(found, viewer, refused, app.now()),
        refused=refused,
        done=step.label if step else None,
        first_page=cursor is None,
        only=only,
        following="?" + urlencode(({"only": only} if only else {}) | {"cursor": following}) if following else None,
        now=app.now(),
    )


async def _read(app: Services, viewer: Viewer, unit_id: str, cursor: str | None, only: str) -> _Inbox:
    viewer.may(Action.READ_TASKS)
    if viewer.caller.role in UNIT_BOUND and viewer.caller.unit != unit_id:
        raise Problem(403, "not_yours_to_do", "this inbox is another unit's")
    today = local_date(app.now())
    async with app.sessions() as session:
        unit = await session.get(Unit, unit_id)
        if unit is None:
            raise not_found("unit")
        asked = AskedTasks(unit=unit_id, due_soon=only == "due_soon" or None, overdue=only == "overdue" or None)
        items, following = await find_tasks(session, viewer.caller, asked, cursor, _PAGE, today=today)
        states = await _states(session, items)
        return _Inbox(
            unit=unit,
            duty=(await unit_names(session, [unit_id], today))[unit_id].on_duty,
            city=await the_city(session),
            items=items,
            following=following,
            states=states,
            wishes=await safe_contacts(session, states, viewer.caller),
        )


def _cards(found: _Inbox, viewer: Viewer, refused: Refused | None, now: datetime) -> list[dict[str, Any]]:
    key, unit_id = uuid4().hex, found.unit.unit_id
    names = CaseNames({unit_id: found.unit.name})
    cards = []
    for item in found.items:
        state, heeded = found.states[item.case_no], found.wishes.get(item.case_no)
        offers = task_offers(state, item.task_no, viewer.caller, now)
        forms = Forms(state, found.city, names, key, unit_id, refused=refused, safe_contact=heeded)
        cards.append(
            {
                "item": item,
                "progress": task_progress(item.status, item.clocks, now, state),
                "marks": task_marks(state, item.task_no, item.clocks, now),
                "forms": [forms.of(offer) for offer in offers if not offer.names_units],
                # The list of units is long: what needs it is done on the page of the case.
                "on_case_page": [offer.step for offer in offers if offer.names_units],
            }
        )
    return cards


async def _states(session: AsyncSession, items: list[TaskItem]) -> dict[str, CaseState]:
    found = select(Case.case_no, Case.snapshot).where(Case.case_no.in_({item.case_no for item in items}))
    return {case_no: CaseState.model_validate(state) for case_no, state in await session.execute(found)}
