"""`yingshao calendar`: the working calendar as published data."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from cli.batch_progress import follow
from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.calendar_files import CalendarFile, read_calendar_file
from infra.calendar_versions import publish as add_version
from infra.cities.faults import CityPackFault
from infra.database import database
from infra.tables import BatchRow, CalendarRow
from workflows.contracts.clocks import CalendarWindow
from workflows.rules.calendar import LOCAL

_BY = "yingshao calendar"
_LATEST_BATCHES = 20


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="工作日历 · the working calendar")
    group.callback()(lambda: None)
    app.add_typer(group, name="calendar")
    group.command()(publish)
    group.command()(status)


def publish(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, help="日历文件:一年的放假安排或例外 · a year or an exception", metavar="FILE"
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说明影响 · change nothing")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """发布年度安排或例外,在办诉求全部重算 · publish a year or an exception; open cases are worked out again."""
    try:
        # What is wrong in itself needs no installation to be told.
        written = read_calendar_file(file)
        return asyncio.run(_publish(written, data_dir, dry_run=dry_run))
    except CityPackFault as error:
        for fault in error.faults:
            typer.echo(f"{file.parent / fault.file}:{fault.line}: {fault.reason}", err=True)
        typer.echo("未作改动 nothing was changed", err=True)
        return 1


def status(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """现行版本、历次发布与重算进度 · the newest version, what was published, how far the batches are."""
    versions, batches = asyncio.run(_status(data_dir))
    newest = CalendarWindow.model_validate(versions[-1].data)
    typer.echo(f"版本 version {versions[-1].version}，已公布至 published through {newest.published_through}")
    for row in versions:
        layer = row.file or {"title": "城市数据包 the city's own calendar", "source": "city load"}
        typer.echo(f"{_local(row.published_at)}  {row.version}  {layer['title']}（{layer['source']}）")
    for batch in batches:
        others = batch.total - batch.reached - batch.left
        counts = f"{batch.reached}/{batch.total} reached, {batch.left} left, {others} refused or gone"
        end = f"完成 ended {_local(batch.ended_at)}" if batch.ended_at else "进行中 under way"
        typer.echo(f"{_local(batch.requested_at)}  batch to version {batch.change['version']}: {counts}; {end}")


async def _publish(written: CalendarFile, data_dir: Path, *, dry_run: bool) -> int:
    async with (
        reachable(data_dir, "calendar publish", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
    ):
        async with sessions() as session:
            new = await add_version(session, written, by=_BY, now=datetime.now(UTC))
            if new is None:
                typer.echo("无变化，现行日历已是如此 · nothing new: the calendar says so already")
                return 0
            says = f"版本 version {new.calendar.version}，已公布至 published through {new.calendar.published_through}"
            typer.echo(f"{says}；在办 {new.batch.total} 件 · {new.batch.total} open cases")
            if dry_run:
                typer.echo("未作改动 · dry run: nothing was changed")
                return 0
            await session.commit()
        return 1 if await follow(sessions, instance, new.batch) else 0


async def _status(data_dir: Path) -> tuple[Sequence[CalendarRow], Sequence[BatchRow]]:
    """Every version, oldest first, and the latest batches, newest first."""
    of_calendars = select(BatchRow).where(BatchRow.kind == "adopt_calendar")
    async with (
        reachable(data_dir, "calendar status", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions() as session,
    ):
        versions = (await session.scalars(select(CalendarRow).order_by(CalendarRow.version))).all()
        latest = of_calendars.order_by(BatchRow.requested_at.desc()).limit(_LATEST_BATCHES)
        return versions, (await session.scalars(latest)).all()


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%Y-%m-%d %H:%M}"
