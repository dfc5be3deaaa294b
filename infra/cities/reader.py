"""Reading a city pack: all of it, found sound, or a list of what must be mended by file and line."""

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from infra.channel_tables import read_channel_table
from infra.cities.checks import Draft, centre_of, find_faults
from infra.cities.csv_table import Cells, Table, read_table
from infra.cities.faults import CityPackFault, Fault
from infra.cities.located_yaml import LocatedYaml, read_yaml
from infra.cities.pack import (
    City,
    CityPack,
    Connector,
    Mediator,
    Presence,
    Region,
    RegionLevel,
    Room,
    RosterDay,
    Route,
    Unit,
    User,
)
from infra.policies.city_words import CityWords
from infra.policies.reading import read_policy
from infra.policies.written import PolicyFile
from workflows.contracts.mediation.policy import MediationPolicy
from workflows.contracts.mediation.vocabulary import Channel, DisputeType
from workflows.contracts.vocabulary import Level, Role, UnitKind

Word = TypeVar("Word", bound=StrEnum)
Row = TypeVar("Row", bound=Region | Unit | User | Route | RosterDay | Mediator | Room)

_SEATS = re.compile(r"[1-9][0-9]{0,2}")


def read_city(directory: Path) -> CityPack:
    """Reads and checks the pack in `directory`; its regions name the centre they inherit.

    Raises:
        CityPackFault: everything that is wrong, by file and line. What does not read is reported first: whether the
            rest agrees with it can be judged only once it does.
    """
    faults: list[Fault] = []
    city_file = _read_city_file(directory, faults)
    regions = read_table(directory / "regions.csv", _columns(Region), _region)
    units = read_table(directory / "units.csv", _columns(Unit), _unit)
    users = read_table(directory / "users.csv", _columns(User), _user)
    matters = _read_matters(directory)
    routes = read_table(directory / "routing.csv", _columns(Route), _route, optional="region_code")
    roster = _read_if_there(directory / "roster.csv", RosterDay, _roster_day)
    mediators = _read_if_there(directory / "mediators.csv", Mediator, _mediator)
    rooms = _read_if_there(directory / "rooms.csv", Room, _room)
    words = _words(city_file[0], matters) if city_file and not matters.faults else None
    policies = _read_policies(directory / "policies", words, faults)
    channels = _read_channels(directory / "mediation.yaml", faults)
    for table in (regions, units, users, matters, routes, roster, mediators, rooms):
        faults += table.faults
    if faults or city_file is None:
        raise CityPackFault(faults)
    city, written = city_file
    faults = find_faults(
        Draft(city, written, regions, units, users, matters, routes, roster, policies, mediators, rooms)
    )
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
        roster=tuple(roster.rows),
        mediators=tuple(mediators.rows),
        rooms=tuple(rooms.rows),
        channels=channels,
    )


def read_words(directory: Path) -> CityWords:
    """The classes and ratings of the pack in `directory`, whatever the state of the rest.

    Raises:
        CityPackFault: what is wrong in `city.yaml` and `matters.csv`, by file and line.
    """
    faults: list[Fault] = []
    city_file = _read_city_file(directory, faults)
    matters = _read_matters(directory)
    faults += matters.faults
    if faults or city_file is None:
        raise CityPackFault(faults)
    return _words(city_file[0], matters)


def read_roster(file: Path) -> Table[RosterDay]:
    """A roster with columns `unit_id,day,user_id,presence`; whether it agrees with a directory is not looked at."""
    return read_table(file, _columns(RosterDay), _roster_day)


def _read_channels(file: Path, faults: list[Fault]) -> MediationPolicy | None:
    """The channel table; a city that mediates nothing has none."""
    if not file.exists():
        return None
    try:
        return read_channel_table(file)
    except CityPackFault as fault:
        faults += fault.faults
        return None


def _read_if_there(file: Path, row: type[Row], make: Callable[[Cells], Row]) -> Table[Row]:
    """A file that a city may do without."""
    return read_table(file, _columns(row), make) if file.exists() else Table(file.name, ())


