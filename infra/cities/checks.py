"""Whether the parts of a city pack agree with each other."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from infra.cities.csv_table import Table
from infra.cities.faults import Fault
from infra.cities.located_yaml import LocatedYaml
from infra.cities.mediators import mediator_faults, room_faults
from infra.cities.pack import City, Mediator, Region, RegionLevel, Room, RosterDay, Route, Unit, User
from infra.cities.rosters import roster_faults
from infra.cities.routing import find_route
from infra.policies.city_words import with_classes_above
from infra.policies.written import PolicyFile
from workflows.contracts.ids import (
    CITY_DIGITS,
    COUNTY_DIGITS,
    GRID_DIGITS,
    TOWNSHIP_DIGITS,
    VILLAGE_DIGITS,
    region_prefix,
)
from workflows.contracts.vocabulary import Level, Role, UnitKind

Row = TypeVar("Row")

_SLUG = re.compile(r"[a-z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,4}){0,2}")
_PREFIX_DIGITS = {
    RegionLevel.CITY: CITY_DIGITS,
    RegionLevel.COUNTY: COUNTY_DIGITS,
    RegionLevel.TOWNSHIP: TOWNSHIP_DIGITS,
    RegionLevel.VILLAGE: VILLAGE_DIGITS,
    RegionLevel.GRID: GRID_DIGITS,
}
_CODE = re.compile(r"[1-9]\d{11}(\d{3})?", re.ASCII)
_WORK_FOR_A_UNIT = frozenset({Role.DISPATCHER, Role.HANDLER, Role.SYSTEM})
_OF_GOVERNMENTS = (CITY_DIGITS, COUNTY_DIGITS, TOWNSHIP_DIGITS, VILLAGE_DIGITS)


@dataclass(frozen=True, slots=True)
class Draft:
    """A pack whose files were read one by one: `city` was written as `city_file` says; `policies` by their files."""

    city: City
    city_file: LocatedYaml
    regions: Table[Region]
    units: Table[Unit]
    users: Table[User]
    matters: Table[str]
    routes: Table[Route]
    roster: Table[RosterDay]
    policies: dict[str, PolicyFile]
    mediators: Table[Mediator]
    rooms: Table[Room]


def find_faults(draft: Draft) -> list[Fault]:
    """All that is missing, doubled or contradictory between the files."""
    regions = {region.code: region for region in draft.regions.rows}
    units = {unit.unit_id: unit for unit in draft.units.rows}
    return [
        *_doubled(draft.regions, lambda region: region.code),
        *_doubled(draft.units, lambda unit: unit.unit_id),
        *_doubled(draft.users, lambda user: user.user_id),
        *_doubled(draft.matters, lambda matter: matter),
        *_doubled(draft.routes, _what_a_route_is_for),
        *_city_faults(draft, units),
        *_region_faults(draft.regions, regions, units),
        *_unit_faults(draft.units, regions, units, {user.user_id for user in draft.users.rows}),
        *_user_faults(draft.users, regions, units),
        *_routing_faults(draft, regions),
        *roster_faults(draft.roster, units, {user.user_id: user.unit_id for user in draft.users.rows}),
        *_policy_faults(draft),
        *_doubled(draft.mediators, lambda mediator: mediator.mediator_id),
        *mediator_faults(
            draft.mediators, regions, units, {user.user_id: user for user in draft.users.rows}, draft.city
        ),
        *_doubled(draft.rooms, lambda room: room.room_id),
        *room_faults(draft.rooms, units),
    ]


def centre_of(region: Region, regions: dict[str, Region]) -> str:
    """The region's own responsible centre, else that of the nearest region above; empty if there is none."""
    seen: set[str] = set()
    while not region.responsible_centre and region.code not in seen and region.parent in regions:
        seen.add(region.code)
        region = regions[region.parent]
    return region.responsible_centre


