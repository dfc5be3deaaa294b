"""Versions of the calendar in the database, and the batches that they ask for."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from infra.batches import AdoptCalendarChange, outdated, request_batch, request_missing_batch
from infra.calendar_versions import newest_calendar
from infra.cities.faults import CityPackFault
from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.reader import read_city
from infra.tables import AuditEntry, BatchCase, BatchRow, CalendarRow, Case
from tests.fixed_calendar import fixed_calendar
from tests.installation import Installation
from tests.publishing import SNOW_DAY, published
from workflows.contracts.clocks import CalendarWindow

_NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


async def test_a_published_file_is_a_new_version_and_on_record(empty: Installation, tmp_path: Path) -> None:
    new = await published(empty.sessions, tmp_path, SNOW_DAY)
    assert new is not None
    async with empty.sessions() as session:
        newest = await newest_calendar(session)
        row = await session.get_one(CalendarRow, 2)
        entry = (await session.scalars(select(AuditEntry))).one()
    assert newest == new.calendar
    assert new.calendar.version == 2
    assert date(2026, 3, 4) in new.calendar.days_off
    assert row.file is not None
    assert (row.file["title"], row.published_by) == ("暴雪停工", "tester")
    assert (entry.action, entry.actor, entry.detail["version"]) == ("publish_calendar", "tester", 2)


async def test_publishing_what_is_so_already_changes_nothing(empty: Installation, tmp_path: Path) -> None:
    await published(empty.sessions, tmp_path, SNOW_DAY)
    assert await published(empty.sessions, tmp_path, SNOW_DAY) is None
    assert (await _newest(empty)).version == 2


async def test_a_year_with_a_hole_before_it_changes_nothing(empty: Installation, tmp_path: Path) -> None:
    async with empty.sessions.begin() as session:
        row = await session.get_one(CalendarRow, 1)
        row.data = {**row.data, "published_through": "2026-12-31"}
    year = "title: 一年\nsource: 测试\nyear: {0}\ndays_off: [{0}-01-03]\n"
    with pytest.raises(CityPackFault, match="before 2027 is"):
        await published(empty.sessions, tmp_path, year.format(2028))
    assert (await _newest(empty)).version == 1
    assert await published(empty.sessions, tmp_path, year.format(2027)) is not None
    assert (await _newest(empty)).published_through == date(2027, 12, 31)


async def test_loading_the_city_again_keeps_what_was_published(empty: Installation, tmp_path: Path) -> None:
    await published(empty.sessions, tmp_path, SNOW_DAY)
    pack = read_city(YUNJIANG)
    for _ in range(2):
        async with empty.sessions.begin() as session:
            await CityLoader(lambda: _NOW, fixed_calendar).load(session, pack)
    assert (await _newest(empty)).version == 2

    def with_a_city_holiday(first_year: int, last_year: int | None = None) -> CalendarWindow:
        base = fixed_calendar(first_year, last_year)
        return base.model_copy(update={"days_off": (*base.days_off, date(2026, 11, 20))})

    async with empty.sessions.begin() as session:
        await CityLoader(lambda: _NOW, with_a_city_holiday).load(session, pack)
    newest = await _newest(empty)
    async with empty.sessions() as session:
        batches = (await session.scalars(select(BatchRow))).all()
    assert {batch.change["version"] for batch in batches} == {2, 3}
    assert newest.version == 3
    assert {date(2026, 3, 4), date(2026, 11, 20)} <= set(newest.days_off)


async def test_a_calendar_has_one_batch_under_way_however_often_it_is_asked_for(empty: Installation) -> None:
    await _open_case(empty, calendar_version=1)
    async with empty.sessions.begin() as session:
        session.add(await _next_version(empty))
    batches = []
    for _ in range(2):
        async with empty.sessions.begin() as session:
            batches.append(await request_batch(session, AdoptCalendarChange(version=2), by="t", now=_NOW))
    assert batches[0].batch_id == batches[1].batch_id
    assert (batches[0].total, batches[0].left, batches[0].ended_at) == (1, 1, None)


async def test_a_case_that_started_with_the_calendar_before_gets_a_batch_of_its_own(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        assert await request_missing_batch(session, _NOW) is None
        session.add(await _next_version(empty))
    case_no = await _open_case(empty, calendar_version=1)
    async with empty.sessions.begin() as session:
        assert await outdated(session) == [case_no]
        batch = await request_missing_batch(session, _NOW)
        assert batch is not None
        assert await outdated(session) == []
        assert await request_missing_batch(session, _NOW) is None


async def test_a_case_that_refused_the_newest_calendar_is_outdated_but_not_asked_again(empty: Installation) -> None:
    case_no = await _open_case(empty, calendar_version=1)
    async with empty.sessions.begin() as session:
        session.add(await _next_version(empty))
        batch = await request_batch(session, AdoptCalendarChange(version=2), by="t", now=_NOW)
        (await session.get_one(BatchCase, (batch.batch_id, case_no))).outcome = "some_rule"
        (await session.get_one(BatchRow, batch.batch_id)).ended_at = _NOW
        await session.flush()
        assert await outdated(session) == [case_no]
        assert await request_missing_batch(session, _NOW) is None


async def _newest(place: Installation) -> CalendarWindow:
    async with place.sessions() as session:
        newest = await newest_calendar(session)
    assert newest is not None
    return newest


async def _next_version(place: Installation) -> CalendarRow:
    newest = await _newest(place)
    data = newest.model_dump(mode="json", exclude={"version"})
    return CalendarRow(version=newest.version + 1, data=data, published_at=_NOW)


async def _open_case(place: Installation, *, calendar_version: int) -> str:
    """A case as it is on record, without a workflow."""
    case_no = await place.driver().register()
    async with place.sessions.begin() as session:
        (await session.get_one(Case, case_no)).calendar_version = calendar_version
    return case_no
