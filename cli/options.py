"""Options that several commands share."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", envvar="YINGSHAO_DATA_DIR", help="内嵌数据库与流程引擎的数据目录 · folder of the embedded data"
    ),
]
DEFAULT_DATA_DIR = Path(".yingshao")


def local_day(text: str) -> date:
    """A local date as it is typed, for an option's parser; what is none is told in one line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date like 2026-01-31") from None
