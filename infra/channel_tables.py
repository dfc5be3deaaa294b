"""The city's channel table: read from its file, kept in versions; the newest applies to mediations that open."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, ValidationError, model_validator
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from infra.cities.faults import CityPackFault
from infra.cities.located_yaml import read_yaml
from infra.tables import Base
from workflows.contracts.mediation.policy import ChannelRow, MediationPolicy
from workflows.contracts.mediation.vocabulary import MediationForm
from workflows.contracts.vocabulary import ClockName

_NEEDED = frozenset(
    {
        ClockName.PLAN,
        ClockName.PLAN_REVIEW,
        ClockName.CONSENT,
        ClockName.TAKE_UP,
        ClockName.MEDIATOR,
        ClockName.MEDIATION,
        ClockName.SESSION,
        ClockName.SIGNATURE,
        ClockName.CONFIRMATION,
        ClockName.COURT_DECISION,
        ClockName.FULFILMENT_CHECK,
        ClockName.REMEDY,
        ClockName.ARCHIVE_AFTER,
    }
)


class ChannelTable(Base):
    """A channel table as it was loaded."""

    __tablename__ = "channel_tables"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime]


class NoChannelTable(Exception):  # noqa: N818 - a state of affairs, not a mistake
    """No city that was loaded has brought one: nothing is mediated yet."""


class _WrittenRow(ChannelRow):
    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def _has_sources(self) -> "_WrittenRow":
        unknown = sorted(set(self.sources) - set(ChannelRow.model_fields))
        if unknown:
            raise ValueError(f"sources: {unknown[0]} is no column of the table")
        if self.limit is not None and "limit" not in self.sources:
            raise ValueError("sources: name the article or practice behind the limit")
        return self


class WrittenChannelTable(MediationPolicy):
    """`mediation.yaml` of a city pack: every form has a row, every step a limit."""

    model_config = ConfigDict(extra="forbid")

    channels: Mapping[MediationForm, _WrittenRow]

    @model_validator(mode="after")
    def _is_whole(self) -> "WrittenChannelTable":
        missing = [form.value for form in MediationForm if form not in self.channels]
        if missing:
            raise ValueError(f"channels: {missing[0]} has no row; switch a form off by switched_on: false")
        without = sorted(name.value for name in _NEEDED if name not in self.limits)
        if without:
            raise ValueError(f"limits: {without[0]} is missing")
        return self


def read_channel_table(path: Path) -> MediationPolicy:
    """Reads and checks the file.

    Raises:
        CityPackFault: what is wrong with it, by line.
    """
    written = read_yaml(path, path.name)
    try:
        WrittenChannelTable.model_validate(written.value)
    except ValidationError as error:
        raise CityPackFault(written.faults(error)) from None
    return MediationPolicy.model_validate(written.value)


async def install_channel_table(session: AsyncSession, table: MediationPolicy, now: datetime) -> int:
    """Installs it as a new version, unless it is what the newest one says; its version.

    Mediations that are open keep the one that they opened with.
    """
    newest = await session.scalar(select(ChannelTable).order_by(ChannelTable.version.desc()).limit(1))
    version = newest.version if newest is not None else 0
    if newest is not None and newest.data == table.model_copy(update={"version": version}).model_dump(mode="json"):
        return version
    version += 1
    data = table.model_copy(update={"version": version}).model_dump(mode="json")
    session.add(ChannelTable(version=version, data=data, applied_at=now))
    await session.flush()
    return version


async def newest_channel_table(session: AsyncSession) -> MediationPolicy:
    """The one for mediations that open now.

    Raises:
        NoChannelTable: if the city has none.
    """
    data = await session.scalar(select(ChannelTable.data).order_by(ChannelTable.version.desc()).limit(1))
    if data is None:
        raise NoChannelTable
    return MediationPolicy.model_validate(data)
