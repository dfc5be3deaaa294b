"""`yingshao unit`: units that change."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.batch_progress import follow
from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir, local_day
from infra.database import database
from infra.succession import CannotSucceed
from infra.succession import succeed as take_over
from workflows.rules.calendar import local_date

_BY = "yingshao unit"


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="单位变动 · units that change")
    group.callback()(lambda: None)
    app.add_typer(group, name="unit")
    group.command()(succeed)


def succeed(
    old: Annotated[str, typer.Argument(help="被撤并或更名的单位 · id of the unit that ends", metavar="OLD")],
    new: Annotated[str, typer.Argument(help="承接单位 · id of the unit that takes over", metavar="NEW")],
    on: Annotated[
        date | None,
        typer.Option(
            parser=local_day, metavar="DATE", help="承接之日,缺省为今天 · the first day of NEW; default today"
        ),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """撤并更名:人员、辖区、在办任务转给承接单位,时限不变 · staff, regions, open tasks pass on; clocks run on."""
    try:
        return 1 if asyncio.run(_succeed(old, new, on, data_dir)) else 0
    except CannotSucceed as error:
        raise typer.BadParameter(str(error)) from None


async def _succeed(old: str, new: str, on: date | None, data_dir: Path) -> int:
    """How many cases refused it."""
    async with (
        reachable(data_dir, "unit succeed", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
    ):
        now = datetime.now(UTC)
        day = on or local_date(now)
        async with sessions.begin() as session:
            batch = await take_over(session, old, new, on=day, by=_BY, now=now)
        typer.echo(f"{old} 自 {day} 起由 {new} 承接 · {new} takes over from {old} on {day}")
        if batch is None:
            typer.echo("届时由运行中的 yingshao up 自动移交 · a running up passes everything on when the day has come")
            return 0
        typer.echo(f"涉及在办 {batch.total} 件 · {batch.total} open cases")
        return await follow(sessions, instance, batch)
