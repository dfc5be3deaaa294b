"""What the commands of the embedded installation share: how it is put together, and how a short command gets at it."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer
from sqlalchemy import select

from cli.up import Installation
from infra.calendars import published_window
from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.reader import read_city
from infra.database import database
from infra.embedded.data_directory import RunningInstance
from infra.embedded.servers import EmbeddedServers, attach_or_start
from infra.migrate import migrate
from infra.tables import CityRow
from workflows.contracts.search_attributes import REGISTRY


async def prepare(database_url: str) -> None:
    """Migrations, and the city that comes along unless one is loaded."""
    await migrate(database_url)
    async with database(database_url, pool_size=1) as sessions, sessions.begin() as session:
        if await session.scalar(select(CityRow.code)) is None:
            loader = CityLoader(lambda: datetime.now(UTC), published_window)
            await loader.load(session, read_city(YUNJIANG))


@asynccontextmanager
async def reachable(data_dir: Path, command: str, *, with_temporal: bool) -> AsyncIterator[RunningInstance]:
    """The installation that runs on the directory, or one that is started for this command and stopped after it."""
    servers = EmbeddedServers(
        data_dir,
        command=f"yingshao {command}",
        report=lambda line: typer.echo(line, err=True),
        with_temporal=with_temporal,
        search_attributes=REGISTRY,
    )
    async with attach_or_start(servers, prepare) as instance:
        yield instance


def program(name: str) -> tuple[str, ...]:
    """The command line of one of our own commands."""
    # -P: a folder named `cli` where the command happens to be started must not take the place of ours.
    return (sys.executable, "-P", "-m", "cli.main", name)


INSTALLATION = Installation(prepare=prepare, search_attributes=REGISTRY, worker=program("worker"), api=program("api"))
