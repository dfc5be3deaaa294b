"""`yingshao city`: city packs."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.calendars import published_window
from infra.cities.faults import CityPackFault
from infra.cities.load import CityLoader
from infra.cities.pack import CityPack
from infra.cities.reader import read_city
from infra.database import database


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="城市数据包 · city packs")
    group.callback()(lambda: None)
    app.add_typer(group, name="city")

    @group.command()
    def load(
        directory: Annotated[Path, typer.Argument(help="数据包目录 · folder of the pack")],
        data_dir: DataDir = DEFAULT_DATA_DIR,
    ) -> int:
        """校验并载入城市数据包；有错则指明文件与行，不作改动 · check and load a city pack, all of it or nothing."""
        try:
            pack = read_city(directory)
        except CityPackFault as error:
            for fault in error.faults:
                typer.echo(f"{directory / fault.file}:{fault.line}: {fault.reason}", err=True)
            typer.echo(f"{len(error.faults)} faults; nothing was changed", err=True)
            return 1
        asyncio.run(_load(pack, data_dir))
        counts = (len(pack.regions), len(pack.units), len(pack.users), len(pack.routes), len(pack.policies))
        said = "{} regions, {} units, {} users, {} routes, {} policies".format(*counts)
        typer.echo(f"{pack.city.name}: {said}")
        return 0


async def _load(pack: CityPack, data_dir: Path) -> None:
    async with (
        reachable(data_dir, "city load", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        await CityLoader(lambda: datetime.now(UTC), published_window).load(session, pack)
