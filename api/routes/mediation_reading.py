"""Reading mediations: lists and figures, what happened, and who takes part."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.authorisation import Action, may, permit_region
from api.errors import problems
from api.fields import LocalDate
from api.mediation_figures import MediationFigures, mediation_figures
from api.mediation_list import Filter, MediationItem, find_mediations, mediations_of
from api.mediation_parties import People, look_at_people
from api.mediation_sight import find_talks, note_look, sealed, sight_of
from api.mediation_timeline import read_mediation_timeline
from api.mediator_proposals import proposed_mediators
from api.paging import CursorText, Limit, Page
from api.scope import find_case
from api.services import App
from api.timeline import TimelineItem
from api.tokens import Caller
from workflows.contracts.ids import CaseNo, MediationNo, RegionCode
from workflows.rules.calendar import local_date

router = APIRouter(prefix="/api/v1", tags=["mediations"])
Reader = Annotated[Caller, may(Action.READ_MEDIATION)]


@router.get("/mediations", responses=problems(401, 403))
async def list_mediations(
    asked: Filter, by: Reader, app: App, cursor: CursorText = None, limit: Limit = 50
) -> Page[MediationItem]:
    """Mediations that the caller may know of, the newest first: figures, and nothing of what was said."""
    async with app.sessions() as session:
        items, following = await find_mediations(session, by, asked, cursor, limit, local_date(app.now()))
    return Page(items=items, next_cursor=following)


@router.get("/mediations/figures", responses=problems(401, 403))
async def figures(
    by: Annotated[Caller, may(Action.COUNT_MEDIATIONS)],
    app: App,
    region: RegionCode | None = None,
    since: Annotated[LocalDate | None, Query(alias="from", description="the first local day")] = None,
    until: Annotated[LocalDate | None, Query(description="the last local day; today by default")] = None,
) -> MediationFigures:
    """调解成功率, 履行率, 化解率, by channel, each with its numerator and denominator."""
    if region is not None:
        permit_region(by, region)
    async with app.sessions() as session:
        return await mediation_figures(session, by, region, since, until or local_date(app.now()))


@router.get("/cases/{case_no}/mediations", responses=problems(401, 403, 404))
async def case_mediations(
    case_no: CaseNo, by: Annotated[Caller, may(Action.READ_CASES)], app: App
) -> Page[MediationItem]:
    """The mediations of a case, the newest first."""
    async with app.sessions() as session:
        await find_case(session, by, case_no)
        return Page(items=await mediations_of(session, case_no, local_date(app.now())))


@router.get("/mediations/{mediation_no}/timeline", responses=problems(401, 403, 404))
async def mediation_timeline(
    mediation_no: MediationNo, by: Reader, app: App, cursor: CursorText = None, limit: Limit = 50
) -> Page[TimelineItem]:
    """What happened, in order; what was said is sealed for everybody who takes no part, and each look is recorded."""
    async with app.sessions.begin() as session:
        state = await find_talks(session, by, mediation_no)
        sight = sight_of(by, state)
        items, following = await read_mediation_timeline(session, mediation_no, cursor, limit)
        if sight.is_inside:
            note_look(session, state, by, "timeline", app.now())
    return Page(items=sealed(items, state, sight), next_cursor=following)


class ProposedMediator(BaseModel):
    """A mediator with what speaks for her, in words."""

    mediator_id: str
    name: str
    unit_id: str
    reasons: tuple[str, ...]


@router.get("/mediations/{mediation_no}/proposed-mediators", responses=problems(401, 403, 404))
async def mediators_to_choose_from(mediation_no: MediationNo, by: Reader, app: App) -> list[ProposedMediator]:
    """调解员推荐: the nearest first; the parties choose, or accept whom the host names."""
    async with app.sessions() as session:
        state = await find_talks(session, by, mediation_no)
        found = await proposed_mediators(session, state, local_date(app.now()))
    return [ProposedMediator(**asdict(one)) for one in found]


@router.get("/mediations/{mediation_no}/people", responses=problems(401, 403, 404))
async def mediation_people(
    mediation_no: MediationNo, by: Annotated[Caller, may(Action.READ_MEDIATION_PEOPLE)], app: App
) -> People:
    """The parties with their guardians, representatives and interpreters, and how to reach them."""
    async with app.sessions.begin() as session:
        state = await find_talks(session, by, mediation_no)
        return await look_at_people(session, state, by, app.now())
