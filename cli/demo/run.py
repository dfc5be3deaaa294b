"""One run of the demo on an installation that is up: everybody plays their part until all cases have ended."""

import asyncio
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_hex

import httpx
from rich.console import Console
from sqlalchemy import select
from temporalio.client import Client

from api.tokens import Tokens
from cli.demo.board import Board, board
from cli.demo.figures import Figures, Standing, Summary, count_lost
from cli.demo.filing import Filing
from cli.demo.people import People
from cli.demo.staff import Staff
from cli.demo.story import Story
from infra.database import Sessions
from infra.directory_tables import Unit
from infra.intake import Report

_LOOK_EVERY = 0.7
_PATIENCE, _PATIENCE_A_CASE = 120.0, 1.5
"""Seconds after which a run is given up: so many in all, and for each case."""
_TAKEN_IN = ("202", "409")


@dataclass(frozen=True)
class Stage:
    """Where a run plays: the public interface (`http`), the records, the simulator, and who has a system there.

    `levels` are the city's words for its levels.
    """

    http: httpx.AsyncClient
    sessions: Sessions
    client: Client
    tokens: Tokens
    simulator_url: str
    with_system: Collection[str]
    levels: Mapping[str, str]


async def perform(stage: Stage, story: Story, reports: Sequence[Report], console: Console) -> Summary:
    """Reports the appeals and has everybody play until every case has ended, or the time for it is over."""
    began = time.monotonic()
    filing = Filing(f"{datetime.now(UTC):%Y%m%d%H%M%S}-{token_hex(2)}", reports)
    async with stage.sessions() as session:
        await filing.take_over(session)
        staff = await Staff.of(session, stage.http, stage.tokens)
    figures = Figures(stage.sessions, stage.levels)
    with board(console, filing.total) as shown:
        people = People(staff, filing, story, figures, stage.with_system, shown.note)
        standing = await _play(filing, staff, people, figures, shown)
    lost, in_directory = await count_lost(stage.sessions, stage.client, filing.case_nos)
    return Summary(
        **standing.model_dump(),
        left_over=filing.left_over,
        refused=filing.refused,
        lost=lost,
        mishaps=await _mishaps(stage),
        seconds=round(time.monotonic() - began, 1),
        cases_in_directory=in_directory,
    )


async def _play(filing: Filing, staff: Staff, people: People, figures: Figures, shown: Board) -> Standing:
    """How it stands at the end.

    Raises:
        ExceptionGroup: if somebody could not play on.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE + _PATIENCE_A_CASE * filing.total), asyncio.TaskGroup() as group:
            group.create_task(filing.run(staff.requester, shown.note))
            acting = group.create_task(people.act())
            is_over = False
            while not is_over:
                standing, happened = await figures.look(filing.case_nos)
                shown.show(standing, happened)
                is_over = filing.is_complete and standing.is_over
                await asyncio.sleep(_LOOK_EVERY)
            acting.cancel()
    return (await figures.look(filing.case_nos))[0]


async def _mishaps(stage: Stage) -> dict[str, Counter[str]]:
    told: dict[str, dict[str, int]] = (await stage.http.get(f"{stage.simulator_url}/answers")).json()
    async with stage.sessions() as session:
        units = await session.scalars(select(Unit).where(Unit.unit_id.in_(told)).order_by(Unit.unit_id))
        mishaps = {unit.name: Counter(told[unit.unit_id]) for unit in units}
    for answers in mishaps.values():
        for status in _TAKEN_IN:
            del answers[status]
    return {name: answers for name, answers in mishaps.items() if answers}
