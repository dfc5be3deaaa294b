"""Routes for one region and all below it."""

import shutil
from pathlib import Path

import pytest

from infra.cities.faults import CityPackFault
from infra.cities.load import YUNJIANG
from infra.cities.pack import Route
from infra.cities.reader import read_city
from infra.cities.routing import find_route
from workflows.contracts.vocabulary import Level

_CLASS = "城乡建设/城市建设和市政管理/环境卫生"
_COUNTY, _TOWNSHIP, _VILLAGE = "990102000000", "990102001000", "990102001001"
_UNKNOWN = "990199000000"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(YUNJIANG, tmp_path / "city"))


def with_route(pack: Path, row: str) -> int:
    """Gives the catalogue its optional column and one more route; returns that route's line."""
    file = pack / "routing.csv"
    header, *rows = file.read_text(encoding="utf-8").splitlines()
    lines = [f"{header},region_code", *(f"{old}," for old in rows), row]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def route(lead: str, *, level: Level | None = None, region_code: str | None = None, category: str = _CLASS) -> Route:
    return Route(category, level, lead, (), lead, "", region_code)


def test_the_deepest_class_counts_then_the_deepest_region_then_the_level() -> None:
    general = route("general")
    level = route("level", level=Level.VILLAGE)
    county = route("county", region_code=_COUNTY)
    township = route("township", region_code=_TOWNSHIP)
    above = route("above", region_code=_VILLAGE, category="城乡建设")

    def lead(*routes: Route, region: str | None = _VILLAGE) -> str:
        found = find_route(routes, _CLASS, Level.VILLAGE, region)
        assert found is not None
        return found.lead

    assert lead(above, general, level, county, township) == "township"
    assert lead(above, general, level, county) == "county"
    assert lead(above, general, level) == "level"
    assert lead(above, general) == "general"
    assert lead(general, county, township, region="990103001001") == "general"
    assert lead(general, county, region=None) == "general"


def test_a_city_may_write_routes_for_a_region(pack: Path) -> None:
    with_route(pack, f"{_CLASS},,housing,urban_management,urban_management,,{_COUNTY}")
    found = find_route(read_city(pack).routes, _CLASS, Level.VILLAGE, _VILLAGE)
    assert found is not None
    assert (found.lead, found.region_code) == ("housing", _COUNTY)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{_CLASS},,housing,,housing,,{_UNKNOWN}", f"region {_UNKNOWN} does not exist"),
        (f"{_CLASS},,housing,,transport,,{_COUNTY}", "transport holds the power but is neither lead nor co-unit"),
        (f"{_CLASS},,township_government,,township_government,,{_COUNTY}", "serves 澄岚区"),
        (f"{_CLASS},village,urban_management-990103,,urban_management-990103,,{_TOWNSHIP}", "no unit or function"),
    ],
)
def test_a_route_for_a_region_that_cannot_be_followed_is_refused(pack: Path, row: str, reason: str) -> None:
    line = with_route(pack, row)
    with pytest.raises(CityPackFault) as refused:
        read_city(pack)
    assert [(fault.file, fault.line) for fault in refused.value.faults if reason in fault.reason] == [
        ("routing.csv", line)
    ]


def test_a_region_may_have_one_route_of_a_class_and_level(pack: Path) -> None:
    with_route(pack, f"{_CLASS},,housing,,housing,,{_COUNTY}\n{_CLASS},,sanitation,,sanitation,,{_COUNTY}")
    with pytest.raises(CityPackFault, match=f"{_CLASS} at every level in {_COUNTY} stands in line"):
        read_city(pack)


def test_a_township_may_have_its_own_route_for_the_levels_above_it(pack: Path) -> None:
    with_route(pack, f"{_CLASS},county,urban_management,,urban_management,,{_TOWNSHIP}")
    assert read_city(pack).city.name == "云江市"
