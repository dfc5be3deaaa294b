"""Reading a city pack: all of it, found sound, or a list of what must be mended by file and line."""

from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from infra.cities.checks import Draft, centre_of, find_faults
from infra.cities.csv_table import Cells, read_table
from infra.cities.faults import CityPackFault, Fault
from infra.cities.located_yaml import read_yaml
from infra.cities.pack import City, CityPack, Connector, Region, RegionLevel, Route, Unit, User
from infra.policies import PolicyFile, read_policy
from workflows.contracts.vocabulary import Level, Role, UnitKind

Word = TypeVar("Word", bound=StrEnum)


def read_city(directory: Path) -> CityPack:
    """Reads and checks the pack in `directory`; its regions name the centre they inherit.

    Raises:
        CityPackFault: everything that is wrong, by file and line. What does not read is reported first: whether the
            rest agrees with it can be judged only once it does.
    """
    faults: list[Fault] = []
    city = _read_city_file(directory, faults)
    policies = _read_policies(directory / "policies", faults)
    regions = read_table(directory / "regions.csv", _columns(Region), _region)
    units = read_table(directory / "units.csv", _columns(Unit), _unit)
    users = read_table(directory / "users.csv", _columns(User), _user)
    matters = read_table(directory / "matters.csv", ("level1", "level2", "level3"), _matter)
    routes = read_table(directory / "routing.csv", _columns(Route), _route)
    faults += [*regions.faults, *units.faults, *users.faults, *matters.faults, *routes.faults]
    if faults or city is None:
        raise CityPackFault(faults)
    faults = find_faults(Draft(city, regions, units, users, matters, routes, policies))
    if faults:
        raise CityPackFault(faults)
    by_code = {region.code: region for region in regions.rows}
    return CityPack(
        city=city,
        regions=tuple(
            Region(region.code, region.name, region.level, region.parent, centre_of(region, by_code))
            for region in regions.rows
        ),
        units=tuple(units.rows),
        users=tuple(users.rows),
        matters=tuple(matters.rows),
        routes=tuple(routes.rows),
        policies={policy.name: policy for policy in policies.values()},
    )


def _read_city_file(directory: Path, faults: list[Fault]) -> City | None:
    try:
        written = read_yaml(directory / "city.yaml", "city.yaml")
    except CityPackFault as fault:
        faults += fault.faults
        return None
    try:
        return City.model_validate(written.value)
    except ValidationError as error:
        faults += written.faults(error)
        return None


def _read_policies(directory: Path, faults: list[Fault]) -> dict[str, PolicyFile]:
    """The policies that can be used, by their files as faults name them."""
    policies: dict[str, PolicyFile] = {}
    for path in sorted(directory.glob("*.yaml")):
        try:
            policies[f"{directory.name}/{path.name}"] = read_policy(path)
        except CityPackFault as fault:
            faults += [Fault(f"{directory.name}/{one.file}", one.line, one.reason) for one in fault.faults]
    return policies


def _columns(row: type[Region | Unit | User | Route]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(row))


def _region(cells: Cells) -> Region:
    return Region(
        code=_filled(cells, "code"),
        name=_filled(cells, "name"),
        level=_word(cells, "level", RegionLevel),
        parent=cells["parent"] or None,
        responsible_centre=cells["responsible_centre"],
    )


def _unit(cells: Cells) -> Unit:
    kind = _word(cells, "kind", UnitKind)
    return Unit(
        unit_id=_filled(cells, "unit_id"),
        name=_filled(cells, "name"),
        kind=kind,
        function="" if kind is UnitKind.GOVERNANCE_CENTRE else _filled(cells, "function"),
        level=_word(cells, "level", Level),
        region_code=_filled(cells, "region_code"),
        leader=_filled(cells, "leader"),
        duty_office=_filled(cells, "duty_office"),
        valid_from=_day(cells, "valid_from"),
        valid_to=_day(cells, "valid_to") if cells["valid_to"] else None,
        successor=cells["successor"] or None,
        connector=_word(cells, "connector", Connector) if cells["connector"] else None,
    )


def _user(cells: Cells) -> User:
    return User(
        user_id=_filled(cells, "user_id"),
        name=_filled(cells, "name"),
        role=_word(cells, "role", Role),
        region_code=_filled(cells, "region_code"),
        unit_id=cells["unit_id"] or None,
    )


def _matter(cells: Cells) -> str:
    return "/".join(_filled(cells, column) for column in ("level1", "level2", "level3"))


def _route(cells: Cells) -> Route:
    return Route(
        category=_filled(cells, "category"),
        level=_word(cells, "level", Level) if cells["level"] else None,
        lead=_filled(cells, "lead"),
        co_units=tuple(cells["co_units"].split()),
        power_holder=_filled(cells, "power_holder"),
        clause=cells["clause"],
    )


def _filled(cells: Cells, column: str) -> str:
    if not cells[column]:
        raise ValueError(f"{column} is empty")
    return cells[column]


def _word(cells: Cells, column: str, words: type[Word]) -> Word:
    try:
        return words(cells[column])
    except ValueError:
        raise ValueError(f"unknown {column} {cells[column]!r}: one of {', '.join(words)}") from None


def _day(cells: Cells, column: str) -> date:
    try:
        return date.fromisoformat(cells[column])
    except ValueError:
        raise ValueError(f"{column} {cells[column]!r} is not a date like 2026-01-31") from None
