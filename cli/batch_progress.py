"""Watching a change on its way to many open cases."""

import asyncio
import os

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from infra.batches import REACHED
from infra.database import Sessions, database_is_away
from infra.embedded.data_directory import RunningInstance
from infra.tables import BatchCase, BatchRow

_LOOK_EVERY = 0.5
_SHOWN = 50


async def follow(sessions: Sessions, instance: RunningInstance, batch: BatchRow) -> int:
    """Shows how far the batch is until it has ended, then which cases refused it; returns how many did.

    An installation that was started for the command alone has no worker: then it says when the batch will go on.
    """
    if instance.pid == os.getpid() and batch.ended_at is None:
        typer.echo(f"{batch.total} 件待处理，运行 yingshao up 后自动进行 · {batch.total} cases wait for the next up")
        return 0
    try:
        ended = await _until_ended(sessions, batch)
    except asyncio.CancelledError:
        typer.echo("处理继续进行，不随本命令停止 · the rest is done without this command", err=True)
        raise
    except (SQLAlchemyError, OSError) as error:
        if not database_is_away(error):
            raise
        typer.echo(
            "数据库已断开，其余由 yingshao up 接着进行 · lost the database; the rest is done while up runs", err=True
        )
        return 0
    of_it = select(BatchCase).where(BatchCase.batch_id == batch.batch_id, BatchCase.outcome != REACHED)
    async with sessions() as session:
        refused = (await session.scalars(of_it.order_by(BatchCase.case_no))).all()
    for one in refused[:_SHOWN]:
        typer.echo(f"{one.case_no}: {one.outcome}", err=True)
    if len(refused) > _SHOWN:
        typer.echo(f"… and {len(refused) - _SHOWN} more", err=True)
    gone = ended.total - ended.reached - len(refused)
    moved_on = (f"，已无需更新 {gone} 件", f", {gone} gone") if gone else ("", "")
    counts = f"完成 {ended.reached} 件，被拒 {len(refused)} 件{moved_on[0]}"
    typer.echo(f"{counts} · {ended.reached} done, {len(refused)} refused{moved_on[1]}")
    return len(refused)


async def _until_ended(sessions: Sessions, batch: BatchRow) -> BatchRow:
    """The batch as it was at its end."""
    console = Console(stderr=True)
    columns = (TextColumn("处理 cases"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=batch.total)
        while True:
            async with sessions() as session:
                now = await session.get_one(BatchRow, batch.batch_id)
            progress.update(bar, completed=now.total - now.left)
            if now.ended_at is not None:
                return now
            await asyncio.sleep(_LOOK_EVERY)
