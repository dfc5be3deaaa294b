"""Who may take over from whom, and what passes on in the directory when the day has come."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from infra.batches import SucceedUnitChange, count_concerned
from infra.cities.routing import is_in_office
from infra.directory import centres_for
from infra.directory_tables import Region, Unit, User
from infra.subjects import bearing_of
from infra.succession import CannotSucceed, pass_on, succeed
from infra.tables import AuditEntry, BatchRow, Case, Task
from tests.installation import Installation
from workflows.contracts.vocabulary import CaseKind, Level

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
NEXT_DAY = datetime(2026, 3, 2, 16, tzinfo=UTC)
"""Midnight in Shanghai."""
VILLAGE, TOWNSHIP = "990102001001", "990102001000"


async def test_the_directory_staff_and_the_record_say_who_took_over(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        batch = await succeed(session, "housing_fund", "housing", on=MONDAY, by="tester", now=NOON)
        old = await session.get_one(Unit, "housing_fund")
        entry = (await session.scalars(select(AuditEntry))).one()
    assert (old.successor, old.valid_to) == ("housing", date(2026, 3, 1))
    assert not is_in_office(old, MONDAY)
    assert (entry.action, entry.actor, entry.detail["on"]) == ("succeed_unit", "tester", "2026-03-02")
    assert batch is not None
    assert (batch.total, batch.ended_at) == (0, NOON)
    async with empty.sessions() as session:
        assert (await session.get_one(User, "handler-housing_fund")).unit_id == "housing"


async def test_a_day_to_come_is_written_down_and_carried_out_when_it_is_there(empty: Installation) -> None:
    case_no = await _open_task(empty, "commerce")
    async with empty.sessions.begin() as session:
        assert await succeed(session, "commerce", "finance", on=date(2026, 3, 3), by="tester", now=NOON) is None
        await pass_on(session, NOON)
    async with empty.sessions() as session:
        assert (await session.get_one(User, "handler-commerce")).unit_id == "commerce"
        assert not (await session.scalars(select(BatchRow))).all()
    for _ in range(2):
        async with empty.sessions.begin() as session:
            await pass_on(session, NEXT_DAY)
    async with empty.sessions() as session:
        assert (await session.get_one(User, "handler-commerce")).unit_id == "finance"
        (batch,) = (await session.scalars(select(BatchRow))).all()
    assert batch.change == {"kind": "succeed_unit", "old": "commerce", "new": "finance", "is_centre": False}
    assert (batch.total, batch.left) == (1, 1)
    assert case_no


async def test_a_task_that_reaches_a_unit_after_its_last_day_is_passed_on_too(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        await succeed(session, "commerce", "finance", on=MONDAY, by="tester", now=NOON)
    await _open_task(empty, "commerce")
    async with empty.sessions.begin() as session:
        await pass_on(session, NOON)
        batches = (await session.scalars(select(BatchRow).where(BatchRow.ended_at.is_(None)))).all()
    assert [batch.total for batch in batches] == [1]


async def test_new_cases_of_a_region_begin_at_the_centre_that_took_over(empty: Installation) -> None:
    old, new = f"centre-{TOWNSHIP}", "centre-990102002000"
    async with empty.sessions.begin() as session:
        owned = select(Region.code).where(Region.centre == old)
        before = set(await session.scalars(owned))
        await succeed(session, old, new, on=MONDAY, by="tester", now=NOON)
        assert not (await session.scalars(owned)).all()
        assert new in (await centres_for(session, TOWNSHIP)).values()
        assert before <= set(await session.scalars(select(Region.code).where(Region.centre == new)))


async def test_a_change_is_for_cases_of_the_centre_and_cases_about_the_unit_too(empty: Installation) -> None:
    snapshots: list[dict[str, Any]] = [
        {"centres": {"township": "centre-a", "city": "centre-b"}, "subjects": []},
        {"centres": {"city": "centre-b"}, "subjects": [{"type": "unit", "id": "commerce"}]},
        {"centres": {"city": "centre-b"}},
    ]
    for snapshot in snapshots:
        case_no = await empty.driver().register()
        async with empty.sessions.begin() as session:
            (await session.get_one(Case, case_no)).snapshot = snapshot

    async def count(old: str, *, is_centre: bool = False) -> int:
        async with empty.sessions() as session:
            return await count_concerned(session, SucceedUnitChange(old=old, new="new", is_centre=is_centre))

    assert [await count(old, is_centre=True) for old in ("centre-a", "centre-b", "centre-c")] == [1, 3, 0]
    assert [await count("commerce"), await count("finance")] == [1, 0]


async def test_whoever_a_complaint_was_hidden_from_does_not_read_it_in_the_new_unit(empty: Installation) -> None:
    case_no = await empty.driver().register()
    async with empty.sessions.begin() as session:
        (await session.get_one(Case, case_no)).concerned = ["commerce"]
    async with empty.sessions.begin() as session:
        await succeed(session, "commerce", "finance", on=MONDAY, by="tester", now=NOON)
        await pass_on(session, NOON)
    async with empty.sessions() as session:
        assert (await session.get_one(Case, case_no)).concerned == ["commerce", "finance"]


async def test_a_complaint_that_names_a_unit_which_is_over_is_about_its_successor(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        await succeed(session, "commerce", "finance", on=MONDAY, by="tester", now=NOON)
        named = [{"type": "unit", "id": "commerce"}]
        before, after = [
            await bearing_of(session, CaseKind.COMPLAINT, VILLAGE, named, day) for day in (date(2026, 3, 1), MONDAY)
        ]
    assert ([subject.id for subject in before.subjects], before.concerned) == (["commerce"], ("commerce",))
    assert ([subject.id for subject in after.subjects], after.concerned) == (["finance"], ("commerce", "finance"))


async def test_a_complaint_about_a_centre_that_is_over_is_hidden_from_the_one_that_took_over(
    empty: Installation,
) -> None:
    old, new = f"centre-{TOWNSHIP}", "centre-990102002000"
    async with empty.sessions.begin() as session:
        await succeed(session, old, new, on=MONDAY, by="tester", now=NOON)
        bearing = await bearing_of(session, CaseKind.TIP_OFF, VILLAGE, [{"type": "unit", "id": old}], MONDAY)
    assert (bearing.level, bearing.hidden_from) == (Level.COUNTY, ("990102001", "990102002"))
    assert bearing.concerned == (old, new)


@pytest.mark.parametrize(
    ("old", "new", "on", "reason"),
    [
        ("nobody", "housing", MONDAY, "the city has no unit nobody"),
        ("housing", "nobody", MONDAY, "the city has no unit nobody"),
        ("housing", "housing", MONDAY, "housing cannot succeed itself"),
        ("sanitation", "housing", MONDAY, "sanitation was succeeded by urban_management already"),
        ("housing", "sanitation", MONDAY, "sanitation is not in office on 2026-03-02"),
        ("housing", "commerce", date(2020, 1, 1), "housing is in office only from 2020-01-01 on"),
        ("housing", f"centre-{TOWNSHIP}", MONDAY, "a governance centre is succeeded by one"),
        (f"centre-{TOWNSHIP}", "housing", MONDAY, "a governance centre is succeeded by one"),
        (f"centre-{TOWNSHIP}", "centre-990102000000", MONDAY, "is a centre of level township, centre-990102000000 of"),
        ("commerce", "tax", MONDAY, "commerce has open tasks, and a unit of kind vertical cannot be given dates"),
    ],
)
async def test_who_cannot_take_over_is_told_why_and_nothing_is_changed(
    empty: Installation, old: str, new: str, on: date, reason: str
) -> None:
    await _open_task(empty, "commerce")
    async with empty.sessions() as session:
        with pytest.raises(CannotSucceed, match=reason):
            await succeed(session, old, new, on=on, by="tester", now=NOON)
        assert not session.dirty
        assert not session.new


async def test_successions_do_not_run_in_a_circle(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        await succeed(session, "commerce", "finance", on=date(2027, 1, 1), by="tester", now=NOON)
        await succeed(session, "finance", "justice", on=date(2027, 2, 1), by="tester", now=NOON)
        with pytest.raises(
            CannotSucceed, match="commerce is itself to be succeeded by justice: that would be a circle"
        ):
            await succeed(session, "justice", "commerce", on=MONDAY, by="tester", now=NOON)


async def _open_task(place: Installation, unit_id: str) -> str:
    """A case on record that the unit has an open task in; it has no workflow."""
    case_no = await place.driver().register(region_code=VILLAGE)
    task = {"case_no": case_no, "unit_id": unit_id, "role": "lead", "status": "signed", "dispatched_at": NOON}
    async with place.sessions.begin() as session:
        session.add(Task(task_no=f"{case_no}-T1", **task))
    return case_no
