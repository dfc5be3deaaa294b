"""Writes the generated part of the city pack: `python -m infra.cities.generate DIR`.

The same program writes the same bytes. What people decide (city.yaml, routing, policies, sample appeals) is written by
hand and not touched.
"""

import csv
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from random import Random
from typing import TypeAlias

from infra.cities.invented_hosts import invent_hosts
from infra.cities.invented_mediators import invent_host_users, invent_mediators, invent_rooms
from infra.cities.invented_names import Names
from infra.cities.invented_regions import invent_regions
from infra.cities.invented_rosters import invent_roster
from infra.cities.invented_units import invent_units
from infra.cities.invented_users import invent_users
from infra.cities.pack import Mediator, Region, Room, RosterDay, Unit, User

_SEED = 9901
_Row: TypeAlias = Region | Unit | User | RosterDay | Mediator | Room


def generate(directory: Path) -> None:
    """Writes all the tables of the city into the directory, which must exist, but for matters and routing."""
    random = Random(_SEED)  # noqa: S311 - the same city every time is the point; nothing here is secret
    names = Names(random)
    regions = invent_regions(random, names)
    units = invent_units(regions)
    users = invent_users(names, regions, units)
    hosts = invent_hosts(regions, units)
    mediators = invent_mediators(regions, units + hosts, users)
    users += invent_host_users(names, hosts, mediators, users)
    _write(directory / "regions.csv", Region, regions)
    _write(directory / "units.csv", Unit, units + hosts)
    _write(directory / "users.csv", User, users)
    _write(directory / "roster.csv", RosterDay, invent_roster())
    _write(directory / "mediators.csv", Mediator, mediators)
    _write(directory / "rooms.csv", Room, invent_rooms(units))


def _write(path: Path, row: type[_Row], rows: Sequence[_Row]) -> None:
    columns = [field.name for field in fields(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(getattr(one, column)) for column in columns] for one in rows)


def _cell(value: object) -> object:
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return " ".join(value)
        case _:
            return value


if __name__ == "__main__":
    arguments = ArgumentParser(prog="python -m infra.cities.generate", description=generate.__doc__)
    arguments.add_argument("directory", type=Path)
    generate(arguments.parse_args().directory)
