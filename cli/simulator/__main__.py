"""Plays the systems of units: `python -P -m cli.simulator --api URL --config FILE --port P`."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError

from cli.simulator.configuration import Configuration
from cli.simulator.receiver import create_receiver

_LAST_REQUESTS_SECONDS = 5


def main(
    api: Annotated[str, typer.Option(help="root of the public interface, http://host:port")],
    config: Annotated[Path, typer.Option(help="which systems to play (JSON)")],
    port: Annotated[int, typer.Option(min=1, max=65535, help="port to listen on, on this machine only")],
) -> None:
    """Receives task signals and referrals and answers through the public interface, until it is told to stop."""
    try:
        told = Configuration.model_validate_json(config.read_bytes())
    except (OSError, ValidationError) as error:
        raise typer.BadParameter(f"{config} is no configuration: {type(error).__name__}") from None
    uvicorn.run(
        create_receiver(told, api),
        host="127.0.0.1",
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_LAST_REQUESTS_SECONDS,
    )


if __name__ == "__main__":
    typer.run(main)
