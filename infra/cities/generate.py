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

from infra.cities.invented_names import Names
from infra.cities.invented_regions import invent_regions
from infra.cities.invented_rosters import invent_roster
from infra.cities.invented_units import invent_units
from infra.cities.invented_users import invent_users
from infra.cities.pack import Region, RosterDay, Unit, User

_SEED = 9901
_Row: TypeAlias = Region | Unit | User | RosterDay


def generate(directory: Path) -> None:
    """Writes regions.csv, units.csv, users.csv and roster.csv into the directory, which must exist."""
    random = Random(_SEED)  # noqa: S311 - the same city every time is the point; nothing here is secret
    names = Names(random)
    regions = invent_regions(random, names)
    units = invent_units(regions)
    _write(directory / "regions.csv", Region, regions)
    _write(directory / "units.csv", Unit, units)
    _write(directory / "users.csv", User, invent_users(names, regions, units))
    _write(directory / "roster.csv", RosterDay, invent_roster())


def _write(path: Path, row: type[_Row], rows: Sequence[_Row]) -> None:
    columns = [field.name for field in fields(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([getattr(one, column) for column in columns] for one in rows)


if __name__ == "__main__":
    arguments = ArgumentParser(prog="python -m infra.cities.generate", description=generate.__doc__)
    arguments.add_argument("directory", type=Path)
    generate(arguments.parse_args().directory)
