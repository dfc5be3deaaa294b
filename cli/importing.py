"""`yingshao import`: intake in bulk."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.database import Sessions, database
from infra.intake import Intakes, InvalidReport, Report
from infra.report_csv import BadRow, UnreadableFile, read_reports
from workflows.contracts.actors import Actor
from workflows.contracts.vocabulary import Role

_ROWS_A_TRANSACTION = 50
_IMPORTER = Actor(id="import", role=Role.SYSTEM)
_BAD_ROWS_SHOWN = 50


def import_reports(
    file: Annotated[Path, typer.Argument(help="CSV: external_id,title,text,submitted_at,…（UTF-8 或 GB18030）")],
    source: Annotated[str, typer.Option(help="来源 · source of the reports, [a-z0-9_]")] = "import",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 · check only, write nothing")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """批量登记诉求：可重复执行，坏行列出，其余照常登记 · intake in bulk, safe to run again."""
    try:
        rows = read_reports(file, source)
    except UnreadableFile as error:
        raise typer.BadParameter(str(error)) from None
    bad = [row for row in rows if isinstance(row, BadRow)]
    reports = [row for row in rows if isinstance(row, Report)]
    if dry_run:
        typer.echo(f"{len(reports)} rows could be registered, {len(bad)} could not; nothing was written")
    else:
        bad += asyncio.run(_import(reports, data_dir))
    for row in bad[:_BAD_ROWS_SHOWN]:
        typer.echo(f"{file}:{row.line}: {row.reason}" if row.line else row.reason, err=True)
    if len(bad) > _BAD_ROWS_SHOWN:
        typer.echo(f"… and {len(bad) - _BAD_ROWS_SHOWN} more", err=True)
    return 1 if bad else 0


async def _import(reports: Sequence[Report], data_dir: Path) -> list[BadRow]:
    refused: list[BadRow] = []
    new = 0
    async with reachable(data_dir, "import", with_temporal=False) as instance:
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("登记 import", total=len(reports))
            async with database(instance.database_url, pool_size=1) as sessions:
                for start in range(0, len(reports), _ROWS_A_TRANSACTION):
                    batch = reports[start : start + _ROWS_A_TRANSACTION]
                    new += await _register(sessions, batch, refused)
                    progress.advance(bar, len(batch))
    known = len(reports) - new - len(refused)
    typer.echo(f"{new} registered, {known} known already, {len(refused)} refused")
    return refused


async def _register(sessions: Sessions, batch: Sequence[Report], refused: list[BadRow]) -> int:
    """Registers a batch in one transaction; how many of it are new. A refused report writes nothing."""
    intakes = Intakes(lambda: datetime.now(UTC))
    new = 0
    async with sessions.begin() as session:
        for report in batch:
            try:
                registered = await intakes.register(session, report, _IMPORTER)
            except InvalidReport as error:
                refused.append(BadRow(0, f"external_id {report.external_id}: {error.message} ({error.code})"))
            else:
                new += registered.pin is not None
    return new
