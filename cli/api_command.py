"""`yingshao api`: the HTTP interface alone, for a real deployment."""

import asyncio

import typer

from api.server import run_api
from cli.parts import settings
from cli.up import until_signalled
from infra.telemetry import configure_logging, configure_tracing


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command()
    def api() -> None:
        """只启动接口,设置取自环境变量 · the API alone; settings come from YINGSHAO_…"""
        made = settings()
        configure_logging(made.log_level)
        tracing = configure_tracing("api", made.otlp_endpoint)
        asyncio.run(until_signalled(run_api(made)))
        tracing.shutdown()
