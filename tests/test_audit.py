"""The audit finds what is wrong, and only that."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, update

from infra.audit import AuditReport, audit
from infra.batches import request_missing_batch
from infra.mediation_tables import Mediation, MediationEvent
from infra.tables import CalendarRow, Case, Fault, Intake, TimelineEvent
from tests.installation import Installation
from tests.mediating import opened
from workflows.contracts import commands as c
from workflows.contracts.ids import mediation_workflow_id


async def _audit(place: Installation) -> AuditReport:
    return await audit(place.sessions, place.client)


async def test_what_runs_and_what_waits_add_up_to_the_intake(empty: Installation) -> None:
    waiting = empty.driver()
    await waiting.register()
    async with empty.workers():
        running = await empty.case()
        await running.give(c.Accept)
        report = await _audit(empty)
    assert (report.intake, report.running, report.pending, report.ended) == (2, 1, 1, 0)
    assert report.is_clean


async def test_a_report_that_waits_too_long_is_missing(empty: Installation) -> None:
    driver = empty.driver()
    await driver.register()
    async with empty.sessions.begin() as session:
        await session.execute(update(Intake).values(received_at=datetime.now(UTC) - timedelta(minutes=2)))
    report = await _audit(empty)
    assert (report.missing, report.pending) == ([driver.case_no], 0)


async def test_a_started_case_without_a_workflow_is_missing(empty: Installation) -> None:
    driver = await empty.case()
    await empty.handle(driver.case_no).terminate()
    assert (await _audit(empty)).missing == [driver.case_no]


async def test_a_hole_in_the_timeline_and_an_owner_that_is_gone_are_found(empty: Installation) -> None:
    async with empty.workers():
        driver = await empty.case()
        await driver.give(c.Accept)
    async with empty.sessions.begin() as session:
        await session.execute(delete(TimelineEvent).where(TimelineEvent.seq == 2))
        await session.execute(update(Case).values(owner_unit=None))
    report = await _audit(empty)
    assert (report.gaps, report.unowned) == ([driver.case_no], [driver.case_no])
    assert not report.is_clean


async def test_a_mediation_is_audited_as_its_case_is(empty: Installation) -> None:
    async with empty.workers():
        talks = await opened(empty)
        assert (await _audit(empty)).is_clean
        await empty.client.get_workflow_handle(mediation_workflow_id(talks.number)).terminate()
    async with empty.sessions.begin() as session:
        await session.execute(delete(MediationEvent).where(MediationEvent.seq == 2))
        await session.execute(update(Mediation).values(owner_unit=None))
        session.add(Fault(case_no=talks.number, code="seq_conflict", seq=2, found_at=datetime.now(UTC)))
    report = await _audit(empty)
    assert (report.intake, report.running) == (1, 1)
    assert (report.missing, report.gaps, report.unowned, report.conflicts) == ([talks.number],) * 4


async def test_a_case_below_the_newest_calendar_is_outdated_unless_a_batch_is_under_way(empty: Installation) -> None:
    async with empty.workers():
        driver = await empty.case()
        await driver.published(1)
    async with empty.sessions.begin() as session:
        first = await session.get_one(CalendarRow, 1)
        session.add(CalendarRow(version=2, data=first.data, published_at=first.published_at))
    report = await _audit(empty)
    assert (report.outdated, report.is_clean) == ([driver.case_no], False)
    async with empty.sessions.begin() as session:
        await request_missing_batch(session, datetime.now(UTC))
    assert (await _audit(empty)).is_clean
