"""A calendar on its way to the open cases of a running installation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.batches import IS_OPEN
from infra.database import Sessions, database
from infra.tables import CalendarRow, Case, TimelineEvent
from tests.chaos.up import Up
from tests.driving import until
from workflows.rules.calendar import local_date

_AT_ONCE = 8


def two_weeks_off(folder: Path, *, weeks_ahead: int = 0) -> Path:
    """An exception that moves every case which is new now, whenever that is."""
    first = local_date(datetime.now(UTC)) + timedelta(days=1, weeks=weeks_ahead)
    file = folder / f"snow-{weeks_ahead}.yaml"
    written = f"title: 暴雪停工\nsource: 试验\ndays_off: [{first}/{first + timedelta(days=13)}]\n"
    file.write_text(written, encoding="utf-8")
    return file


class Publishing:
    """What the installation's records say of the newest calendar."""

    def __init__(self, up: Up, sessions: Sessions) -> None:
        self.up = up
        self.version = 0
        self._sessions = sessions

    async def open_cases(self, n: int) -> None:
        """Has `n` cases reported and waits until all of them are carried."""
        gate = asyncio.Semaphore(_AT_ONCE)
        async with self.up.client() as http:

            async def one() -> None:
                async with gate:
                    assert await self.up.report(http) is not None

            await asyncio.gather(*(one() for _ in range(n)))

        async def carried() -> bool:
            async with self._sessions() as session:
                return await _count(session, Case.calendar_version.is_not(None)) >= n

        await until(carried, f"{n} cases are open", patience=max(30.0, n / 10))

    async def begin(self, file: Path) -> asyncio.subprocess.Process:
        """`yingshao calendar publish`, which ends once every case is reached."""
        async with self._sessions() as session:
            self.version = (await session.scalar(select(func.max(CalendarRow.version))) or 0) + 1
        return await asyncio.create_subprocess_exec(*self.up.command("calendar", "publish", str(file)))

    async def has_reached(self, n: int) -> None:
        """Waits until so many cases have taken it on."""

        async def reached() -> bool:
            return len(await self.adoptions()) >= n

        await until(reached, f"{n} cases have taken the calendar on", patience=max(60.0, n / 10))

    async def is_everywhere(self) -> None:
        """Waits until no open case is below it."""

        async def none_below() -> bool:
            async with self._sessions() as session:
                below = Case.calendar_version.is_(None) | (Case.calendar_version < self.version)
                return not await _count(session, IS_OPEN, below)

        await until(none_below, "no open case is below the calendar")

    async def adoptions(self) -> dict[str, int]:
        """How often each case took it on; cases that were born with it are not among them."""
        event = TimelineEvent.record["event"]
        adopted = (
            select(TimelineEvent.case_no, func.count())
            .where(TimelineEvent.kind == "calendar_adopted")
            .where(event["calendar"]["version"].astext == str(self.version))
            .group_by(TimelineEvent.case_no)
        )
        async with self._sessions() as session:
            return dict((await session.execute(adopted)).all())


@asynccontextmanager
async def publishing(up: Up) -> AsyncIterator[Publishing]:
    """The installation, ready, and its records."""
    instance = await up.ready()
    async with database(instance.database_url, pool_size=2) as sessions:
        yield Publishing(up, sessions)


async def _count(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count()).select_from(Case).where(*conditions)) or 0
