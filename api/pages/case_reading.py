"""What the page of a case shows, as it is read: the case, what happened to it, and what the viewer may do next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import ALLOWED, Action
from api.case_desk import told
from api.dispatch_story import STORY_KINDS
from api.duplicates import LikelyDuplicate, find_duplicates
from api.errors import Problem
from api.link_views import read_ties
from api.named import actor_of
from api.notices import NoticeItem, read_notices
from api.pages.case_mediations import MediationLine, mediation_lines
from api.pages.choices import City, Suggested, city_classes, region_names, the_city, units_to_call
from api.pages.names import Names
from api.pages.offers import Offer, case_offers, reads_only, task_offers
from api.pages.referral_lines import REFERRAL_KINDS
from api.pages.refusals import Refusal, explain
from api.pages.sentences import unit_ids
from api.pages.session import Viewer
from api.pages.time_travel import moment_asked
from api.requesters import may_look, safe_contact
from api.scope import find_case
from api.services import Services
from api.snapshots import CaseSnapshot, snapshot
from api.timeline import TimelineItem, read_kinds, read_timeline, state_known_at
from api.tokens import Caller
from api.unseen_cases import for_reader
from infra.rosters import unit_names
from infra.tables import Case
from workflows.contracts.actors import Actor
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus
from workflows.rules.calendar import local_date

_TIMELINE = 200
MOVES = frozenset({"escalated", "assigned_down", "host_named"})
"""What brought a case to the level that has it."""
_LATEST = MOVES | {
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


@dataclass(frozen=True)
class Happened:
    """A page of the timeline with the cursor of the next, and the events that the page tells in other places as well:
    who passed the case on, who was asked by referral, what somebody has to decide.
    """

    items: Sequence[TimelineItem]
    following: str | None
    passed_on: Sequence[TimelineItem]
    referred: Sequence[TimelineItem]
    raised: Sequence[TimelineItem]


@dataclass(frozen=True)
class Ahead:
    """What the viewer may do now; nothing of that in the past.

    `offered` are the steps of the case under None, of each task under its number; if one of them names a unit or a
    class, `suggested` and `classes` are what to pick from.
    """

    offered: Mapping[str | None, Sequence[Offer]] = field(default_factory=dict)
    suggested: Suggested | None = None
    classes: Sequence[str] = ()
    reads_only: bool = False
    reveals_requester: bool = False
    alike: Sequence[LikelyDuplicate] = ()
    notices: Sequence[NoticeItem] = ()


@dataclass(frozen=True)
class CaseRead:
    """What is on the page: the case as it is, or `then`, unless that moment is `wrong`. Without a state it has not
    been started.
    """

    then: datetime | None
    wrong: Refusal | None
    state: CaseState | None
    shown: CaseSnapshot
    city: City
    names: Names
    happened: Happened
    ahead: Ahead
    mediations: Sequence[MediationLine] = ()


async def read_page(app: Services, viewer: Viewer, case_no: str, asked: Asked) -> CaseRead:
    """Everything for the page of a case that the viewer may see.

    Raises:
        Problem: 403, 404, or 422 `bad_cursor`.
    """
    viewer.may(Action.READ_CASES)
    async with app.sessions() as session:
        case = await find_case(session, viewer.caller, case_no, whole=True)
        then, wrong = _then(asked.at, case.registered_at, app.now())
        state = await state_known_at(session, case_no, then) if then else None
    stale = False
    if then is None:
        state, stale = await told(app, case, live=asked.live or case.seq < asked.since)
    today = local_date(then or app.now())
    async with app.sessions() as session:
        shown = await snapshot(
            session,
            case,
            state,
            today=today,
            ties=await read_ties(session, state, viewer.caller),
            stale=stale,
            safe_contact=await safe_contact(session, case, viewer.caller),
        )
        happened = await _happened(session, case, viewer.caller, shown, asked, then)
        city = await the_city(session)
        return CaseRead(
            then=then,
            wrong=wrong,
            state=state,
            shown=shown,
            city=city,
            names=await _names(session, shown, happened, city),
            happened=happened,
            ahead=await _ahead(session, app, viewer, case, state, shown) if then is None else Ahead(),
            mediations=await mediation_lines(session, state, viewer.caller, today) if state else (),
        )


async def _happened(
    session: AsyncSession, case: Case, by: Caller, shown: CaseSnapshot, asked: Asked, then: datetime | None
) -> Happened:
    case_no, seq = shown.case_no, shown.seq
    items, following = await read_timeline(session, case_no, asked.cursor, _TIMELINE)
    items = await for_reader(session, case, by, items)
    if then is not None and any(item.recorded_at > then for item in items):
        items, following = [item for item in items if item.recorded_at <= then], None
    return Happened(
        items=items,
        following=following,
        passed_on=await read_kinds(session, case_no, STORY_KINDS, seq),
        referred=await read_kinds(session, case_no, REFERRAL_KINDS, seq) if shown.referrals else [],
        raised=await read_kinds(session, case_no, _LATEST, seq),
    )


async def _names(session: AsyncSession, shown: CaseSnapshot, happened: Happened, city: City) -> Names:
    told_of = [*happened.items, *happened.passed_on, *happened.raised, *happened.referred]
    units = await unit_names(session, unit_ids(told_of))
    regions = await region_names(session, [shown.region_code, *shown.regions] if shown.regions else [])
    return Names({unit_id: name.unit for unit_id, name in units.items()}, city.levels, city.ratings, regions)


async def _ahead(
    session: AsyncSession, app: Services, viewer: Viewer, case: Case, state: CaseState | None, shown: CaseSnapshot
) -> Ahead:
    caller, now = viewer.caller, app.now()
    actor = await actor_of(session, caller)
    offered = _offered(state, viewer, actor, now) if state is not None else {}
    offers = [offer for of_one in offered.values() for offer in of_one]
    return Ahead(
        offered=offered,
        suggested=await units_to_call(session, shown, now) if any(offer.names_units for offer in offers) else None,
        classes=await city_classes(session) if any(offer.names_classes for offer in offers) else (),
        reads_only=state is not None and reads_only(state, actor, now),
        reveals_requester=await may_look(session, case, caller),
        alike=await _alike(session, case, viewer),
        notices=await read_notices(session, case, caller),
    )


async def _alike(session: AsyncSession, case: Case, viewer: Viewer) -> list[LikelyDuplicate]:
    """Likely duplicates, while the case is open and for those who may look for them."""
    ended = case.status in END_STATUSES or case.status == CaseStatus.ARCHIVED
    if ended or viewer.caller.role not in ALLOWED[Action.FIND_DUPLICATES]:
        return []
    return await find_duplicates(session, case, viewer.caller)


def _then(text: str, registered_at: datetime, now: datetime) -> tuple[datetime | None, Refusal | None]:
    """The past moment that is asked for, or why it cannot be shown; neither if the present is asked for."""
    if not text.strip():
        return None, None
    try:
        return moment_asked(text, registered_at, now), None
    except Problem as problem:
        return None, explain(problem)


def _offered(state: CaseState, viewer: Viewer, actor: Actor, now: datetime) -> dict[str | None, list[Offer]]:
    """The viewer's next steps: of the case under None, of each task under its number."""
    offered: dict[str | None, list[Offer]] = {None: case_offers(state, viewer.caller, actor, now)}
    for task_no in state.tasks:
        offered[task_no] = task_offers(state, task_no, viewer.caller, now)
    return offered
