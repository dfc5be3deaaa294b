"""`yingshao up`: the whole installation, embedded, until it is told to stop."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from cli.installation import INSTALLATION, Installation, running
from cli.options import DEFAULT_DATA_DIR, DataDir
from cli.stopping import until_signalled


def register(app: typer.Typer, installation: Installation = INSTALLATION) -> None:
    """Adds the command to the application."""

    @app.command()
    def up(
        data_dir: DataDir = DEFAULT_DATA_DIR,
        port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, envvar="YINGSHAO_PORT", help="接口端口,默认 8080 · port of the API"),
        ] = None,
    ) -> None:
        """启动整套系统:数据库、流程引擎、工作进程与接口,直到 Ctrl-C · run everything until told to stop."""
        asyncio.run(until_signalled(_serve(data_dir, installation, port)))


async def _serve(data_dir: Path, installation: Installation, port: int | None) -> None:
    async with running(installation.servers(data_dir, "up"), installation, port) as instance:
        typer.echo(f"ready {instance.api_url}")
        where = "" if data_dir == DEFAULT_DATA_DIR else f" --data-dir {data_dir}"
        typer.echo(f"登录 sign in: {instance.api_url}/login", err=True)
        typer.echo(f"令牌 token:   yingshao token --role dispatcher{where}", err=True)
        await asyncio.Event().wait()
