"""Telling which rows of a file were not taken."""

from collections.abc import Sequence
from pathlib import Path

import typer

from infra.csv_records import BadRow

_SHOWN = 50


def tell(file: Path, bad: Sequence[BadRow]) -> None:
    """One line on stderr for each, as editors and people find it: file, line, reason."""
    for row in bad[:_SHOWN]:
        typer.echo(f"{file}:{row.line}: {row.reason}" if row.line else row.reason, err=True)
    if len(bad) > _SHOWN:
        typer.echo(f"… and {len(bad) - _SHOWN} more", err=True)