def _doubled(table: Table[Row], key: Callable[[Row], str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for line, row in table.lines:
        if first.setdefault(key(row), line) != line:
            yield table.fault(line, f"{key(row)} stands in line {first[key(row)]} already")


def _what_a_route_is_for(route: Route) -> str:
    place = f" in {route.region_code}" if route.region_code else ""
    return f"{route.category} at {route.level or 'every level'}{place}"


def _city_faults(draft: Draft, units: dict[str, Unit]) -> Iterator[Fault]:
    city, file = draft.city, draft.city_file
    cities = [region.code for region in draft.regions.rows if region.level is RegionLevel.CITY]
    if cities != [city.code]:
        yield file.fault(("code",), f"regions.csv must hold exactly one city, {city.code}")
    for level in RegionLevel:
        if level not in city.level_labels:
            yield file.fault(("level_labels",), f"{level} has no label")
    try:
        ZoneInfo(city.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield file.fault(("time_zone",), f"unknown time zone {city.time_zone}")
    if city.default_policy not in {policy.name for policy in draft.policies.values()}:
        yield file.fault(("default_policy",), f"there is no policy {city.default_policy}")
    for unit_id in city.unit_office_hours:
        if unit_id not in units:
            yield file.fault(("unit_office_hours", unit_id), "there is no such unit")
    for tag in city.languages:
        if _LANGUAGE.fullmatch(tag) is None:
            yield file.fault(("languages", tag), "is no tag of a language, like mn or zh-Hant")


def _region_faults(table: Table[Region], regions: dict[str, Region], units: dict[str, Unit]) -> Iterator[Fault]:
    names: dict[tuple[str | None, str], int] = {}
    for line, region in table.lines:
        if _CODE.fullmatch(region.code) is None or len(region_prefix(region.code)) != _PREFIX_DIGITS[region.level]:
            yield table.fault(line, f"{region.code} is not the code of a {region.level}")
            continue
        if region.parent != (expected := _parent_code(region)):
            yield table.fault(line, f"parent must be {expected or 'empty'}, as the code says")
        elif region.parent is not None and region.parent not in regions:
            yield table.fault(line, f"parent {region.parent} does not exist")
        if names.setdefault((region.parent, region.name), line) != line:
            yield table.fault(line, f"{region.name} is the name of a sibling already")
        centre = units.get(centre_of(region, regions))
        if centre is None:
            named = region.responsible_centre
            yield table.fault(line, f"centre {named} does not exist" if named else "no centre is responsible here")
        elif centre.kind is not UnitKind.GOVERNANCE_CENTRE or centre.valid_to is not None:
            yield table.fault(line, f"{centre.unit_id} is not a governance centre in office")


def _parent_code(region: Region) -> str | None:
    above = max((digits for digits in _PREFIX_DIGITS.values() if digits < _PREFIX_DIGITS[region.level]), default=None)
    return None if above is None else region.code[:above].ljust(VILLAGE_DIGITS, "0")


def _unit_faults(
    table: Table[Unit], regions: dict[str, Region], units: dict[str, Unit], users: set[str]
) -> Iterator[Fault]:
    holders: dict[tuple[str, str], str] = {}
    for line, unit in table.lines:
        if _SLUG.fullmatch(unit.unit_id) is None:
            yield table.fault(line, f"unit_id {unit.unit_id}: up to 64 of a-z, 0-9, _ and - are expected")
        if unit.leader not in users:
            yield table.fault(line, f"leader {unit.leader} does not exist")
        region = regions.get(unit.region_code)
        if region is None:
            yield table.fault(line, f"region {unit.region_code} does not exist")
        elif region.level.government is not unit.level:
            yield table.fault(line, f"a unit of {region.name} is of level {region.level.government}, not {unit.level}")
        if unit.valid_to is not None and unit.valid_to < unit.valid_from:
            yield table.fault(line, "valid_to lies before valid_from")
        yield from (table.fault(line, reason) for reason in _succession(unit, units))
        if unit.valid_to is None and unit.function:
            holder = holders.setdefault((unit.function, unit.region_code), unit.unit_id)
            if holder != unit.unit_id:
                yield table.fault(line, f"{holder} has the function {unit.function} in this region already")


def _succession(unit: Unit, units: dict[str, Unit]) -> Iterator[str]:
    if (unit.successor is None) != (unit.valid_to is None):
        yield "valid_to and successor belong together"
    if unit.successor is None:
        return
    successor = units.get(unit.successor)
    if successor is None:
        yield f"successor {unit.successor} does not exist"
    elif unit.valid_to is not None and (successor.valid_to or date.max) <= unit.valid_to:
        yield f"successor {unit.successor} does not outlast it"


def _user_faults(table: Table[User], regions: dict[str, Region], units: dict[str, Unit]) -> Iterator[Fault]:
    for line, user in table.lines:
        if _SLUG.fullmatch(user.user_id) is None:
            yield table.fault(line, f"user_id {user.user_id}: up to 64 of a-z, 0-9, _ and - are expected")
        if user.role is Role.REQUESTER:
            yield table.fault(line, "requesters are not staff and have no user")
        if user.region_code not in regions:
            yield table.fault(line, f"region {user.region_code} does not exist")
        if user.unit_id is None:
            if user.role in _WORK_FOR_A_UNIT:
                yield table.fault(line, f"a {user.role} works for a unit: unit_id is empty")
        elif user.unit_id not in units:
            yield table.fault(line, f"unit {user.unit_id} does not exist")


def _routing_faults(draft: Draft, regions: dict[str, Region]) -> Iterator[Fault]:
    prefixes = with_classes_above(draft.matters.rows)
    unserved = _Unserved(draft, regions)
    for line, route in draft.routes.lines:
        if route.category not in prefixes:
            yield draft.routes.fault(line, f"class {route.category} is not in matters.csv")
        if route.power_holder not in {route.lead, *route.co_units}:
            yield draft.routes.fault(line, f"{route.power_holder} holds the power but is neither lead nor co-unit")
        if route.region_code is not None and route.region_code not in regions:
            yield draft.routes.fault(line, f"region {route.region_code} does not exist")
            continue
        for wanted in dict.fromkeys((route.lead, *route.co_units)):
            missing = unserved.region(wanted, route.level, route.region_code)
            if missing is not None:
                yield draft.routes.fault(line, f"no unit or function {wanted} serves {missing.name}")
    routes = tuple(draft.routes.rows)
    for line, matter in draft.matters.lines:
        for level in Level:
            if find_route(routes, matter, level, None) is None:
                yield draft.matters.fault(line, f"{matter} has no route at level {level}")


class _Unserved:
    """Where nobody would be found for what a route asks for."""

    def __init__(self, draft: Draft, regions: dict[str, Region]) -> None:
        self._regions = regions
        self._served: dict[str, set[str]] = {}
        for unit in draft.units.rows:
            # One that is over has a successor, who answers for it.
            for wanted in (unit.function, unit.unit_id):
                self._served.setdefault(wanted, set()).add(region_prefix(unit.region_code))
        self._known: dict[tuple[str, Level | None, str | None], Region | None] = {}

    def region(self, wanted: str, level: Level | None, within: str | None) -> Region | None:
        """One that a route is for, without a valid unit of that id or function in it or above it, if there is one.

        Who serves the top of a route's area serves all of it: without a level, or with one above that area, the top is
        looked at alone.
        """
        key = (wanted, level, within)
        if key not in self._known:
            served = self._served.get(wanted, set())
            self._known[key] = next(
                (
                    region
                    for region in self._asked(level, within)
                    if not served & {region.code[:n] for n in _OF_GOVERNMENTS}
                ),
                None,
            )
        return self._known[key]

    def _asked(self, level: Level | None, within: str | None) -> list[Region]:
        area = region_prefix(within) if within else ""
        wanted = RegionLevel(level or Level.CITY)
        found = [r for r in self._regions.values() if r.level is wanted and r.code.startswith(area)]
        return found or [region for region in self._regions.values() if region.code == within]


def _policy_faults(draft: Draft) -> Iterator[Fault]:
    names: dict[str, str] = {}
    for file, policy in draft.policies.items():
        if names.setdefault(policy.name, file) != file:
            yield Fault(file, 1, f"{names[policy.name]} has the name {policy.name} already")
