"""`yingshao policy`: policies as versioned files."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from cli.batch_progress import follow
from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir
from cli.policy_summary import summary
from infra.batches import AdoptPolicyChange, Where, count_concerned, read_where, request_batch
from infra.cities.faults import CityPackFault
from infra.cities.load import YUNJIANG
from infra.cities.reader import read_words
from infra.database import database
from infra.directory_tables import CityRow
from infra.policies.installing import apply_policy, words_of_the_city
from infra.policies.reading import read_policy
from infra.tables import AuditEntry, PolicyRow
from workflows.rules.calendar import LOCAL

PolicyPath = Annotated[
    Path, typer.Argument(exists=True, dir_okay=False, help="策略文件 · the policy file", metavar="FILE")
]
_BY = "yingshao policy"
"""Whoever may run commands on the machine of the installation stands outside its accounts."""


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="时限策略 · policies as versioned files")
    group.callback()(lambda: None)
    app.add_typer(group, name="policy")
    for command in (check, apply, migrate):
        group.command()(command)
    group.command("list")(list_policies)


def check(
    file: PolicyPath,
    city: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="对照的城市数据包 · city pack it is for")
    ] = YUNJIANG,
) -> int:
    """校验策略文件，逐条指明文件、行与原因 · name every fault by file and line, or say what the policy gives."""
    try:
        words = read_words(city)
    except CityPackFault as error:
        _tell(city, error)
        return 1
    try:
        policy = read_policy(file, words)
    except CityPackFault as error:
        _tell(file.parent, error)
        return 1
    for line in summary(policy):
        typer.echo(line)
    return 0


def apply(file: PolicyPath, data_dir: DataDir = DEFAULT_DATA_DIR) -> int:
    """校验并启用为新版本；在办诉求沿用原版本 · install as a new version; running cases keep theirs."""
    try:
        # What is wrong in itself needs no installation to be told.
        read_policy(file)
        name, version, is_new = asyncio.run(_apply(file, data_dir))
    except CityPackFault as error:
        _tell(file.parent, error, err=True)
        typer.echo("未作改动 nothing was changed", err=True)
        return 1
    if is_new:
        typer.echo(f"已启用 applied: {name} 版本 version {version}；在办诉求沿用原版本 running cases keep theirs")
    else:
        typer.echo(f"无变化 nothing new: {name} 版本 version {version}")
    return 0


def list_policies(data_dir: DataDir = DEFAULT_DATA_DIR) -> None:
    """列出各策略的版本与启用时间 · every policy with its versions, and when each was applied."""
    for row in asyncio.run(_versions(data_dir)):
        typer.echo(f"{row.applied_at.astimezone(LOCAL):%Y-%m-%d %H:%M}  {row.name} {row.version}  {row.data['title']}")


def migrate(
    to: Annotated[int, typer.Option(min=1, help="目标版本 · the version to move to")],
    name: Annotated[
        str | None,
        typer.Argument(help="策略名,缺省为本市默认策略 · default: of --where, or the city's own"),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="条件 KEY=VALUE,可重复,缺省为该策略的全部在办诉求 · which open cases; default all of NAME"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只统计 · count only, change nothing")] = False,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """把选定的在办诉求转到另一版本；已起算的时限不变 · move open cases; clocks that run keep their limits."""
    try:
        chosen = read_where(where or ())
    except ValueError as error:
        raise typer.BadParameter(f"--where: {error}") from None
    return 1 if asyncio.run(_migrate(name or chosen.policy, to, chosen, data_dir, dry_run=dry_run)) else 0


def _tell(directory: Path, error: CityPackFault, *, err: bool = False) -> None:
    for fault in error.faults:
        typer.echo(f"{directory / fault.file}:{fault.line}: {fault.reason}", err=err)


async def _apply(file: Path, data_dir: Path) -> tuple[str, int, bool]:
    async with (
        reachable(data_dir, "policy apply", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        policy = read_policy(file, await words_of_the_city(session))
        return policy.name, *await apply_policy(session, policy, datetime.now(UTC), by=_BY)


async def _migrate(name: str | None, to: int, where: Where, data_dir: Path, *, dry_run: bool) -> int:
    """How many cases refused it."""
    async with (
        reachable(data_dir, "policy migrate", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
    ):
        async with sessions.begin() as session:
            name = name or await session.scalar(select(CityRow.data["default_policy"].astext)) or ""
            where = where if where.policy else where.model_copy(update={"policy": name})
            change = AdoptPolicyChange(policy=name, version=to, where=where)
            await _require_version(session, change)
            if dry_run:
                count = await count_concerned(session, change)
                typer.echo(f"将转移 {count} 件，未作改动 · {count} open cases would move; nothing was changed")
                return 0
            now = datetime.now(UTC)
            batch = await request_batch(session, change, by=_BY, now=now)
            detail = change.model_dump(mode="json", exclude_none=True) | {"batch_id": batch.batch_id}
            session.add(AuditEntry(at=now, actor=_BY, action="migrate_policy", outcome="done", detail=detail))
        return await follow(sessions, instance, batch)


async def _require_version(session: AsyncSession, change: AdoptPolicyChange) -> None:
    of_that_name = select(PolicyRow.version).where(PolicyRow.name == change.policy).order_by(PolicyRow.version)
    versions = (await session.scalars(of_that_name)).all()
    if not versions:
        raise typer.BadParameter(f"there is no policy {change.policy}; see yingshao policy list")
    if change.version not in versions:
        known = ", ".join(map(str, versions))
        raise typer.BadParameter(f"--to: {change.policy} has no version {change.version}; it has {known}")


async def _versions(data_dir: Path) -> list[PolicyRow]:
    async with (
        reachable(data_dir, "policy list", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions() as session,
    ):
        return list(await session.scalars(select(PolicyRow).order_by(PolicyRow.name, PolicyRow.version)))
