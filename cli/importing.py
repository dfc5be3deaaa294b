"""`yingshao import`: intake in bulk."""

import asyncio
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cli import bad_rows
from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.csv_records import BadRow, UnreadableFile
from infra.database import database
from infra.intake import Intakes, InvalidReport, Report
from infra.report_csv import read_reports
from workflows.contracts.actors import Actor
from workflows.contracts.vocabulary import Role

_IMPORTER = Actor(id="import", role=Role.SYSTEM)


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command("import")
    def import_reports(
        file: Annotated[Path, typer.Argument(help="CSV: external_id,title,text,submitted_at,…（UTF-8 或 GB18030）")],
        source: Annotated[str, typer.Option(help="来源 · source of the reports, [a-z0-9_]")] = "import",
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查，不写入 · check only, write nothing")] = False,
        data_dir: DataDir = DEFAULT_DATA_DIR,
    ) -> int:
        """批量登记诉求：可重复执行，坏行列出，其余照常登记 · intake in bulk, safe to run again."""
        if not re.fullmatch(r"[a-z0-9_]{1,32}", source):
            raise typer.BadParameter("--source: expected 1 to 32 of a-z, 0-9 and _")
        try:
            rows = read_reports(file, source)
        except UnreadableFile as error:
            raise typer.BadParameter(str(error)) from None
        bad = [row for row in rows if isinstance(row, BadRow)]
        reports = [row for row in rows if isinstance(row, Report)]
        if dry_run:
            said = f"{len(reports)} rows are well-formed, {len(bad)} are not; nothing was written"
            typer.echo(f"{said} (regions, classes and known rows are looked up by the import itself)")
        else:
            new, refused = asyncio.run(_import(reports, data_dir))
            bad += refused
            known = len(reports) - new - len(refused)
            typer.echo(f"{new} registered, {known} known already, {len(bad)} refused")
        bad_rows.tell(file, bad)
        return 1 if bad else 0


async def _import(reports: Sequence[Report], data_dir: Path) -> tuple[int, list[BadRow]]:
    """Registers the reports: how many are new, and those that were refused, which wrote nothing."""
    intakes = Intakes(lambda: datetime.now(UTC))
    refused: list[BadRow] = []
    new = 0
    console = Console(stderr=True)
    async with (
        reachable(data_dir, "import", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
    ):
        shown = track(reports, "登记 import", console=console, transient=True, disable=not console.is_terminal)
        for report in shown:
            try:
                # A transaction each: the counter of case numbers stays locked until its end, and others report too.
                async with sessions.begin() as session:
                    registered = await intakes.register(session, report, _IMPORTER)
            except InvalidReport as error:
                refused.append(BadRow(0, f"external_id {report.external_id}: {error.message} ({error.code})"))
            else:
                new += registered.pin is not None
    return new, refused
