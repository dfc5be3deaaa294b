"""`yingshao routing`: what the city's own decisions teach about the next matter."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.database import database
from infra.routing.learning import Figures
from infra.routing.learnt import Target
from infra.routing.training import TooFewDecisionsError
from infra.routing.training import train as learn_from_decisions

_WORDS = {
    Target.TOP_CLASS: "一级分类 top class",
    Target.CLASS: "完整分类 class in full",
    Target.LEAD_UNIT: "主办单位 lead unit",
}


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="派单建议 · suggestions for dispatch")
    group.callback()(lambda: None)
    app.add_typer(group, name="routing")
    group.command()(train)


def train(
    data_dir: DataDir = DEFAULT_DATA_DIR,
    as_json: Annotated[bool, typer.Option("--json", help="末行为 JSON · JSON on the last line")] = False,
) -> int:
    """从本市已办诉求学习派单建议,并报告准确率 · learn suggestions from decided cases, and say how good they are."""
    try:
        figures = asyncio.run(_train(data_dir))
    except TooFewDecisionsError as error:
        typer.echo(f"未学习 nothing learnt: {error}", err=True)
        return 1
    for target, told in figures.items():
        typer.echo(f"{_WORDS[target]}: 学习 {told.decisions} 件，{told.classes} 类 · decisions, kinds")
        typer.echo(f"  留出检验准确率 right on held-out decisions {told.accuracy:.1%}")
        typer.echo(f"  最好的关键词规则 best keyword rule {told.keywords:.1%} ({told.keyword_rule})")
        typer.echo(f"  总猜最多的一类 most frequent one {told.most_frequent:.1%}")
    for target in Target:
        if target not in figures:
            typer.echo(f"{_WORDS[target]}: 已办诉求太少，未学习 · too few decisions of a kind, not learnt")
    if as_json:
        typer.echo(json.dumps({target.value: asdict(told) for target, told in figures.items()}))
    return 0


async def _train(data_dir: Path) -> Mapping[Target, Figures]:
    async with (
        reachable(data_dir, "routing train", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        return await learn_from_decisions(session, datetime.now(UTC))