def _read_city_file(directory: Path, faults: list[Fault]) -> tuple[City, LocatedYaml] | None:
    try:
        # As text, because YAML takes 12:00 for the number 720, which would pass for twelve minutes past midnight.
        written = read_yaml(directory / "city.yaml", "city.yaml", as_text=True)
    except CityPackFault as fault:
        faults += fault.faults
        return None
    try:
        return City.model_validate(written.value), written
    except ValidationError as error:
        faults += written.faults(error)
        return None


def _read_matters(directory: Path) -> Table[str]:
    return read_table(directory / "matters.csv", ("level1", "level2", "level3"), _matter)


def _words(city: City, matters: Table[str]) -> CityWords:
    return CityWords(tuple(matters.rows), frozenset(city.rating_scale))


def _read_policies(directory: Path, words: CityWords | None, faults: list[Fault]) -> dict[str, PolicyFile]:
    """The policies that can be used, by their files as faults name them."""
    policies: dict[str, PolicyFile] = {}
    for path in sorted(directory.glob("*.yaml")):
        try:
            policies[f"{directory.name}/{path.name}"] = read_policy(path, words)
        except CityPackFault as fault:
            faults += [Fault(f"{directory.name}/{one.file}", one.line, one.reason) for one in fault.faults]
    return policies


def _columns(row: type[Row]) -> tuple[str, ...]:
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


def _roster_day(cells: Cells) -> RosterDay:
    return RosterDay(
        unit_id=_filled(cells, "unit_id"),
        day=_day(cells, "day"),
        user_id=_filled(cells, "user_id"),
        presence=_word(cells, "presence", Presence),
    )


def _mediator(cells: Cells) -> Mediator:
    _filled(cells, "channels")
    return Mediator(
        mediator_id=_filled(cells, "mediator_id"),
        unit_id=_filled(cells, "unit_id"),
        channels=_words_of(cells, "channels", Channel),
        region_code=_filled(cells, "region_code"),
        languages=tuple(cells["languages"].split()),
        specialities=_words_of(cells, "specialities", DisputeType),
        studio=cells["studio"] or None,
        full_time=_yes_or_no(cells, "full_time"),
        valid_from=_day(cells, "valid_from"),
        valid_to=_day(cells, "valid_to") if cells["valid_to"] else None,
    )


def _room(cells: Cells) -> Room:
    seats = _filled(cells, "seats")
    if _SEATS.fullmatch(seats) is None:
        raise ValueError(f"seats {seats!r} is not a number from 1 to 999")
    return Room(
        room_id=_filled(cells, "room_id"),
        unit_id=_filled(cells, "unit_id"),
        name=_filled(cells, "name"),
        seats=int(seats),
        video=_yes_or_no(cells, "video"),
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
        region_code=cells["region_code"] or None,
    )


def _filled(cells: Cells, column: str) -> str:
    if not cells[column]:
        raise ValueError(f"{column} is empty")
    return cells[column]


def _word(cells: Cells, column: str, words: type[Word]) -> Word:
    return _known(cells[column], column, words)


def _words_of(cells: Cells, column: str, words: type[Word]) -> tuple[Word, ...]:
    return tuple(_known(one, column, words) for one in cells[column].split())


def _known(text: str, column: str, words: type[Word]) -> Word:
    try:
        return words(text)
    except ValueError:
        raise ValueError(f"unknown {column} {text!r}: one of {', '.join(words)}") from None


def _yes_or_no(cells: Cells, column: str) -> bool:
    if cells[column] not in {"yes", "no"}:
        raise ValueError(f"{column} {cells[column]!r} is neither yes nor no")
    return cells[column] == "yes"


def _day(cells: Cells, column: str) -> date:
    try:
        return date.fromisoformat(cells[column])
    except ValueError:
        raise ValueError(f"{column} {cells[column]!r} is not a date like 2026-01-31") from None
