"""Files of mediations: papers, the whole file, calendars, and the list by which committees are paid."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.authorisation import Action, may, permit_region
from api.complete_files import CompleteFiles
from api.errors import not_found, problems
from api.mediation_calendar import own_sessions, sessions_of
from api.mediation_dossier import Dossier
from api.mediation_pack import Pack
from api.mediation_papers import PAPER_NAMES, agreement_text, contents_of
from api.mediation_sight import find_talks, note_look, reads_paper, sight_of, talks_sealed
from api.mediation_timeline import whole_record
from api.services import App
from api.tokens import Caller
from infra.mediation_tables import MediationEvent
from infra.papers.calendar import write_calendar
from infra.tables import Case
from workflows.contracts.ids import MediationNo, RegionCode
from workflows.contracts.mediation.events import MediationRecorded, PaperServed
from workflows.contracts.mediation.state import MediationState, PaperState
from workflows.contracts.mediation.vocabulary import Paper
from workflows.contracts.vocabulary import ServiceMethod
from workflows.rules.calendar import local_date

router = APIRouter(prefix="/api/v1", tags=["mediation files"])
Reader = Annotated[Caller, may(Action.READ_MEDIATION)]
PaperNo = Annotated[str, Path(pattern=r"^\d{18,23}-M\d{1,3}-N\d{1,4}$")]
Month = Annotated[str, Query(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="like 2026-09")]
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ICS = "text/calendar; charset=utf-8"


class ServiceView(BaseModel):
    """That a writing reached a party."""

    party_no: str
    how: ServiceMethod
    served_at: datetime


class PaperItem(BaseModel):
    """A writing: to which parties it is due, when it was issued, and whom it has reached."""

    paper_no: str
    paper: Paper
    name: str
    track: int | None
    to: list[str]
    issued_at: datetime
    served: list[ServiceView]


class PaperItems(BaseModel):
    """In the order of their issue."""

    items: list[PaperItem]


@router.get("/mediations/complete-files.xlsx", responses=problems(401, 403, 409), response_class=Response)
async def complete_files(
    month: Month, by: Annotated[Caller, may(Action.COUNT_MEDIATIONS)], app: App, region: RegionCode | None = None
) -> Response:
    """以案定补清单: mediations with an agreement that ended in that month, with what their files lack."""
    if region is not None:
        permit_region(by, region)
    async with app.sessions() as session:
        files = await CompleteFiles.read(session, by, date.fromisoformat(f"{month}-01"), region)
    return _file(await app.papers.press(files.written), _XLSX, f"以案定补清单-{month}.xlsx")


@router.get("/mediators/me/sessions.ics", responses=problems(401, 403), response_class=Response)
async def own_calendar(by: Reader, app: App) -> Response:
    """The caller's own sessions as a mediator, for a calendar."""
    async with app.sessions() as session:
        appointments = await own_sessions(session, by, app.now())
    return _file(write_calendar(appointments), _ICS, "我的调解安排.ics")


@router.get("/mediations/{mediation_no}/sessions.ics", responses=problems(401, 403, 404), response_class=Response)
async def calendar(mediation_no: MediationNo, by: Reader, app: App) -> Response:
    """The sessions of a mediation, for a calendar."""
    async with app.sessions() as session:
        await find_talks(session, by, mediation_no)
        appointments = await sessions_of(session, mediation_no)
    return _file(write_calendar(appointments), _ICS, f"调解安排-{mediation_no}.ics")


@router.get("/mediations/{mediation_no}/papers", responses=problems(401, 403, 404))
async def list_papers(mediation_no: MediationNo, by: Reader, app: App) -> PaperItems:
    """The writings of a mediation."""
    async with app.sessions() as session:
        state = await find_talks(session, by, mediation_no)
        served = select(MediationEvent.record).where(
            MediationEvent.mediation_no == mediation_no,
            MediationEvent.kind == PaperServed.model_fields["kind"].default,
        )
        rows = await session.scalars(served.order_by(MediationEvent.seq))
        events = [MediationRecorded.model_validate(row).event for row in rows]
    services = [event for event in events if isinstance(event, PaperServed)]
    in_order = sorted(state.papers.items(), key=lambda named: named[1].about_seq)
    return PaperItems(items=[_item(number, paper, services) for number, paper in in_order])


