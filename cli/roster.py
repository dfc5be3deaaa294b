"""`yingshao roster`: who is on duty at the centre, by unit and day."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import select

from cli.installation import reachable
from cli.options import DEFAULT_DATA_DIR, DataDir, local_day
from infra.cities.csv_table import Table
from infra.cities.faults import Fault
from infra.cities.pack import Presence, RosterDay
from infra.cities.reader import read_roster
from infra.cities.rosters import roster_faults
from infra.database import database
from infra.directory_tables import Unit, User
from infra.rosters import UnitName, enter_roster, unit_names, units_entered
from workflows.rules.calendar import local_date

_PRESENCES: Mapping[Presence | None, str] = {
    Presence.STATIONED: "常驻 stationed",
    Presence.ROTATING: "轮驻 rotating",
    Presence.ON_CALL: "随叫随驻 on call",
    Presence.ONLINE: "网络连通 online",
    None: "未排班,总值班室 general duty office",
}


def register(app: typer.Typer) -> None:
    """Adds the group of commands to the application."""
    group = typer.Typer(no_args_is_help=True, help="中心值班表 · the centre's roster")
    group.callback()(lambda: None)
    app.add_typer(group, name="roster")
    group.command()(load)
    group.command()(show)


def load(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            metavar="FILE",
            help="值班表 CSV:unit_id,day,user_id,presence · one duty a row",
        ),
    ],
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> int:
    """校验并载入值班表,替换同单位同日的安排 · enter duties, in the place of those of the same unit and day."""
    roster = read_roster(file)
    # What is wrong in itself needs no installation to be told.
    faults: Sequence[Fault] = roster.faults or asyncio.run(_load(roster, data_dir))
    if faults:
        for fault in sorted(faults):
            typer.echo(f"{file.parent / fault.file}:{fault.line}: {fault.reason}", err=True)
        typer.echo("未作改动 nothing was changed", err=True)
        return 1
    duties = list(roster.rows)
    units = len({duty.unit_id for duty in duties})
    typer.echo(f"已载入 {len(duties)} 班，{units} 个单位 · {len(duties)} duties of {units} units")
    return 0


def show(
    unit: Annotated[str | None, typer.Option(help="单位编号,缺省为当日有排班的全部单位 · default all entered")] = None,
    day: Annotated[
        date | None,
        typer.Option("--date", parser=local_day, metavar="DATE", help="日期,缺省为今天 · default today"),
    ] = None,
    data_dir: DataDir = DEFAULT_DATA_DIR,
) -> None:
    """某日值班人员,未排班的由总值班室负责 · who is on duty; without an entry the general duty office."""
    on = day or local_date(datetime.now(UTC))
    units = asyncio.run(_on_duty(unit, on, data_dir))
    if not units:
        typer.echo(f"{on} 没有排班 · nobody is entered for {on}")
    for unit_id, name in units.items():
        duty = name.on_duty
        typer.echo(
            f"{on}  {_PRESENCES[duty.presence]}  {name.unit} {unit_id}  {duty.name} {duty.user_id or ''}".rstrip()
        )


async def _load(roster: Table[RosterDay], data_dir: Path) -> Sequence[Fault]:
    """What does not agree with the directory, in which case nothing is changed."""
    async with (
        reachable(data_dir, "roster load", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions.begin() as session,
    ):
        units = {unit.unit_id: unit for unit in await session.scalars(select(Unit))}
        staff = await session.execute(select(User.user_id, User.unit_id))
        faults = list(roster_faults(roster, units, dict(staff.tuples().all())))
        if not faults:
            await enter_roster(session, list(roster.rows))
        return faults


async def _on_duty(unit: str | None, day: date, data_dir: Path) -> dict[str, UnitName]:
    """By unit id, in the order of how they take part."""
    async with (
        reachable(data_dir, "roster show", with_temporal=False) as instance,
        database(instance.database_url, pool_size=1) as sessions,
        sessions() as session,
    ):
        if unit is not None and await session.get(Unit, unit) is None:
            raise typer.BadParameter(f"--unit: the city has no unit {unit}")
        return await unit_names(session, await units_entered(session, day) if unit is None else [unit], day)
