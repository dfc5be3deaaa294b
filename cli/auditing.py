"""`yingshao audit`: does everything add up?"""

import asyncio
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from temporalio.service import RPCError

from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.audit import AuditReport
from infra.audit import audit as reconcile
from infra.batches import request_missing_batch
from infra.case_starts import CaseStarts
from infra.database import database
from infra.temporal import connect
from worker.relay import Relay


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command()
    def audit(
        as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象 · one JSON object")] = False,
        data_dir: DataDir = DEFAULT_DATA_DIR,
    ) -> int:
        """核对登记、流程与记录是否一致，有问题时退出码为 1 · reconcile intake, workflows and records."""
        try:
            report = asyncio.run(_audit(data_dir))
        except (RPCError, RuntimeError):
            # The client has nothing better than a RuntimeError for an address where nobody answers.
            typer.echo(
                "Temporal does not answer; look into the logs of the data directory, or start it again", err=True
            )
            return 1
        typer.echo(report.model_dump_json() if as_json else _told(report))
        return 0 if report.is_clean else 1


async def _audit(data_dir: Path) -> AuditReport:
    async with reachable(data_dir, "audit", with_temporal=True) as instance:
        client = await connect(instance.temporal_address or "")
        async with database(instance.database_url, pool_size=4) as sessions:
            if instance.pid == os.getpid():
                # Started for this command alone, so no relay is at work: what waits for one would count as a fault.
                await Relay(sessions, CaseStarts(client, sessions)).catch_up()
                async with sessions.begin() as session:
                    await request_missing_batch(session, datetime.now(UTC))
            return await reconcile(sessions, client)


def _told(report: AuditReport) -> str:
    counts = f"intake {report.intake} = running {report.running} + ended {report.ended} + pending {report.pending}"
    faults = {
        "missing (no workflow)": report.missing,
        "unowned (no clock or owner)": report.unowned,
        "gaps (records incomplete)": report.gaps,
        "conflicts (recorded differently)": report.conflicts,
        "outdated (below the newest calendar)": report.outdated,
    }
    lines = [f"{name}: {', '.join(found)}" for name, found in faults.items() if found]
    return "\n".join([counts, *(lines or ["一切相符 · everything adds up"])])
