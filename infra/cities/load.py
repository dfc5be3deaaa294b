"""Writing a city pack into the database: all of it or nothing, and again without harm."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import directory_tables as tables
from infra.calendar_versions import install_base
from infra.calendars import FIRST_YEAR, LAST_PUBLISHED_YEAR, CalendarSource
from infra.channel_tables import install_channel_table
from infra.cities.pack import City, CityPack, Mediator, Region, Route, Unit
from infra.mediators import tables as mediation
from infra.policies.installing import apply_policy
from infra.rosters import enter_roster
from infra.tables import Base

YUNJIANG = Path(__file__).parent / "yunjiang"
"""The fictional city that comes along."""

_ESTIMATED_YEARS = 10
"""Beyond the last published one: room for a case that is carried on, and looks ahead, for years to come."""


class CityLoader:
    """Loads packs; `now` stamps what is applied, `calendar` gives the published years."""

    def __init__(self, now: Callable[[], datetime], calendar: CalendarSource) -> None:
        self._now = now
        self._calendar = calendar

    async def load(self, session: AsyncSession, pack: CityPack) -> None:
        """Replaces the directory, and applies policies and calendar where they differ from the newest version.

        Addresses and secrets of department systems stay as they were, and so do the days of rosters that the pack is
        silent about. Running cases keep their policy; a calendar
        that differs goes to every open one.
        """
        await _replace(session, tables.Region, [_region(region) for region in pack.regions])
        await _replace(session, tables.User, [_plain(user) for user in pack.users])
        await _replace(session, tables.Matter, [{"path": path} for path in pack.matters])
        await _replace(session, tables.Route, [_route(route) for route in pack.routes])
        await _merge_units(session, [_unit(unit, pack.city) for unit in pack.units])
        await _replace(session, mediation.Mediator, [_mediator(mediator) for mediator in pack.mediators])
        await _replace(session, mediation.Room, [_plain(room) for room in pack.rooms])
        await enter_roster(session, pack.roster)
        for policy in pack.policies.values():
            await apply_policy(session, policy, self._now(), by=None)
        if pack.channels is not None:
            await install_channel_table(session, pack.channels, self._now())
        window = self._calendar(FIRST_YEAR, LAST_PUBLISHED_YEAR + _ESTIMATED_YEARS)
        await install_base(session, window.model_copy(update={"office": pack.city.office_hours.hours()}), self._now())
        await session.execute(delete(tables.CityRow))
        city = pack.city.model_dump(mode="json")
        session.add(tables.CityRow(code=pack.city.code, name=pack.city.name, data=city, loaded_at=self._now()))
        await session.flush()


async def _replace(session: AsyncSession, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    await session.execute(delete(table))
    if rows:
        await session.execute(insert(table), rows)


async def _merge_units(session: AsyncSession, units: Sequence[dict[str, Any]]) -> None:
    await session.execute(delete(tables.Unit).where(tables.Unit.unit_id.not_in([unit["unit_id"] for unit in units])))
    statement = upsert(tables.Unit)
    renewed = {name: statement.excluded[name] for name in units[0] if name != "unit_id"}
    await session.execute(statement.on_conflict_do_update(index_elements=["unit_id"], set_=renewed), units)


def _region(region: Region) -> dict[str, Any]:
    row = _plain(region)
    row["centre"] = row.pop("responsible_centre")
    return row


def _unit(unit: Unit, city: City) -> dict[str, Any]:
    row = _plain(unit)
    # Its address and secret are set at run time.
    del row["connector"]
    own = city.unit_office_hours.get(unit.unit_id)
    row["office_hours"] = own.hours().model_dump(mode="json") if own else None
    return row


def _route(route: Route) -> dict[str, Any]:
    row = _plain(route)
    row["co"] = list(row.pop("co_units"))
    return row


def _mediator(mediator: Mediator) -> dict[str, Any]:
    several = ("channels", "languages", "specialities")
    return _plain(mediator) | {name: list(getattr(mediator, name)) for name in several}


def _plain(row: Any) -> dict[str, Any]:
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in values.items()}
