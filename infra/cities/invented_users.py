"""The staff of the invented city, in every role."""

from infra.cities.invented_names import Names
from infra.cities.invented_regions import CITY_CODE
from infra.cities.pack import Region, RegionLevel, Unit, User
from workflows.contracts.vocabulary import Role, UnitKind

_VILLAGES_PER_GRID_WORKER = 2
"""Every second village has its first grid's worker in the pack: enough to play with, small enough to read."""


def invent_users(names: Names, regions: list[Region], units: list[Unit]) -> list[User]:
    """Leaders and staff of every unit, then those of the regions, then the systems of units."""
    users: list[User] = []
    for unit in units:
        if unit.successor is not None:
            continue
        centre = unit.kind is UnitKind.GOVERNANCE_CENTRE
        leads, works = (Role.SUPERVISOR, Role.DISPATCHER) if centre else (Role.HANDLER, Role.HANDLER)
        users.append(User(f"leader-{unit.unit_id}", names.person(), leads, unit.region_code, unit.unit_id))
        users.append(User(f"{works}-{unit.unit_id}", names.person(), works, unit.region_code, unit.unit_id))
    for region in regions:
        if region.level in {RegionLevel.CITY, RegionLevel.COUNTY}:
            at, centre_of = region.code[: 4 if region.code == CITY_CODE else 6], region.responsible_centre
            users.append(User(f"supervisor-{at}", names.person(), Role.SUPERVISOR, region.code, centre_of))
            users.append(User(f"mediator-{at}", names.person(), Role.MEDIATOR, region.code, centre_of))
    centres = {region.code: region.responsible_centre for region in regions}
    villages = [region for region in regions if region.level is RegionLevel.VILLAGE]
    for village in villages[::_VILLAGES_PER_GRID_WORKER]:
        grid = f"{village.code}001"
        users.append(User(f"grid-{grid}", names.person(), Role.GRID_WORKER, grid, centres[village.code]))
    users += [User(f"operator-{n}", names.person(), Role.OPERATOR, CITY_CODE, None) for n in (1, 2)]
    users.append(User("auditor-1", names.person(), Role.AUDITOR, CITY_CODE, None))
    users += [
        User(f"system-{unit.unit_id}", f"{unit.name}业务系统", Role.SYSTEM, unit.region_code, unit.unit_id)
        for unit in units
        if unit.connector is not None
    ]
    return users
