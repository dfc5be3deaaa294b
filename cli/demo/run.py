"""One run of the demo on an installation that is up: everybody plays their part until all cases have ended."""

import asyncio
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

import httpx
from rich.console import Console
from sqlalchemy import select
from temporalio.client import Client

from api.tokens import Tokens
from cli.demo.board import Board, board
from cli.demo.centre import Centre
from cli.demo.errands import Errands
from cli.demo.figures import Figures, Standing
from cli.demo.filing import Filing
from cli.demo.offices import Offices
from cli.demo.oversight import CitySupervisor, Operator
from cli.demo.staff import Staff
from cli.demo.story import Story
from cli.demo.summary import Mishaps, Summary, count_lost
from infra.database import Sessions
from infra.intake import Report
from infra.tables import Unit

_LOOK_EVERY = 0.7
_PATIENCE, _PATIENCE_A_CASE = 120.0, 1.5
"""Seconds after which a run is given up: so many in all, and for each case."""
_TAKEN_IN = frozenset({"202", "409"})


@dataclass(frozen=True)
class Stage:
    """Where a run plays: the public interface (`http`), the records, the simulator, and who has a system there."""

    http: httpx.AsyncClient
    sessions: Sessions
    client: Client
    tokens: Tokens
    simulator_url: str
    with_system: Collection[str]


async def perform(stage: Stage, reports: Sequence[Report], console: Console) -> Summary:
    """Reports the appeals and has everybody play until every case has ended, or the time for it is over."""
    began = time.monotonic()
    filing = Filing(f"demo-{datetime.now(UTC):%Y%m%d%H%M%S}-{token_hex(2)}", reports)
    with board(console, filing) as shown:
        standing = await _play(stage, filing, shown)
    lost, in_directory = await count_lost(stage.sessions, stage.client, filing.case_nos)
    longest = filing.find(standing.longest_wait_case or "")
    return Summary(
        cases=len(filing.case_nos),
        ended=len(standing.ended),
        outcomes=dict(standing.by_status),
        overdue=standing.overdue,
        escalated=standing.escalated,
        escalated_to=standing.escalated_to,
        reworked=standing.reworked,
        longest_wait_seconds=round(standing.longest_wait, 1),
        longest_wait_title=longest.report.title if longest else "",
        mishaps=await _mishaps(stage),
        retried=standing.retried,
        skipped=standing.skipped,
        refused=filing.refused,
        lost=lost,
        seconds=round(time.monotonic() - began, 1),
        cases_in_directory=in_directory,
    )


async def _play(stage: Stage, filing: Filing, shown: Board) -> Standing:
    """How it stands at the end.

    Raises:
        ExceptionGroup: if somebody could not play on.
    """
    figures = Figures(stage.sessions)
    playing = asyncio.create_task(_cast(stage, filing, shown, figures))
    watching = asyncio.create_task(_until_over(filing, shown, figures))
    patience = _PATIENCE + _PATIENCE_A_CASE * filing.total
    try:
        done, _ = await asyncio.wait({playing, watching}, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
        for ended in done:
            ended.result()
    finally:
        playing.cancel()
        watching.cancel()
        await asyncio.wait({playing, watching})
    return await figures.standing(filing.case_nos)


async def _cast(stage: Stage, filing: Filing, shown: Board, figures: Figures) -> None:
    async with stage.sessions() as session:
        staff = await Staff.of(session, stage.http, stage.tokens)
    story = Story()
    async with asyncio.TaskGroup() as group:
        errands = Errands(group, shown.note)
        offices = Offices(staff, errands, story, stage.with_system, figures)
        group.create_task(filing.run(staff.requester, shown.note))
        for one in (
            Centre(staff, filing, offices, errands, story),
            offices,
            Operator(staff, filing, offices, errands),
            CitySupervisor(staff, filing, errands),
        ):
            group.create_task(one.run())


async def _until_over(filing: Filing, shown: Board, figures: Figures) -> None:
    while True:
        standing = await figures.standing(filing.case_nos)
        shown.show(standing, await figures.happenings(filing.case_nos))
        if filing.is_complete and standing.is_over:
            return
        await asyncio.sleep(_LOOK_EVERY)


async def _mishaps(stage: Stage) -> list[Mishaps]:
    answers: dict[str, dict[str, int]] = (await stage.http.get(f"{stage.simulator_url}/answers")).json()
    async with stage.sessions() as session:
        names = (await session.execute(select(Unit.unit_id, Unit.name).where(Unit.unit_id.in_(answers)))).tuples().all()
    found = []
    for unit_id, name in names:
        other = {status: count for status, count in answers[unit_id].items() if status not in _TAKEN_IN}
        if other:
            found.append(Mishaps(unit_id=unit_id, name=name, answers=other))
    return found
