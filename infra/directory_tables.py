"""The tables of the city's directory: written when a city is loaded or a unit changes, read by everything else."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class Region(Base):
    """A region of the city down to the grid, and the centre that owns its cases."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(15), primary_key=True)
    name: Mapped[str]
    level: Mapped[str] = mapped_column(String(16), index=True)
    parent: Mapped[str | None] = mapped_column(String(15), index=True)
    centre: Mapped[str] = mapped_column(String(64), index=True)


class Unit(Base):
    """A unit of the city; `endpoint` and `secret` if its own system takes task signals.

    `office_hours` are its own, null if it keeps the city's.
    """

    __tablename__ = "units"

    unit_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(24))
    function: Mapped[str | None] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(16))
    region_code: Mapped[str] = mapped_column(String(15), index=True)
    leader: Mapped[str | None] = mapped_column(String(64))
    duty_office: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    successor: Mapped[str | None] = mapped_column(String(64))
    endpoint: Mapped[str | None]
    secret: Mapped[str | None]
    office_hours: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class User(Base):
    """A member of staff or a system of the city."""

    __tablename__ = "users"

    user_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    region_code: Mapped[str | None] = mapped_column(String(15))
    unit_id: Mapped[str | None] = mapped_column(String(64))


class RosterDay(Base):
    """Who is on duty for a unit on a local date, and how that person takes part at the centre (a `Presence`)."""

    __tablename__ = "rosters"

    unit_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    presence: Mapped[str] = mapped_column(String(16))


class Matter(Base):
    """A class of the matter classification, as `level1/level2/level3`."""

    __tablename__ = "matters"

    path: Mapped[str] = mapped_column(primary_key=True)


class Route(Base):
    """Who handles a class at a level: functions of units, the legal clause, who holds the legal power.

    `region_code` limits it to a region and all below it.
    """

    __tablename__ = "routes"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    category: Mapped[str] = mapped_column(index=True)
    level: Mapped[str | None] = mapped_column(String(16))
    lead: Mapped[str] = mapped_column(String(64))
    co: Mapped[list[str]] = mapped_column(ARRAY(Text))
    clause: Mapped[str | None]
    power_holder: Mapped[str | None] = mapped_column(String(64))
    region_code: Mapped[str | None] = mapped_column(String(15))


class CityRow(Base):
    """The one loaded city: its code, name, the words it uses, and the hash of the pack it came from."""

    __tablename__ = "city"

    code: Mapped[str] = mapped_column(String(15), primary_key=True)
    name: Mapped[str]
    data: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]
