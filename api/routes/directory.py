"""The city's directory: units, regions, and who handles what."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from api.authorisation import Action, may
from api.errors import problems
from api.fields import Body, Description, Search, Title
from api.paging import Cursor, CursorText, Limit, Page, cut, read_key
from api.routing import Suggestion, suggest
from api.services import App
from api.suggestions import Learnt, suggest_from_words
from api.tokens import Caller
from infra.directory_tables import Region, Unit
from workflows.contracts.ids import RegionCode, region_prefix
from workflows.contracts.vocabulary import Level, UnitKind
from workflows.rules.calendar import local_date

router = APIRouter(prefix="/api/v1", tags=["directory"])
Reader = Annotated[Caller, may(Action.READ_DIRECTORY)]


class WordsBody(Body):
    """What somebody wrote, and where it is."""

    title: Title | None = None
    description: Description
    region_code: RegionCode | None = None


class UnitItem(BaseModel):
    """A unit; `connected` if its own system takes task signals, `valid_to` its last day."""

    unit_id: str
    name: str
    kind: UnitKind
    function: str | None
    level: Level
    region_code: str
    duty_office: str | None
    connected: bool
    valid_from: date | None
    valid_to: date | None
    successor: str | None


class RegionItem(BaseModel):
    """A region down to the grid; `centre` is the unit that owns its cases."""

    code: str
    name: str
    level: str
    parent: str | None
    centre: str


@router.get("/units", responses=problems(401, 403))
async def list_units(
    by: Reader,
    app: App,
    region: RegionCode | None = None,
    level: Level | None = None,
    q: Annotated[Search | None, Query()] = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[UnitItem]:
    """Units of a region's subtree, of a level, or with a word in their name."""
    query = select(Unit).where(Unit.unit_id > read_key(cursor, "unit_id"))
    if region is not None:
        query = query.where(Unit.region_code.startswith(region_prefix(region)))
    if level is not None:
        query = query.where(Unit.level == level)
    if q is not None:
        query = query.where(Unit.name.icontains(q, autoescape=True))
    async with app.sessions() as session:
        rows = (await session.scalars(query.order_by(Unit.unit_id).limit(limit + 1))).all()
    page, following = cut(rows, limit, lambda unit: Cursor(order="unit_id", key=unit.unit_id))
    return Page(items=[_unit(unit) for unit in page], next_cursor=following)


@router.get("/regions", responses=problems(401, 403))
async def list_regions(
    by: Reader,
    app: App,
    parent: RegionCode | None = None,
    level: Annotated[str | None, Query(pattern="^(city|county|township|village|grid)$")] = None,
    q: Annotated[Search | None, Query()] = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[RegionItem]:
    """Regions by code: those right below a `parent`, of a level, or with a word in their name."""
    query = select(Region).where(Region.code > read_key(cursor, "code"))
    if parent is not None:
        query = query.where(Region.parent == parent)
    if level is not None:
        query = query.where(Region.level == level)
    if q is not None:
        query = query.where(Region.name.icontains(q, autoescape=True))
    async with app.sessions() as session:
        rows = (await session.scalars(query.order_by(Region.code).limit(limit + 1))).all()
    page, following = cut(rows, limit, lambda region: Cursor(order="code", key=region.code))
    return Page(items=[_region(region) for region in page], next_cursor=following)


@router.get("/routing", responses=problems(401, 403))
async def routing(
    by: Reader, app: App, category: Annotated[Search, Query()], region: RegionCode | None = None
) -> Page[Suggestion]:
    """派单建议: which units a matter of this class goes to in this region, and why."""
    async with app.sessions() as session:
        return Page(items=await suggest(session, category, region, local_date(app.now())))


@router.post("/routing/suggestions", responses=problems(401, 403, 404))
async def routing_suggestions(by: Annotated[Caller, may(Action.SUGGEST_ROUTING)], app: App, body: WordsBody) -> Learnt:
    """派单建议(自由文本): what the city's own decisions teach about such words, and why. It decides nothing.

    A POST, because an address with a resident's words in it would be written down on its way.
    """
    async with app.sessions() as session:
        return await suggest_from_words(
            session, body.title or "", body.description, body.region_code, local_date(app.now())
        )


def _unit(unit: Unit) -> UnitItem:
    return UnitItem(
        unit_id=unit.unit_id,
        name=unit.name,
        kind=UnitKind(unit.kind),
        function=unit.function,
        level=Level(unit.level),
        region_code=unit.region_code,
        duty_office=unit.duty_office,
        connected=unit.endpoint is not None,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        successor=unit.successor,
    )


def _region(region: Region) -> RegionItem:
    return RegionItem(
        code=region.code, name=region.name, level=region.level, parent=region.parent, centre=region.centre
    )
