"""`yingshao simulate`: what a policy would have done with past matters."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from cli import bad_rows
from cli.simulation.chart import chart_of
from cli.simulation.figures import simulate
from cli.simulation.policies import UnusablePolicy, find_policy
from cli.simulation.reading import Matter, moment, read_matters
from cli.simulation.table import print_tables
from infra.calendars import FIRST_YEAR, LAST_YEAR, published_window
from infra.csv_records import UnreadableFile
from workflows.contracts.clocks import CalendarWindow
from workflows.rules.calendar import local_date

_PAGE_WIDTH = 120
"""Columns, where there is no terminal that has a width."""
_YEARS_AFTER = 3
"""A limit that begins in the file's last year may end as much later."""


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command("simulate")
    def simulate_policy(
        file: Annotated[
            Path,
            typer.Argument(help="CSV: submitted_at,replied_at[,external_id,class,region_code]（UTF-8 或 GB18030）"),
        ],
        policy: Annotated[str, typer.Option(help="预设名或策略文件 · name of a preset, or a policy file")],
        against: Annotated[str | None, typer.Option(help="对比的策略 · another one beside it")] = None,
        until: Annotated[
            str | None, typer.Option(help="尚未答复的算到此时 · unanswered matters wait until then, ISO 8601")
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 对象 · one JSON object")] = False,
        chart: Annotated[Path | None, typer.Option(help="另存 HTML 图表 · also writes a chart, one HTML file")] = None,
    ) -> int:
        """试算:用同一套规则重放历史诉求,看会预警、超期、升级多少 · a dry run of a policy over past matters."""
        if chart is not None and chart.exists() and chart.suffix.lower() not in {".html", ".htm"}:
            raise typer.BadParameter(f"--chart: {chart} is there already and is no HTML file")
        try:
            policies = [find_policy(name) for name in (policy, against) if name is not None]
            matters, bad = read_matters(file, _until(until))
        except UnusablePolicy as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None
        except UnreadableFile as error:
            raise typer.BadParameter(str(error)) from None
        found = simulate(matters, len(bad), policies, _calendar(matters), _watched)
        if chart is not None:
            chart.write_text(chart_of(found, file.name), encoding="utf-8")
        if as_json:
            typer.echo(found.model_dump_json(by_alias=True))
        elif matters:
            print_tables(found, Console(highlight=False, width=None if sys.stdout.isatty() else _PAGE_WIDTH))
        bad_rows.tell(file, bad)
        if not matters:
            typer.echo(f"{file}: no row can be simulated", err=True)
        return 1 if bad or not matters else 0


def _until(text: str | None) -> datetime | None:
    try:
        return None if text is None else moment(text)
    except ValueError as error:
        raise typer.BadParameter(f"--until is {error}") from None


def _calendar(matters: Sequence[Matter]) -> CalendarWindow:
    """One window for all, since windows are compared as a whole wherever a limit is worked out."""
    first = min((local_date(matter.submitted_at).year for matter in matters), default=FIRST_YEAR)
    last = max((local_date(matter.ended_at).year for matter in matters), default=FIRST_YEAR)
    return published_window(first, min(last + _YEARS_AFTER, LAST_YEAR))


def _watched(matters: Sequence[Matter], policy: str) -> Iterable[Matter]:
    console = Console(stderr=True)
    return track(matters, f"试算 {policy}", console=console, transient=True, disable=not console.is_terminal)
