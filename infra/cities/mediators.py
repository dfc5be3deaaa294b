"""Whether a city's mediators and rooms agree with its regions, units and staff."""

import re
from collections.abc import Iterator, Mapping

from infra.cities.csv_table import Table
from infra.cities.faults import Fault
from infra.cities.pack import City, Mediator, Region, Room, Unit, User
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import Role

_ROOM_ID = re.compile(r"[a-z0-9_-]{1,64}")


def mediator_faults(
    mediators: Table[Mediator],
    regions: Mapping[str, Region],
    units: Mapping[str, Unit],
    users: Mapping[str, User],
    city: City,
) -> Iterator[Fault]:
    """All that is contradictory; whoever mediates is a member of staff with that role, who works for the unit."""
    for line, mediator in mediators.lines:
        yield from (mediators.fault(line, reason) for reason in _person(mediator, users.get(mediator.mediator_id)))
        unit = units.get(mediator.unit_id)
        if unit is None:
            yield mediators.fault(line, f"unit {mediator.unit_id} does not exist")
        elif not mediator.region_code.startswith(region_prefix(unit.region_code)):
            yield mediators.fault(line, f"{mediator.unit_id} does not serve {mediator.region_code}")
        if mediator.region_code not in regions:
            yield mediators.fault(line, f"region {mediator.region_code} does not exist")
        for language in mediator.languages:
            if language not in city.languages:
                yield mediators.fault(line, f"language {language} is not in city.yaml")
        if mediator.valid_to is not None and mediator.valid_to < mediator.valid_from:
            yield mediators.fault(line, "valid_to lies before valid_from")


def _person(mediator: Mediator, user: User | None) -> Iterator[str]:
    if user is None:
        yield f"user {mediator.mediator_id} does not exist"
    elif user.role is not Role.MEDIATOR:
        yield f"user {user.user_id} is a {user.role}, not a mediator"
    elif user.unit_id != mediator.unit_id:
        yield f"user {user.user_id} does not work for {mediator.unit_id}"


def room_faults(rooms: Table[Room], units: Mapping[str, Unit]) -> Iterator[Fault]:
    """Rooms under ids that cannot be used, and those of units that are not there, or not any more."""
    for line, room in rooms.lines:
        if _ROOM_ID.fullmatch(room.room_id) is None:
            yield rooms.fault(line, f"room_id {room.room_id}: up to 64 of a-z, 0-9, _ and - are expected")
        unit = units.get(room.unit_id)
        if unit is None:
            yield rooms.fault(line, f"unit {room.unit_id} does not exist")
        elif unit.valid_to is not None:
            yield rooms.fault(line, f"unit {room.unit_id} is not in office after {unit.valid_to}")
