"""Options that several commands share."""

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
