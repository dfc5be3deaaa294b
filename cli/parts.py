"""`yingshao api`, `worker` and `migrate`: parts of a real deployment, one process each."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import typer
from pydantic import ValidationError

from api.server import run_api
from cli.stopping import until_signalled
from infra.migrate import is_up_to_date
from infra.migrate import migrate as run_migrations
from infra.settings import Settings
from infra.telemetry import configure_logging, configure_tracing
from worker.main import run_worker


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""

    @app.command()
    def api() -> None:
        """只启动接口,设置取自环境变量 · the API alone; settings come from YINGSHAO_…"""
        _carry_on("api", run_api)

    @app.command()
    def worker() -> None:
        """工作进程：承办流程、记录与送达，直到被停止 · carry cases, record them and signal departments."""
        _carry_on("worker", run_worker)

    @app.command()
    def migrate() -> None:
        """升级数据库结构 · bring the database of YINGSHAO_DATABASE_URL up to date."""
        asyncio.run(run_migrations(_settings().database_url.get_secret_value()))
        typer.echo("the database is up to date")


def _carry_on(name: str, work: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    settings = _settings()
    configure_logging(settings.log_level)
    tracing = configure_tracing(name, settings.otlp_endpoint)
    asyncio.run(until_signalled(_on_its_database(settings, work)))
    tracing.shutdown()


async def _on_its_database(settings: Settings, work: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    if not await is_up_to_date(settings.database_url.get_secret_value()):
        raise typer.TyperException("the database is not up to date; run: yingshao migrate")
    await work(settings)


def _settings() -> Settings:
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