@router.get(
    "/mediations/{mediation_no}/papers/{paper_no}.docx", responses=problems(401, 403, 404), response_class=Response
)
async def read_paper(mediation_no: MediationNo, paper_no: PaperNo, by: Reader, app: App) -> Response:
    """A writing as it was when it was issued; the look is recorded."""
    async with app.sessions.begin() as session:
        state = await find_talks(session, by, mediation_no)
        paper = state.papers.get(paper_no)
        if paper is None:
            raise not_found("paper")
        if not reads_paper(by, state, paper):
            raise talks_sealed()
        note_look(session, state, by, paper.paper.value, app.now())
        case = await session.get_one(Case, state.case_no)
        form, kind, contents = await contents_of(session, case, mediation_no, paper_no)
    written = await app.papers.press(lambda: app.papers.writer.write(form, kind, contents))
    return _file(written, _DOCX, f"{PAPER_NAMES[kind]}-{paper_no}.docx")


@router.get("/mediations/{mediation_no}/agreement.docx", responses=problems(401, 403, 404), response_class=Response)
async def read_agreement(mediation_no: MediationNo, by: Reader, app: App) -> Response:
    """调解协议书 as it is drawn up now, to be signed by hand or handed out."""
    async with app.sessions.begin() as session:
        state = await find_talks(session, by, mediation_no)
        if not sight_of(by, state).reads_agreement(state):
            raise not_found("agreement") if state.agreement is None else talks_sealed()
        note_look(session, state, by, "agreement", app.now())
        whole = await _dossier(session, state)
        form, contents = agreement_text(whole, local_date(app.now()))
    written = await app.papers.press(lambda: app.papers.writer.write(form, Paper.AGREEMENT, contents))
    return _file(written, _DOCX, f"{PAPER_NAMES[Paper.AGREEMENT]}-{mediation_no}.docx")


@router.get("/mediations/{mediation_no}/pack.docx", responses=problems(401, 403, 404), response_class=Response)
async def read_pack(mediation_no: MediationNo, by: Reader, app: App) -> Response:
    """调解卷宗: everything of the mediation in order, with a table of contents, and what it lacks.

    Of a mediation in several channels each host binds what was said at its own house.
    """
    async with app.sessions.begin() as session:
        state = await find_talks(session, by, mediation_no)
        sight = sight_of(by, state)
        if not sight.is_inside:
            raise talks_sealed()
        note_look(session, state, by, "pack", app.now())
        whole = await _dossier(session, state)
        pack = await Pack.read(session, whole, sight, app.papers.writer, local_date(app.now()))
    bound = await app.papers.press(pack.bound)
    return _file(bound, _DOCX, f"调解卷宗-{mediation_no}.docx")


async def _dossier(session: AsyncSession, state: MediationState) -> Dossier:
    case = await session.get_one(Case, state.case_no)
    return await Dossier.read(session, case, await whole_record(session, state.mediation_no))


def _item(number: str, paper: PaperState, services: Sequence[PaperServed]) -> PaperItem:
    return PaperItem(
        paper_no=number,
        paper=paper.paper,
        name=PAPER_NAMES[paper.paper],
        track=paper.track,
        to=list(paper.to),
        issued_at=paper.issued_at,
        served=[
            ServiceView(party_no=one.party_no, how=one.how, served_at=one.served_at)
            for one in services
            if one.paper_no == number
        ],
    )


def _file(content: bytes, media_type: str, name: str) -> Response:
    """A file to be saved; nobody on the way keeps a copy."""
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=media_type, headers=headers)
