"""The roster of a city: what a file may say, how it is kept, and who is on duty on a day."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from infra.cities.faults import CityPackFault
from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.pack import Presence, RosterDay
from infra.cities.reader import read_city, read_roster
from infra.directory_tables import Unit
from infra.rosters import OnDuty, enter_roster, unit_names, units_entered
from tests.fixed_calendar import fixed_calendar
from tests.installation import Installation

TUESDAY = date(2026, 3, 3)
OFFICE = "云江市财政局（国有资产监督管理局）值班室"


def pack_with(folder: Path, *rows: str) -> Path:
    """The pack with a roster of these rows; the first of them is line 2."""
    pack = Path(shutil.copytree(YUNJIANG, folder / "city"))
    (pack / "roster.csv").write_text("\n".join(["unit_id,day,user_id,presence", *rows, ""]), encoding="utf-8")
    return pack


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("nobody,2026-03-03,handler-housing,stationed", "unit nobody does not exist"),
        ("housing,2026-03-03,nobody,stationed", "user nobody does not exist"),
        ("housing,2026-03-03,handler-finance,stationed", "user handler-finance does not work for housing"),
        ("sanitation,2026-03-03,leader-urban_management,online", "unit sanitation is not in office on 2026-03-03"),
        ("finance,2026-03-02,leader-finance,online", "finance on 2026-03-02 stands in line 2 already"),
        ("housing,spring,handler-housing,stationed", "day 'spring' is not a date like 2026-01-31"),
        ("housing,2026-03-03,handler-housing,asleep", "unknown presence 'asleep': one of stationed, rotating, on_call"),
        ("housing,2026-03-03,,stationed", "user_id is empty"),
        ("housing,2026-03-03,handler-housing", "3 cells where 4 are expected"),
    ],
)
def test_a_mistake_is_named_by_its_line(row: str, reason: str, tmp_path: Path) -> None:
    pack = pack_with(tmp_path, "finance,2026-03-02,handler-finance,stationed", row)
    with pytest.raises(CityPackFault) as refused:
        read_city(pack)
    assert [(fault.file, fault.line) for fault in refused.value.faults][:1] == [("roster.csv", 3)]
    assert refused.value.faults[0].reason.startswith(reason)


def test_a_city_may_do_without(tmp_path: Path) -> None:
    pack = pack_with(tmp_path)
    (pack / "roster.csv").unlink()
    assert read_city(pack).roster == ()


def test_the_bundled_city_has_units_of_every_presence_and_nobody_twice_a_day() -> None:
    roster = list(read_roster(YUNJIANG / "roster.csv").rows)
    assert {duty.presence for duty in roster} == set(Presence)
    assert len({(duty.unit_id, duty.day) for duty in roster}) == len(roster)
    rotating = {duty.day.weekday() for duty in roster if duty.unit_id == "transport"}
    assert rotating == {1, 3}


async def test_loading_the_city_again_keeps_the_days_that_its_pack_is_silent_about(empty: Installation) -> None:
    entered = RosterDay("finance", TUESDAY, "leader-finance", Presence.ONLINE)
    of_the_pack = RosterDay("transport", TUESDAY, "leader-transport", Presence.ONLINE)
    async with empty.sessions.begin() as session:
        await enter_roster(session, [entered, of_the_pack])
        await CityLoader(lambda: datetime.now(UTC), fixed_calendar).load(session, read_city(YUNJIANG))
        names = await unit_names(session, ["finance", "transport"], TUESDAY)
    assert names["finance"].on_duty.presence is Presence.ONLINE
    assert names["transport"].on_duty.presence is Presence.ROTATING


async def test_a_row_takes_the_place_of_what_was_entered_for_the_same_day_alone(empty: Installation) -> None:
    wednesday = date(2026, 3, 4)
    first = [RosterDay("finance", day, "leader-finance", Presence.STATIONED) for day in (TUESDAY, wednesday)]
    async with empty.sessions.begin() as session:
        await enter_roster(session, first)
        await enter_roster(session, [RosterDay("finance", TUESDAY, "handler-finance", Presence.ON_CALL)])
        shown = [(await unit_names(session, ["finance"], day))["finance"].on_duty for day in (TUESDAY, wednesday)]
    assert [(duty.user_id, duty.presence, duty.fallback) for duty in shown] == [
        ("handler-finance", Presence.ON_CALL, False),
        ("leader-finance", Presence.STATIONED, False),
    ]


async def test_a_day_without_an_entry_is_the_leaders_and_else_the_duty_offices(empty: Installation) -> None:
    async with empty.sessions.begin() as session:
        leaders = (await unit_names(session, ["finance"], TUESDAY))["finance"].on_duty
        (await session.get_one(Unit, "finance")).leader = None
        await session.flush()
        offices = (await unit_names(session, ["finance"], TUESDAY))["finance"].on_duty
        unknown = (await unit_names(session, ["nobody"], TUESDAY))["nobody"].on_duty
    assert (leaders.user_id, leaders.presence, leaders.fallback) == ("leader-finance", None, True)
    assert offices == OnDuty(name=OFFICE, user_id=None, presence=None, fallback=True)
    assert (unknown.name, unknown.fallback) == ("nobody", True)


async def test_those_who_sit_at_the_centre_come_first(empty: Installation) -> None:
    async with empty.sessions() as session:
        units = await units_entered(session, TUESDAY)
        sunday = await units_entered(session, date(2026, 3, 1))
    assert units == ["civil_affairs", "human_resources", "transport", "public_security", "water_supply"]
    assert sunday == ["public_security", "water_supply"]
