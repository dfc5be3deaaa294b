"""Cases over New Year 2027, the calendar of which is published while they are open."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.calendar_versions import install_base
from infra.calendars import LAST_PUBLISHED_YEAR
from infra.tables import BatchRow
from tests.activities.fake_department import department
from tests.api.calling import Caller
from tests.driving import until
from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.publishing import published
from tests.rules.calendar_2026 import WINDOW_2026, at
from worker.batch_relay import BatchRelay

BEFORE_2027_IS_PUBLISHED = WINDOW_2026.model_copy(
    update={"days_off": (*WINDOW_2026.days_off, date(2027, 1, 1)), "published_through": date(2026, 12, 31)}
)
"""New Year's day itself is estimated; nobody knows yet that the Monday after it will be off too."""
PUBLISHED = """\
title: 2027年部分节假日安排
source: an arrangement made up for this story
year: 2027
days_off: [2027-01-01/2027-01-04]
"""
OLD, NEW = at("2027-01-05T17:30"), at("2027-01-06T17:30")
"""Five working days after Monday, 28 December."""


@pytest.fixture
async def unpublished(empty: Installation) -> AsyncIterator[Installation]:
    """An installation at work that does not know the calendar of 2027."""
    async with empty.sessions.begin() as session:
        await install_base(session, BEFORE_2027_IS_PUBLISHED, datetime.now(UTC))
    async with empty.workers(), _relaying(empty):
        yield empty


async def test_publishing_the_year_moves_what_is_open_and_leaves_run_out_what_ran_out(
    unpublished: Installation, tmp_path: Path
) -> None:
    case, late = (DatedCase(unpublished, at("2026-12-28T10:00")) for _ in range(2))
    await asyncio.gather(_at_work(case), _at_work(late))
    await _shows(case, OLD, provisional=True)
    await asyncio.gather(case.skip_to(at("2026-12-29T10:00")), late.skip_to(OLD))
    ran_out = clock_of(await late.shown(), "citizen")
    assert moment(ran_out["breached_at"]) == OLD

    await _publish_2027(unpublished, tmp_path)
    await asyncio.gather(case.rests(), late.rests())
    await _shows(case, NEW, provisional=False)
    moved = {said["data"]["clock_id"]: said["data"] for said in await case.said("clock_moved")}
    assert {"citizen", "T1/finish"} <= set(moved)
    assert moved["citizen"]["cause"] == "calendar"
    assert (moment(moved["citizen"]["was_due_at"]), moment(moved["citizen"]["due_at"])) == (OLD, NEW)
    (told,) = (await case.tracked())["told"]
    assert (told["about"], told["due_date"], told["provisional"]) == ("calendar", "2027-01-06", False)
    as_known = await case.shown(at=at("2026-12-29T09:00").isoformat())
    known = clock_of(as_known, "citizen")
    assert (moment(known["due_at"]), known["provisional"], as_known["provisional"]) == (OLD, True, True)
    assert as_known["calendar_version"] < (await case.shown())["calendar_version"]

    still = clock_of(await late.shown(), "citizen")
    assert [still[key] for key in ("breached_at", "due_at")] == [ran_out["breached_at"], ran_out["due_at"]]
    assert "overdue" in (await late.shown())["flags"]
    assert not still["provisional"]

    await case.skip_to(OLD + timedelta(hours=1))
    assert "overdue" not in (await case.shown())["flags"]
    await case.skip_to(NEW)
    assert moment((await case.clock("citizen"))["breached_at"]) == NEW


async def test_publishing_the_year_tells_a_departments_own_system_its_new_dates(
    unpublished: Installation, tmp_path: Path
) -> None:
    async with department(unpublished.sessions) as unit:
        case = DatedCase(unpublished, at("2026-12-28T20:00"))
        await _at_work(case, unit.unit.unit_id)
        await _publish_2027(unpublished, tmp_path)
        # Though it is night: what changes a task is told at once.
        dispatched, changed = await unit.signals(2)
    assert [signal.body["type"] for signal in (dispatched, changed)] == ["task.dispatched", "task.changed"]
    for signal, due_at, provisional in ((dispatched, OLD, True), (changed, NEW, False)):
        (finish,) = [clock for clock in signal.body["clocks"] if clock["name"] == "finish"]
        assert (moment(finish["due_at"]), finish["provisional"]) == (due_at, provisional)


async def test_a_period_of_a_year_ends_provisionally(unpublished: Installation) -> None:
    start, limit = "2026-01-08T09:00:00+08:00", "1 years"
    reader = DatedCase(unpublished, at("2026-01-08T09:00")).dispatcher
    shown = await reader.get("/deadline", start=start, limit=limit)
    assert (moment(shown["due_at"]), shown["due_date"]) == (at("2027-01-09T00:00"), "2027-01-08")
    assert shown["provisional"] is True
    assert shown["days"][-1] == {"date": "2027-01-08", "verdict": "counted", "reason": "workday", "provisional": True}


def test_the_command_says_that_a_period_of_a_year_ends_provisionally() -> None:
    words = ["deadline", "--start", f"{LAST_PUBLISHED_YEAR}-01-08T09:00", "--limit", "1 years"]
    command = [sys.executable, "-P", "-m", "cli.main", *words]
    answer = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert (answer["raw_due_date"], answer["provisional"]) == (f"{LAST_PUBLISHED_YEAR + 1}-01-08", True)
    assert answer["due"].endswith("T00:00:00+08:00")


async def _at_work(case: DatedCase, unit: str = "housing") -> None:
    await case.report()
    await case.signed(unit)


async def _shows(case: DatedCase, due_at: datetime, *, provisional: bool) -> None:
    """List, snapshot, inbox and tracking page say the same."""
    shown = await case.shown()
    citizen = clock_of(shown, "citizen")
    listed = await _own(case, case.dispatcher, "/cases")
    task = await _own(case, case.callers.handler(), "/tasks")
    promise = (await case.tracked())["promise"]
    for said in (citizen, listed, task, promise):
        assert (moment(said["due_at"]), said["provisional"]) == (due_at, provisional), said
    assert shown["provisional"] is provisional
    assert ("provisional" in shown["flags"]) is provisional
    strip = await case.dispatcher.get(f"/cases/{case.case_no}/days", clock="citizen")
    assert any(day["provisional"] for day in strip["days"]) is provisional


async def _own(case: DatedCase, reader: Caller, path: str) -> Any:
    """The case's entry in a list."""
    (entry,) = [item for item in (await reader.get(path))["items"] if item["case_no"] == case.case_no]
    return entry


async def _publish_2027(place: Installation, folder: Path) -> None:
    """As `yingshao calendar publish` does it, until every open case has it."""
    new = await published(place.sessions, folder, PUBLISHED)
    assert new is not None
    batch_id = new.batch.batch_id

    async def ended() -> bool:
        async with place.sessions() as session:
            return (await session.get_one(BatchRow, batch_id)).ended_at is not None

    await until(ended, "every open case has the calendar")


@asynccontextmanager
async def _relaying(place: Installation) -> AsyncIterator[None]:
    relay = asyncio.create_task(BatchRelay(place.client, place.sessions, lambda: datetime.now(UTC)).run())
    try:
        yield
    finally:
        relay.cancel()
        await asyncio.wait([relay])
