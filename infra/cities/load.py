"""Writing a city pack into the database: all of it or nothing, and again without harm."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from infra import tables
from infra.calendars import FIRST_YEAR, LAST_PUBLISHED_YEAR, CalendarSource
from infra.cities.pack import CityPack, Region, Route
from infra.policies import PolicyFile
from workflows.contracts.clocks import CalendarWindow

YUNJIANG = Path(__file__).parent / "yunjiang"
"""The fictional city that comes along."""

_ROWS_A_STATEMENT = 2_000
_ESTIMATED_YEARS = 3


class CityLoader:
    """Loads packs; `now` stamps what is applied, `calendar` gives the published years."""

    def __init__(self, now: Callable[[], datetime], calendar: CalendarSource) -> None:
        self._now = now
        self._calendar = calendar

    async def load(self, session: AsyncSession, pack: CityPack) -> None:
        """Replaces the directory, and applies policies and calendar where they differ from the newest version.

        Addresses and secrets of department systems stay as they were. Running cases keep what they were born with.
        """
        await _replace(session, tables.Region, [_region(region) for region in pack.regions])
        await _replace(session, tables.User, [_plain(user) for user in pack.users])
        await _replace(session, tables.Matter, [{"path": path} for path in pack.matters])
        await _replace(session, tables.Route, [_route(route) for route in pack.routes])
        await _merge_units(session, [_plain(unit) for unit in pack.units])
        for policy in pack.policies.values():
            await apply_policy(session, policy, self._now())
        window = self._calendar(FIRST_YEAR, LAST_PUBLISHED_YEAR + _ESTIMATED_YEARS)
        await self._publish(session, window.model_copy(update={"office": pack.city.office_hours}))
        await session.execute(delete(tables.CityRow))
        city = pack.city.model_dump(mode="json")
        session.add(tables.CityRow(code=pack.city.code, name=pack.city.name, data=city, loaded_at=self._now()))
        await session.flush()

    async def _publish(self, session: AsyncSession, window: CalendarWindow) -> None:
        newest = await session.scalar(select(tables.CalendarRow).order_by(tables.CalendarRow.version.desc()).limit(1))
        data = window.model_dump(mode="json", exclude={"version"})
        if newest is None or newest.data != data:
            version = newest.version + 1 if newest else 1
            session.add(tables.CalendarRow(version=version, data=data, published_at=self._now()))


async def apply_policy(session: AsyncSession, policy: PolicyFile, now: datetime) -> int:
    """Installs the policy as a new version, unless it is what the newest one says; returns its version."""
    of_that_name = select(tables.PolicyRow).where(tables.PolicyRow.name == policy.name)
    newest = await session.scalar(of_that_name.order_by(tables.PolicyRow.version.desc()).limit(1))
    version = newest.version if newest else 0
    data = policy.model_dump(mode="json") | {"version": version}
    if newest is None or newest.data != data:
        version += 1
        data["version"] = version
        session.add(tables.PolicyRow(name=policy.name, version=version, data=data, applied_at=now))
        await session.flush()
    return version


async def _replace(session: AsyncSession, table: type[tables.Base], rows: Sequence[dict[str, Any]]) -> None:
    await session.execute(delete(table))
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        await session.execute(insert(table), rows[start : start + _ROWS_A_STATEMENT])


async def _merge_units(session: AsyncSession, rows: Iterable[dict[str, Any]]) -> None:
    units = [{name: value for name, value in row.items() if name != "connector"} for row in rows]
    await session.execute(delete(tables.Unit).where(tables.Unit.unit_id.not_in([unit["unit_id"] for unit in units])))
    for start in range(0, len(units), _ROWS_A_STATEMENT):
        statement = upsert(tables.Unit).values(units[start : start + _ROWS_A_STATEMENT])
        renewed = {name: statement.excluded[name] for name in units[0] if name != "unit_id"}
        await session.execute(statement.on_conflict_do_update(index_elements=["unit_id"], set_=renewed))


def _region(region: Region) -> dict[str, Any]:
    row = _plain(region)
    row["centre"] = row.pop("responsible_centre")
    return row


def _route(route: Route) -> dict[str, Any]:
    row = _plain(route)
    row["co"] = list(row.pop("co_units"))
    return row


def _plain(row: Any) -> dict[str, Any]:
    return {name: value.value if isinstance(value, StrEnum) else value for name, value in asdict(row).items()}
