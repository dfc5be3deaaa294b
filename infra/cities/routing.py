"""Finding the route of a matter and the units that serve a region, among rows of a pack or of the database alike."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from workflows.contracts.ids import (
    CITY_DIGITS,
    COUNTY_DIGITS,
    GRID_DIGITS,
    TOWNSHIP_DIGITS,
    VILLAGE_DIGITS,
    region_prefix,
)
from workflows.contracts.vocabulary import Level

LEVELS = {
    CITY_DIGITS: Level.CITY,
    COUNTY_DIGITS: Level.COUNTY,
    TOWNSHIP_DIGITS: Level.TOWNSHIP,
    VILLAGE_DIGITS: Level.VILLAGE,
    GRID_DIGITS: Level.VILLAGE,
}
"""By the digits that a region's code has without the zeros behind; grids belong to villages."""


def level_of(region_code: str) -> Level:
    """The level of government in a region."""
    return LEVELS[len(region_prefix(region_code))]


class Routed(Protocol):
    """Who handles a class of matters: at every level where none is named, in the whole city where no region is."""

    @property
    def category(self) -> str: ...

    @property
    def level(self) -> str | None: ...

    @property
    def region_code(self) -> str | None: ...


class InOffice(Protocol):
    """Something with days in office, the first and the last included; None: since ever, for ever."""

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


class Serving(InOffice, Protocol):
    """A unit with its area, its days in office, and who takes over after them."""

    @property
    def unit_id(self) -> str: ...

    @property
    def successor(self) -> str | None: ...

    @property
    def function(self) -> str | None: ...

    @property
    def region_code(self) -> str: ...


SomeRoute = TypeVar("SomeRoute", bound=Routed)
SomeUnit = TypeVar("SomeUnit", bound=Serving)


def is_in_office(one: InOffice, on: date) -> bool:
    """Whether that day is one of its days in office."""
    return (one.valid_from or date.min) <= on <= (one.valid_to or date.max)


def is_succeeded(unit: Serving, on: date) -> bool:
    """Whether another has taken over from the unit by that day."""
    return unit.successor is not None and (unit.valid_to or date.max) < on


def find_route(routes: Iterable[SomeRoute], category: str, level: Level, region_code: str | None) -> SomeRoute | None:
    """The route of the deepest class that holds the category.

    Of several, the one for the deepest region around the case's, then one for this very level before one for all. A
    case without a region goes by the routes of the whole city.
    """
    fitting = [
        route
        for route in routes
        if f"{category}/".startswith(f"{route.category}/")
        and route.level in {None, level}
        and (region_code or "").startswith(_area(route))
    ]
    return max(
        fitting,
        key=lambda route: (route.category.count("/"), len(_area(route)), route.level is not None),
        default=None,
    )


def _area(route: Routed) -> str:
    return "" if route.region_code is None else region_prefix(route.region_code)


def around(region_code: str) -> list[str]:
    """The codes of all that hold the region, from the city down to itself: those whose units serve it."""
    prefix = region_prefix(region_code)
    sizes = (CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS, GRID_DIGITS)
    return [prefix[:size].ljust(VILLAGE_DIGITS, "0") for size in sizes if size <= len(prefix)]


def units_for(units: Iterable[SomeUnit], region_code: str, on: date) -> list[SomeUnit]:
    """The units that are in office that day and whose area holds the region."""
    return [
        unit for unit in units if is_in_office(unit, on) and region_code.startswith(region_prefix(unit.region_code))
    ]


def units_answering_for(units: Iterable[SomeUnit], region_code: str, on: date) -> list[SomeUnit]:
    """Those of `units_for` first, then the ones whose area holds the region too but whom another has succeeded."""
    units = list(units)
    over = [
        unit for unit in units if is_succeeded(unit, on) and region_code.startswith(region_prefix(unit.region_code))
    ]
    return units_for(units, region_code, on) + over


def nearest_unit(serving: Iterable[SomeUnit], wanted: str) -> SomeUnit | None:
    """Of the units that serve a region, the one with this id or function: of the region itself, else nearest above."""
    fitting = [unit for unit in serving if wanted in {unit.function, unit.unit_id}]
    return max(fitting, key=lambda unit: len(region_prefix(unit.region_code)), default=None)
