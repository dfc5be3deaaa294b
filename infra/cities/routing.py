"""Finding the route of a matter and the units that serve a region, among rows of a pack or of the database alike."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar

from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import Level


class Routed(Protocol):
    """Who handles a class of matters at a level, or at every level where none is named."""

    @property
    def category(self) -> str: ...

    @property
    def level(self) -> str | None: ...


class Serving(Protocol):
    """A unit with its area and its days in office, the first and the last included; None: since ever, for ever."""

    @property
    def unit_id(self) -> str: ...

    @property
    def function(self) -> str | None: ...

    @property
    def region_code(self) -> str: ...

    @property
    def valid_from(self) -> date | None: ...

    @property
    def valid_to(self) -> date | None: ...


SomeRoute = TypeVar("SomeRoute", bound=Routed)
SomeUnit = TypeVar("SomeUnit", bound=Serving)


def find_route(routes: Iterable[SomeRoute], category: str, level: Level) -> SomeRoute | None:
    """The route of the deepest class that holds the category; one for this very level before one for all levels."""
    fitting = [
        route
        for route in routes
        if route.level in {None, level} and (category == route.category or category.startswith(f"{route.category}/"))
    ]
    return max(fitting, key=lambda route: (route.category.count("/"), route.level is not None), default=None)


def units_for(units: Iterable[SomeUnit], region_code: str, on: date) -> list[SomeUnit]:
    """The units that are in office that day and whose area holds the region."""
    return [
        unit
        for unit in units
        if (unit.valid_from or date.min) <= on <= (unit.valid_to or date.max)
        and region_code.startswith(region_prefix(unit.region_code))
    ]


def nearest_unit(serving: Iterable[SomeUnit], wanted: str) -> SomeUnit | None:
    """Of the units that serve a region, the one with this id or function: of the region itself, else nearest above."""
    fitting = [unit for unit in serving if wanted in {unit.function, unit.unit_id}]
    return max(fitting, key=lambda unit: len(region_prefix(unit.region_code)), default=None)
