"""Finding the route of a matter and the unit that a function means in a region."""

from collections.abc import Iterable
from datetime import date

from infra.cities.pack import Route, Unit
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import Level


def find_route(routes: Iterable[Route], category: str, level: Level) -> Route | None:
    """The route of the deepest class that holds the category; one for this very level before one for all levels."""
    fitting = [
        route
        for route in routes
        if route.level in {None, level} and (category == route.category or category.startswith(f"{route.category}/"))
    ]
    return max(fitting, key=lambda route: (route.category.count("/"), route.level is not None), default=None)


def nearest_unit(units: Iterable[Unit], wanted: str, region_code: str, on: date) -> Unit | None:
    """The unit with this id or function that serves the region that day: of the region itself, else nearest above."""
    serving = [
        unit
        for unit in units
        if wanted in {unit.function, unit.unit_id} and _is_valid(unit, on) and _holds(unit.region_code, region_code)
    ]
    return max(serving, key=lambda unit: len(region_prefix(unit.region_code)), default=None)


def _is_valid(unit: Unit, on: date) -> bool:
    return unit.valid_from <= on and (unit.valid_to is None or on <= unit.valid_to)


def _holds(outer: str, inner: str) -> bool:
    return inner.startswith(region_prefix(outer))
