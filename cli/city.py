"""`yingshao city`: city packs."""

import asyncio
import re
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
from infra.connectors import Connection, connect_units
from infra.database import database
from infra.directory_tables import Unit

_SECRET = re.compile(r"whsec_[A-Za-z0-9+/]{32,}={0,2}")
"""As Standard Webhooks writes it."""


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

    @group.command()
    def connect(
        unit: Annotated[str, typer.Argument(help="单位编号 · unit id")],
        endpoint: Annotated[
            str, typer.Option(help="单位系统的接收地址 · where the unit's system takes what it is sent")
        ],
        secret: Annotated[str, typer.Option(envvar="YINGSHAO_UNIT_SECRET", help="签名密钥 whsec_… · signs both ways")],
        data_dir: DataDir = DEFAULT_DATA_DIR,
    ) -> None:
        """登记单位系统的接口，任务信号与转交从此送达 · from now on the unit's own system gets signals and referrals."""
        if not endpoint.startswith(("https://", "http://")):
            raise typer.BadParameter("--endpoint: expected an http or https URL")
        if not _SECRET.fullmatch(secret):
            raise typer.BadParameter("--secret: expected whsec_ and 24 bytes or more in base64")
        if not asyncio.run(_connect(unit, Connection(endpoint, secret), data_dir)):
            raise typer.BadParameter(f"the city has no unit {unit}")
        typer.echo(f"{unit} is connected")


async def _connect(unit: str, connection: Connection, data_dir: Path) -> bool:
    async with (
        reachable(data_dir, "city connect", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        if await session.get(Unit, unit) is None:
            return False
        await connect_units(session, {unit: connection})
    return True


async def _load(pack: CityPack, data_dir: Path) -> None:
    async with (
        reachable(data_dir, "city load", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        await CityLoader(lambda: datetime.now(UTC), published_window).load(session, pack)
