"""`yingshao worker` and `yingshao migrate`: parts of a real deployment, one process each."""

import asyncio

import typer
from pydantic import ValidationError

from cli.up import until_signalled
from infra.migrate import migrate as run_migrations
from infra.settings import Settings
from infra.telemetry import configure_logging, configure_tracing
from worker.main import run_worker


def settings() -> Settings:
    """The process's settings.

    Raises:
        typer.BadParameter: naming the environment variables that are missing or wrong, without their values.
    """
    try:
        return Settings()
    except ValidationError as error:
        faults = error.errors(include_input=False)
        wrong = sorted({f"YINGSHAO_{fault['loc'][0]}".upper() if fault["loc"] else fault["msg"] for fault in faults})
        raise typer.BadParameter(f"missing or wrong in the environment: {', '.join(wrong)}") from None


def worker() -> None:
    """工作进程：承办流程、记录与送达，直到被停止 · carry cases, record them and signal departments."""
    made = settings()
    configure_logging(made.log_level)
    tracing = configure_tracing("worker", made.otlp_endpoint)
    asyncio.run(until_signalled(run_worker(made)))
    tracing.shutdown()


def migrate() -> None:
    """升级数据库结构 · bring the database of YINGSHAO_DATABASE_URL up to date."""
    asyncio.run(run_migrations(settings().database_url.get_secret_value()))
    typer.echo("the database is up to date")
