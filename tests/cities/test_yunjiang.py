"""The bundled city: its size, its reproducible part, and that its parts serve each other."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import pytest

from infra.cities.generate import generate
from infra.cities.pack import CityPack, RegionLevel
from infra.cities.reader import read_city
from infra.cities.routing import find_route, nearest_unit, units_answering_for, units_for
from workflows.contracts.clocks import OfficeHours
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, CaseKind, Level, Role, UnitKind, Urgency

YUNJIANG = Path("infra/cities/yunjiang").resolve()
TODAY = date(2026, 3, 2)
GENERATED = ["regions.csv", "units.csv", "users.csv", "roster.csv", "mediators.csv", "rooms.csv"]


@pytest.fixture(scope="module")
def city() -> CityPack:
    return read_city(YUNJIANG)


@pytest.mark.parametrize("file", GENERATED)
def test_the_generator_writes_the_committed_files_byte_for_byte(file: str, tmp_path: Path) -> None:
    generate(tmp_path)

    assert (tmp_path / file).read_bytes() == (YUNJIANG / file).read_bytes()


def test_the_city_has_the_size_of_a_real_one(city: CityPack) -> None:
    assert Counter(region.level for region in city.regions) == {
        RegionLevel.CITY: 1,
        RegionLevel.COUNTY: 6,
        RegionLevel.TOWNSHIP: 76,
        RegionLevel.VILLAGE: 650,
        RegionLevel.GRID: 5_800,
    }
    assert (YUNJIANG / "regions.csv").stat().st_size < 600_000


def test_there_are_units_of_every_kind_and_level_and_users_of_every_role(city: CityPack) -> None:
    everywhere = {UnitKind.GOVERNANCE_CENTRE, UnitKind.TOWNSHIP, UnitKind.COMMITTEE}
    functional = [unit for unit in city.units if unit.kind not in everywhere]

    assert {unit.kind for unit in city.units} == set(UnitKind)
    assert {unit.level for unit in functional} == set(Level)
    assert 160 <= len(functional) <= 180
    assert {user.role for user in city.users} == set(Role) - {Role.REQUESTER}


def test_a_grid_belongs_to_the_centre_of_its_village(city: CityPack) -> None:
    centres = {region.code: region.responsible_centre for region in city.regions}

    assert all(
        region.responsible_centre == centres[region.code[:12]]
        for region in city.regions
        if region.level is RegionLevel.GRID
    )


def test_some_villages_have_a_centre_of_their_own_and_some_that_of_another_township(city: CityPack) -> None:
    villages = [region for region in city.regions if region.level is RegionLevel.VILLAGE]
    own = [region for region in villages if region.responsible_centre == f"centre-{region.code}"]
    lent = [region for region in villages if region.responsible_centre[7:16] != region.code[:9]]

    assert len(own) == 65
    assert len(lent) == 3


def test_a_function_is_the_nearest_unit_above_the_region(city: CityPack) -> None:
    grid = units_for(city.units, "990102001001003", TODAY)
    village = units_for(city.units, "990122204201", TODAY)
    found = [nearest_unit(grid, "public_security"), nearest_unit(village, "housing"), nearest_unit(village, "court")]

    assert [unit and unit.unit_id for unit in found] == ["police-990102001", "housing-990122", "court-990122"]


def test_a_dissolved_unit_serves_nobody_after_its_last_day(city: CityPack) -> None:
    last = date(2025, 12, 31)

    assert nearest_unit(units_for(city.units, city.city.code, last), "sanitation") is not None
    assert nearest_unit(units_for(city.units, city.city.code, TODAY), "sanitation") is None


def test_a_dissolved_unit_is_found_where_its_successor_is_wanted_and_one_in_office_comes_first(city: CityPack) -> None:
    renewed = [replace(unit, unit_id="new_station") for unit in city.units if unit.unit_id == "sanitation"]
    in_office = [replace(unit, valid_to=None, successor=None) for unit in renewed]
    found = [
        nearest_unit(units_answering_for(units, "990102001001", TODAY), "sanitation")
        for units in (city.units, [*city.units, *in_office])
    ]

    assert [unit and (unit.unit_id, unit.successor) for unit in found] == [
        ("sanitation", "urban_management"),
        ("new_station", None),
    ]


def test_the_city_keeps_one_set_of_hours_and_some_units_their_own(city: CityPack) -> None:
    assert city.city.office_hours.hours() == OfficeHours()
    assert set(city.city.unit_office_hours) == {"water_supply", "heating"}
    (winter,) = city.city.unit_office_hours["heating"].hours().seasons
    assert (winter.since, winter.until, winter.stretches) == ("10-15", "04-15", ((time(7, 30), time(20)),))


def test_the_deepest_class_and_then_the_very_level_decide_the_route(city: CityPack) -> None:
    waste = "城乡建设/城市建设和市政管理/环境卫生"
    village = find_route(city.routes, waste, Level.VILLAGE, None)
    county = find_route(city.routes, waste, Level.COUNTY, None)
    gas = find_route(city.routes, "城乡建设/城市建设和市政管理/燃气供应", Level.VILLAGE, None)

    assert village is not None
    assert county is not None
    assert gas is not None
    assert [village.lead, county.lead, gas.lead] == ["township_government", "urban_management", "gas_supply"]


def test_the_sample_appeals_fit_the_city_and_touch_every_class(city: CityPack) -> None:
    with (YUNJIANG / "sample_appeals.csv").open(encoding="utf-8", newline="") as file:
        appeals = list(csv.DictReader(file))
    regions = {region.code for region in city.regions}

    assert 40 <= len(appeals) <= 45
    assert len({appeal["external_id"] for appeal in appeals}) == len(appeals)
    assert {appeal["category"].split("/")[0] for appeal in appeals} == {m.split("/")[0] for m in city.matters}
    assert {appeal["kind"] for appeal in appeals} == set(CaseKind)
    assert {appeal["urgency"] for appeal in appeals} == set(Urgency)
    for appeal in appeals:
        assert appeal["region_code"] in regions
        assert appeal["category"] in city.matters
        assert datetime.fromisoformat(appeal["submitted_at"]).tzinfo is not None


def test_most_sample_appeals_can_be_whistled_to_a_unit_with_dates(city: CityPack) -> None:
    with (YUNJIANG / "sample_appeals.csv").open(encoding="utf-8", newline="") as file:
        appeals = list(csv.DictReader(file))
    dated = 0
    for appeal in appeals:
        route = find_route(city.routes, appeal["category"], Level.TOWNSHIP, appeal["region_code"])
        assert route is not None
        lead = nearest_unit(units_for(city.units, appeal["region_code"], TODAY), route.lead)
        dated += lead is not None and lead.kind in DATED_UNIT_KINDS

    assert dated >= 30
